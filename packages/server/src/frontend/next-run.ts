// A run that completed, failed or timed out may have a next one (a retry, a cron schedule). Clients that do not say that
// they follow it wait for the wrong result; to them the end of the run looks like a continue-as-new, which all follow.

import { EventType } from '@perdure/api/enums';
import { History, HistoryEvent } from '@perdure/api/history';
import { runTimeoutFailure } from '@perdure/core';
import type { RpcMetadata } from '../transport/rpc.ts';

const FEATURE = 'follows-next-run-id';

export function followsNextRun(metadata: RpcMetadata): boolean {
  return (metadata.get('supported-features') ?? '').split(',').includes(FEATURE);
}

/** @param history the encoded closing event of a run that has a next one */
export function asContinuedAsNew(history: Uint8Array): Uint8Array {
  const [bytes] = History.decode(history).events;
  if (bytes === undefined) return history;
  const { eventId, eventTime, version, taskId, ...event } = HistoryEvent.decode(bytes);
  const completed = event.workflowExecutionCompletedEventAttributes;
  const failed = event.workflowExecutionFailedEventAttributes;
  const timedOut = event.workflowExecutionTimedOutEventAttributes;
  const ended = completed ?? failed ?? timedOut;
  if (ended === undefined) return history;
  const workflowExecutionContinuedAsNewEventAttributes = {
    newExecutionRunId: ended.newExecutionRunId,
    lastCompletionResult: completed?.result,
    failure: failed?.failure ?? (timedOut === undefined ? undefined : runTimeoutFailure()),
  };
  const shown = HistoryEvent.encode({
    ...{ eventId, eventTime, version, taskId },
    eventType: EventType.WORKFLOW_EXECUTION_CONTINUED_AS_NEW,
    workflowExecutionContinuedAsNewEventAttributes,
  });
  return History.encode({ events: [shown] });
}
