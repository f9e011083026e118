// `activity list` and `activity count`, of standalone activities.

import type { Context } from '../../context.ts';
import { type Counted, showCount } from '../../output/count.ts';
import { listed } from '../../output/listing.ts';
import { enumText } from '../../output/texts.ts';

interface Listed {
  readonly activityId?: string;
  readonly activityType?: { readonly name?: string };
  readonly status?: string;
  readonly scheduleTime?: string;
}

export async function list(context: Context): Promise<undefined> {
  const { given, out } = context;
  const client = await context.client();
  const pages = client.pages('ListActivityExecutions', {
    namespace: client.namespace,
    query: given.last('query'),
    pageSize: given.number('page-size'),
  });
  await listed<Listed>(context, pages, 'executions', [
    { name: 'Status', of: ({ value }) => out.status(enumText('ACTIVITY_EXECUTION_STATUS', value.status)) },
    { name: 'ActivityId', of: ({ value }) => value.activityId },
    { name: 'Type', of: ({ value }) => value.activityType?.name },
    { name: 'StartTime', of: ({ value }) => out.time(value.scheduleTime) },
  ]);
}

export async function count(context: Context): Promise<undefined> {
  const { given, out } = context;
  const client = await context.client();
  const reply = await client.call<Counted>('CountActivityExecutions', {
    namespace: client.namespace,
    query: given.last('query'),
  });
  await showCount(out, reply);
}
