// How a chain of runs ends: waiting for it, and telling of it. `workflow execute` and `workflow result` use it.

import { attributesOf, type HistoryEvent } from '@perdure/ui-core';
import type { Client } from '../../client/client.ts';
import type { Message } from '../../client/message.ts';
import type { Context } from '../../context.ts';
import { CommandError, exitCode } from '../../exit.ts';
import type { Printable } from '../../output/json.ts';
import { closingCard, resultOf } from './closing.ts';
import type { Execution } from './execution.ts';
import { executionOf } from './execution.ts';
import { historyOf } from './history.ts';

export interface Outcome {
  /** `COMPLETED`, `FAILED`, `TIMED_OUT` ... */
  readonly status: string;
  readonly event: Message<HistoryEvent>;
}

/** Waits for the end of the run, and of those that follow it. */
export async function waitForOutcome(client: Client, execution: Execution): Promise<Outcome> {
  let { runId } = execution;
  for (;;) {
    const history = await historyOf(client, { ...execution, runId }, { waits: true, onlyClosing: true });
    const event = history.items<HistoryEvent>('events').at(-1);
    if (event === undefined) throw new CommandError('the server has not told how the run ended', exitCode.FAILED);
    const next = attributesOf(event.value).newExecutionRunId;
    if (next === undefined || next === '') return { status: statusOf(event.value), event };
    runId = next;
  }
}

function statusOf({ eventType = '' }: HistoryEvent): string {
  return eventType.replace('EVENT_TYPE_WORKFLOW_EXECUTION_', '');
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
  const outcome = await waitForOutcome(await context.client(), executionOf(context));
  await out.object(outcomeJson(outcome, out.payloadShorthand), () => closingCard(out, outcome.event.value, undefined));
  if (outcome.status === 'COMPLETED') return exitCode.OK;
  throw new CommandError(`the workflow ended as ${outcome.status}`, exitCode.WORKFLOW_FAILED, {
    status: outcome.status,
    failure: attributesOf(outcome.event.value).failure,
  });
}
