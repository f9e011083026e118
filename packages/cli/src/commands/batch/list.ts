// `batch list`.

import type { Context } from '../../context.ts';
import { listed } from '../../output/listing.ts';
import { enumText } from '../../output/texts.ts';

interface Listed {
  readonly jobId?: string;
  readonly state?: string;
  readonly operationType?: string;
  readonly startTime?: string;
  readonly closeTime?: string;
}

export async function list(context: Context): Promise<undefined> {
  const { given, out } = context;
  const client = await context.client();
  const pages = client.pages('ListBatchOperations', {
    namespace: client.namespace,
    pageSize: given.number('page-size'),
  });
  await listed<Listed>(context, pages, 'operationInfo', [
    { name: 'JobId', of: ({ value }) => value.jobId },
    { name: 'State', of: ({ value }) => out.status(enumText('BATCH_OPERATION_STATE', value.state)) },
    { name: 'Type', of: ({ value }) => enumText('BATCH_OPERATION_TYPE', value.operationType) },
    { name: 'StartTime', of: ({ value }) => out.time(value.startTime) },
    { name: 'CloseTime', of: ({ value }) => out.time(value.closeTime) },
  ]);
}
