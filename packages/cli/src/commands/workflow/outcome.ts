// How a chain of runs ends: waiting for it, and telling of it. `workflow execute` and `workflow result` use it.

import { attributesOf, eventTypeOf, type HistoryEvent } from '@perdure/ui-core';
import type { Client } from '../../client/client.ts';
import type { Message } from '../../client/message.ts';
import type { Context } from '../../context.ts';
import { CommandError, exitCode } from '../../exit.ts';
import type { Printable } from '../../output/json.ts';
import { closingCard, resultOf } from './closing.ts';
import type { Execution } from './execution.ts';
import { describeExecution, executionOf } from './execution.ts';
import { historyOf } from './history.ts';

export interface Outcome {
  /** `COMPLETED`, `FAILED`, `TIMEOUT` ... */
  readonly status: string;
  readonly event: Message<HistoryEvent>;
  /** The last of the chain. */
  readonly runId: string;
}

/** Waits for the end of the run, and of those that go on with its work. */
export async function waitForOutcome(client: Client, { workflowId, ...named }: Execution): Promise<Outcome> {
  let runId = named.runId ?? (await newestRun(client, workflowId));
  for (;;) {
    const history = await historyOf(client, { workflowId, runId }, { waits: true, onlyClosing: true });
    const event = history.items<HistoryEvent>('events').at(-1);
    if (event === undefined) throw new CommandError('the server has not told how the run ended', exitCode.FAILED);
    const next = successorOf(event.value);
    if (next === undefined) return { status: statusOf(event.value), event, runId };
    runId = next;
  }
}

/** Waiting must not move over to a run that someone starts meanwhile. */
async function newestRun(client: Client, workflowId: string): Promise<string> {
  const { value } = await describeExecution(client, { workflowId });
  return value.workflowExecutionInfo?.execution?.runId ?? '';
}

/**
 * The run that goes on with the work of one that ended like this: because it continued as new, or as its next attempt.
 * The next run of a cron schedule does not: it begins anew, and there is always another one.
 */
export function successorOf(event: HistoryEvent): string | undefined {
  const { newExecutionRunId, retryState } = attributesOf(event);
  const continues = eventTypeOf(event.eventType) === 'WORKFLOW_EXECUTION_CONTINUED_AS_NEW';
  if (!continues && retryState !== 'RETRY_STATE_IN_PROGRESS') return undefined;
  return newExecutionRunId === '' ? undefined : newExecutionRunId;
}

/** What scripts compare. */
function statusOf({ eventType }: HistoryEvent): string {
  const status = (eventTypeOf(eventType) ?? '').replace('WORKFLOW_EXECUTION_', '');
  return status === 'TIMED_OUT' ? 'TIMEOUT' : status;
}

/** For programs. */
export function outcomeJson(
  { status, event }: Outcome,
  payloadShorthand: boolean,
): Readonly<Record<string, Printable>> {
  return { status, closeEvent: event, result: resultOf(event, payloadShorthand) };
}

/** @returns the exit code */
export function exitCodeOf({ status }: Outcome): number {
  return status === 'COMPLETED' ? exitCode.OK : exitCode.WORKFLOW_FAILED;
}

/** `workflow result`. */
export async function result(context: Context): Promise<number> {
  const { out } = context;
  const execution = executionOf(context);
  const client = await context.client();
  const outcome = await waitForOutcome(client, execution);
  const run = {
    workflowId: execution.workflowId,
    runId: execution.runId ?? outcome.runId,
    namespace: client.namespace,
  };
  await out.object({ ...run, ...outcomeJson(outcome, out.payloadShorthand) }, () =>
    closingCard(out, outcome.event.value, undefined),
  );
  if (outcome.status === 'COMPLETED') return exitCode.OK;
  throw new CommandError(`the workflow ended as ${outcome.status}`, exitCode.WORKFLOW_FAILED, {
    status: outcome.status,
    failure: attributesOf(outcome.event.value).failure,
  });
}
