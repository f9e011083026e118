// Where a run is reset to, when a request does not name an event: its first or last workflow task, or the first one that a
// build of the workflow's code completed.

import { invalidArgument } from '@perdure/api';
import { EventType } from '@perdure/api/enums';
import { HistoryEvent } from '@perdure/api/history';
import { splitEvents } from '@perdure/core';
import type { RunRef } from '../../matching/task.ts';
import { readHistory, readHistoryReverse } from '../../runtime/history-reader.ts';
import type { Run } from '../../runtime/run.ts';
import type { FrontendContext } from '../context.ts';
import { findRun } from '../workflow-actions.ts';

type Context = Pick<FrontendContext, 'engine' | 'store' | 'clock'>;

export type ResetTarget =
  | { readonly kind: 'firstTask' }
  | { readonly kind: 'lastTask' }
  | { readonly kind: 'event'; readonly eventId: number }
  | { readonly kind: 'buildId'; readonly buildId: string; readonly currentRunOnly: boolean };

export interface FoundResetPoint {
  /** The run whose history is copied: that of the request, or an earlier one of its chain. */
  readonly base: RunRef;
  /** The first event that is not copied. */
  readonly finishEventId: number;
}

const PAGE_EVENTS = 256;
const PAGE_BYTES = 1024 * 1024;

/** @throws NOT_FOUND, INVALID_ARGUMENT */
export async function findResetPoint(context: Context, ref: RunRef, target: ResetTarget): Promise<FoundResetPoint> {
  if (target.kind === 'event') return { base: ref, finishEventId: target.eventId };
  const run = await findRun(context, ref);
  await context.engine.settled(run);
  if (target.kind === 'buildId') return pointOfBuild(run, target, context.clock.now());
  const events = target.kind === 'firstTask' ? eventsOf(context, run) : newestEventsOf(context, run);
  return { base: ref, finishEventId: await taskPoint(events) };
}

/** The first completed workflow task of the events; if none was completed, a scheduled one. */
async function taskPoint(events: AsyncIterable<HistoryEvent>): Promise<number> {
  let scheduled: number | undefined;
  for await (const { eventType, eventId } of events) {
    if (eventType === EventType.WORKFLOW_TASK_COMPLETED) return eventId;
    if (eventType === EventType.WORKFLOW_TASK_SCHEDULED) scheduled ??= eventId + 1;
  }
  if (scheduled === undefined) throw invalidArgument('unable to find any scheduled or completed task');
  return scheduled;
}

async function* eventsOf({ store }: Context, run: Run): AsyncGenerator<HistoryEvent> {
  const to = run.committedNextEventId;
  for (let from = 1; from < to; ) {
    const page = await readHistory(store, run, { from, to, eventsMax: PAGE_EVENTS, bytesMax: PAGE_BYTES });
    for (const encoded of splitEvents(page.bytes)) yield HistoryEvent.decode(encoded);
    if (page.nextEventId === from) return;
    from = page.nextEventId;
  }
}

async function* newestEventsOf({ store }: Context, run: Run): AsyncGenerator<HistoryEvent> {
  for (let before = run.committedNextEventId; before > 1; ) {
    const { events, nextBefore } = await readHistoryReverse(store, run, before, PAGE_EVENTS, PAGE_BYTES);
    for (const frame of events) for (const encoded of splitEvents(frame)) yield HistoryEvent.decode(encoded);
    if (nextBefore === before) return;
    before = nextBefore;
  }
}

function pointOfBuild(
  run: Run,
  { buildId, currentRunOnly }: Extract<ResetTarget, { kind: 'buildId' }>,
  nowMs: number,
): FoundResetPoint {
  const point = run.state.resetPoints.find((other) => other.buildId === buildId);
  if (point === undefined) throw invalidArgument(`Can't find reset point for ${buildId}`);
  if (!point.resettable) throw invalidArgument(`Reset point for ${buildId} is not resettable`);
  if (point.expireMs > 0 && point.expireMs < nowMs) {
    throw invalidArgument(`Reset point for ${buildId} is expired`);
  }
  if (currentRunOnly && point.runId !== run.state.runId) {
    throw invalidArgument(`Reset point for ${buildId} points to previous run and CurrentRunOnly is set`);
  }
  return { base: { ...run.ref, runId: point.runId }, finishEventId: point.completedEventId };
}
