// A workflow's history: following it while it grows, and printing it.

import type { Client } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';
import proto from '@temporalio/proto';

export type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

const { EventType } = proto.temporal.api.enums.v1;
const TYPE_PREFIX = 'EVENT_TYPE_';

/** All events from the first on; waits for those to come until the workflow is closed. Survives a server restart. */
export async function* follow(client: Client, workflowId: string): AsyncGenerator<HistoryEvent> {
  let nextPageToken: Uint8Array = new Uint8Array();
  do {
    const page = await client.workflowService.getWorkflowExecutionHistory({
      namespace: client.options.namespace,
      execution: { workflowId },
      waitNewEvent: true,
      nextPageToken,
    });
    yield* page.history?.events ?? [];
    nextPageToken = page.nextPageToken;
  } while (nextPageToken.length > 0);
}

export async function wholeHistory(client: Client, workflowId: string): Promise<HistoryEvent[]> {
  const events: HistoryEvent[] = [];
  for await (const event of follow(client, workflowId)) events.push(event);
  return events;
}

export async function eventOfType(
  client: Client,
  workflowId: string,
  type: temporal.api.enums.v1.EventType,
): Promise<HistoryEvent> {
  for await (const event of follow(client, workflowId)) {
    if (event.eventType === type) return event;
  }
  throw new Error(`${workflowId} closed without ${EventType[type]}`);
}

export function timeMs(event: HistoryEvent): number {
  return Number(event.eventTime?.seconds ?? 0) * 1000 + (event.eventTime?.nanos ?? 0) / 1e6;
}

/** One line per event: id, time since the start, type, and what makes it interesting. */
export function historyLines(events: readonly HistoryEvent[]): string[] {
  const startMs = events[0] ? timeMs(events[0]) : 0;
  return events.map((event) => {
    const id = String(event.eventId).padStart(4);
    const seconds = `${((timeMs(event) - startMs) / 1000).toFixed(3)}s`.padStart(9);
    const type = (EventType[event.eventType ?? 0] ?? 'UNKNOWN')
      .replace(TYPE_PREFIX, '')
      .toLowerCase()
      .replaceAll('_', ' ');
    return `${id} ${seconds}  ${type.padEnd(30)} ${detail(event)}`.trimEnd();
  });
}

function detail(event: HistoryEvent): string {
  const scheduled = event.activityTaskScheduledEventAttributes;
  if (scheduled) return scheduled.activityType?.name ?? '';

  const started = event.activityTaskStartedEventAttributes;
  if (started) return [`attempt ${started.attempt}`, started.lastFailure?.message].filter(Boolean).join(', before: ');

  const signal = event.workflowExecutionSignaledEventAttributes;
  if (signal) return `${signal.signalName} ${text(signal.input)}`;

  const timer = event.timerStartedEventAttributes;
  if (timer) return `${Number(timer.startToFireTimeout?.seconds ?? 0)} s`;

  const failed = event.workflowTaskFailedEventAttributes ?? event.activityTaskFailedEventAttributes;
  if (failed) return failed.failure?.message ?? '';

  return text(
    event.workflowExecutionStartedEventAttributes?.input ??
      event.activityTaskCompletedEventAttributes?.result ??
      event.workflowExecutionCompletedEventAttributes?.result,
  );
}

function text(payloads: temporal.api.common.v1.IPayloads | null | undefined): string {
  return (payloads?.payloads ?? []).map((payload) => Buffer.from(payload.data ?? []).toString()).join(' ');
}
