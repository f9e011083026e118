// How a run ended: the card at the end of `describe`, `show` and `watch`.

import {
  attributesOf,
  durationWords,
  eventTypeOf,
  type HistoryEvent,
  type Payload,
  parseTimestamp,
  payloadsOf,
} from '@perdure/ui-core';
import type { Message } from '../../client/message.ts';
import { JsonNodeValue } from '../../output/json.ts';
import type { Output } from '../../output/output.ts';
import { enumText, payloadText } from '../../output/texts.ts';
import { failureText, stackTraceOf } from './failure-text.ts';

const CLOSED_WORDS: Readonly<Record<string, string>> = {
  WORKFLOW_EXECUTION_COMPLETED: 'Completed',
  WORKFLOW_EXECUTION_FAILED: 'Failed',
  WORKFLOW_EXECUTION_TIMED_OUT: 'TimedOut',
  WORKFLOW_EXECUTION_CANCELED: 'Canceled',
  WORKFLOW_EXECUTION_TERMINATED: 'Terminated',
  WORKFLOW_EXECUTION_CONTINUED_AS_NEW: 'ContinuedAsNew',
};

/** `Completed`, `TimedOut` ...; undefined: the event closes nothing. */
export function closedStatus(event: HistoryEvent | undefined): string | undefined {
  const type = eventTypeOf(event?.eventType);
  return type === undefined ? undefined : CLOSED_WORDS[type];
}

/** Whether it ended as its code meant it to. */
export function endedWell(event: HistoryEvent | undefined): boolean {
  const status = closedStatus(event);
  return status === 'Completed' || status === 'ContinuedAsNew';
}

/** @param startTime of the run */
export async function closingCard(out: Output, event: HistoryEvent, startTime: string | undefined): Promise<void> {
  const attributes = attributesOf(event);
  await out.card('Results', [
    ['RunTime', runTime(startTime, event.eventTime)],
    ['Status', out.status(closedStatus(event) ?? '')],
    ['Result', payloadsText(payloadsOf(attributes.result))],
    ['Failure', failureText(attributes.failure)],
    ['StackTrace', stackTraceOf(attributes.failure)],
    ['Details', payloadsText(payloadsOf(attributes.details))],
    ['Reason', attributes.reason],
    ['By', attributes.identity],
    ['RetryState', retryStateText(attributes.retryState)],
    ['NewRunId', attributes.newExecutionRunId],
  ]);
}

/** That nobody asked for retries explains nothing. */
function retryStateText(retryState: string | undefined): string {
  return retryState === 'RETRY_STATE_RETRY_POLICY_NOT_SET' ? '' : enumText('RETRY_STATE', retryState);
}

export function payloadsText(payloads: readonly Payload[]): string {
  return payloads.map((payload) => payloadText(payload)).join('\n');
}

/** What a completed run returned, for programs: the value, or all of them if it is not one. */
export function resultOf(event: Message<HistoryEvent>, payloadShorthand: boolean): JsonNodeValue | null | undefined {
  if (eventTypeOf(event.value.eventType) !== 'WORKFLOW_EXECUTION_COMPLETED') return undefined;
  const result = event.item('workflowExecutionCompletedEventAttributes')?.item('result');
  if (result === undefined) return null;
  const [first, ...others] = result.items('payloads');
  const shown = first !== undefined && others.length === 0 ? first : result;
  return new JsonNodeValue(shown.node(payloadShorthand));
}

function runTime(startTime: string | undefined, closeTime: string | undefined): string {
  const startMs = parseTimestamp(startTime);
  const closeMs = parseTimestamp(closeTime);
  return startMs === undefined || closeMs === undefined ? '' : durationWords(closeMs - startMs);
}
