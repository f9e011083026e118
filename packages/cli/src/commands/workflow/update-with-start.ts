// `workflow start-update-with-start` and `execute-update-with-start`.

import { type Code, code, StatusError, unpackAny } from '@perdure/api';
import { MultiOperationExecutionFailure } from '@perdure/api/errordetails';
import { payloadsOf } from '@perdure/ui-core';
import type { Client } from '../../client/client.ts';
import type { Context } from '../../context.ts';
import { payloadsText } from './closing.ts';
import { startRequest } from './start.ts';
import { hasReached, resultOf, type Stage, sent, throwIfFailed, type UpdateReply, updateRequest } from './update.ts';

interface BothReplies {
  readonly responses?: readonly { readonly updateWorkflow?: UpdateReply }[];
}

/** The start and the update in one request, of which both happen or none. */
export async function withStart(context: Context, stage: 'ACCEPTED' | 'COMPLETED'): Promise<undefined> {
  const { given } = context;
  const client = await context.client();
  const name = given.text('update-name');
  const startWorkflow = await startRequest(context, client);
  const updateWorkflow = await updateRequest(context, client, stage, name, 'update-');
  const operations = [{ startWorkflow }, { updateWorkflow }];
  const request = { namespace: client.namespace, operations };
  const { value } = await client.poll<BothReplies>('ExecuteMultiOperation', request).catch((error: unknown) => {
    throw failedOperation(error) ?? error;
  });
  const first = value.responses?.[1]?.updateWorkflow ?? {};
  const reply = hasReached(first, stage) ? first : await sent(client, updateWorkflow, stage);
  await showWithStart(context, client, reply, stage);
  return undefined;
}

/** Of an update that nobody waited for there is no result, even if it has come. */
async function showWithStart({ given, out }: Context, client: Client, reply: UpdateReply, stage: Stage) {
  const { updateRef, outcome } = reply;
  const shown = {
    workflowId: given.text('workflow-id'),
    runId: updateRef?.workflowExecution?.runId,
    ...{ type: given.text('type'), namespace: client.namespace },
    updateName: given.text('update-name'),
    updateId: updateRef?.updateId,
  };
  throwIfFailed(outcome, shown);
  const updateResult = stage === 'COMPLETED' ? (resultOf(outcome, out.payloadShorthand) ?? null) : undefined;
  await out.object({ ...shown, updateResult }, () =>
    out.card('Running execution', [
      ['WorkflowId', shown.workflowId],
      ['RunId', shown.runId],
      ['Type', shown.type],
      ['Namespace', shown.namespace],
      ['UpdateName', shown.updateName],
      ['UpdateId', shown.updateId],
      ['UpdateResult', stage === 'COMPLETED' ? payloadsText(payloadsOf(outcome?.success)) : ''],
    ]),
  );
}

/** The one of the two that is to blame, and why; that the other one was aborted for it explains nothing. */
function failedOperation(error: unknown): StatusError | undefined {
  if (!(error instanceof StatusError)) return undefined;
  const statuses = error.details.flatMap((detail) => unpackAny(MultiOperationExecutionFailure, detail)?.statuses ?? []);
  const failed = statuses.find((status) => status.code !== code.OK && status.code !== code.ABORTED);
  return failed && new StatusError(failed.code as Code, failed.message, failed.details);
}
