// What must hold of the histories of a workflow id, whatever was done to it by whom.

import assert from 'node:assert/strict';
import type { temporal } from '@temporalio/proto';
import { eventNames, type HistoryEvent, texts } from '../../e2e/hand.ts';
import type { Acknowledged } from './clients.ts';

export interface RunHistory {
  readonly workflowId: string;
  readonly runId: string;
  /** As lists show them; the events of a run that was reset are older. */
  readonly startMs: number;
  readonly closeMs: number;
  readonly events: readonly HistoryEvent[];
}

/** All runs of one workflow id, all of them closed. */
export function checkChains(runs: readonly RunHistory[]): void {
  for (const run of runs) checkRun(run);
  const byRunId = new Map(runs.map((run) => [run.runId, run]));
  assert.equal(byRunId.size, runs.length, 'every run has an id of its own');
  for (const run of runs) checkLinks(run, byRunId);
  checkOneAtATime(runs);
}

/** Closed once, and nothing afterwards. */
function checkRun({ runId, events }: RunHistory): void {
  events.forEach((event, index) => {
    assert.equal(Number(event.eventId), index + 1, `event ids of ${runId} are dense`);
    const isFirst = event.workflowExecutionStartedEventAttributes != null;
    assert.equal(isFirst, index === 0, `${runId} starts once, with its first event`);
    assert.equal(isClosing(event), index === events.length - 1, `${runId} closes once, with its last event`);
  });
}

export function isClosing(event: HistoryEvent): boolean {
  return (
    event.workflowExecutionCompletedEventAttributes != null ||
    event.workflowExecutionFailedEventAttributes != null ||
    event.workflowExecutionTimedOutEventAttributes != null ||
    event.workflowExecutionCanceledEventAttributes != null ||
    event.workflowExecutionTerminatedEventAttributes != null ||
    event.workflowExecutionContinuedAsNewEventAttributes != null
  );
}

function started(run: RunHistory): temporal.api.history.v1.IWorkflowExecutionStartedEventAttributes {
  return run.events[0]?.workflowExecutionStartedEventAttributes ?? {};
}

/** The run that the closing event names. */
function successorOf({ events }: RunHistory): string {
  const last = events.at(-1);
  return (
    last?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId ||
    last?.workflowExecutionFailedEventAttributes?.newExecutionRunId ||
    last?.workflowExecutionCompletedEventAttributes?.newExecutionRunId ||
    last?.workflowExecutionTimedOutEventAttributes?.newExecutionRunId ||
    ''
  );
}

/** Each link is there in both directions, and the first run is the same all along. */
function checkLinks(run: RunHistory, byRunId: ReadonlyMap<string, RunHistory>): void {
  const { continuedExecutionRunId, firstExecutionRunId } = started(run);
  const next = successorOf(run);
  if (next !== '') {
    const successor = byRunId.get(next);
    assert(successor, `the successor ${next} of ${run.runId} exists`);
    assert.equal(started(successor).continuedExecutionRunId, run.runId);
    assert.equal(started(successor).firstExecutionRunId, firstExecutionRunId);
    assert.equal(successor.startMs, run.closeMs, 'a run goes on at the moment in which it ends');
  }
  if (continuedExecutionRunId) {
    const before = byRunId.get(continuedExecutionRunId);
    assert(before, `the run before ${run.runId} exists`);
    assert.equal(successorOf(before), run.runId, `${continuedExecutionRunId} names its successor`);
  } else {
    assert.equal(firstExecutionRunId, run.runId, 'who continues nothing is the first');
  }
}

function checkOneAtATime(runs: readonly RunHistory[]): void {
  const inOrder = runs.toSorted((a, b) => a.startMs - b.startMs || a.closeMs - b.closeMs);
  for (const [index, run] of inOrder.entries()) {
    const next = inOrder[index + 1];
    assert(run.closeMs >= run.startMs, `${run.runId} ends after it began`);
    assert(!next || next.startMs >= run.closeMs, `${next && describe(next)} starts while ${describe(run)} is open`);
  }
}

function describe({ runId, startMs, closeMs, events }: RunHistory): string {
  return `${runId} (${startMs} to ${closeMs}: ${eventNames(events).join(', ')})`;
}

/** What was acknowledged happened exactly once, and what was refused not at all. */
export function checkAcknowledged(runs: readonly RunHistory[], acknowledged: Acknowledged): void {
  const events = runs.flatMap((run) => run.events);
  const signals = count(events.flatMap((event) => texts(event.workflowExecutionSignaledEventAttributes?.input)));
  same(signals, acknowledged.signals, 'signal');
  const terminations = count(events.flatMap((event) => event.workflowExecutionTerminatedEventAttributes?.reason ?? []));
  terminations.delete('TerminateIfRunning WorkflowIdReusePolicy');
  same(terminations, acknowledged.terminations, 'termination');
  const accepted = count(
    events.flatMap((event) => event.workflowExecutionUpdateAcceptedEventAttributes?.protocolInstanceId ?? []),
  );
  const completed = count(
    events.flatMap((event) => event.workflowExecutionUpdateCompletedEventAttributes?.meta?.updateId ?? []),
  );
  for (const [updateId, wasAccepted] of acknowledged.updates) {
    assert.equal(accepted.get(updateId) ?? 0, wasAccepted ? 1 : 0, `acceptances of ${updateId}`);
    assert.equal(completed.get(updateId) ?? 0, wasAccepted ? 1 : 0, `completions of ${updateId}`);
  }
  for (const [updateId, times] of [...accepted, ...completed]) assert.equal(times, 1, `${updateId} happens once`);
  const heads = runs.filter((run) => started(run).firstExecutionRunId === run.runId).map(({ runId }) => runId);
  same(count(heads), acknowledged.starts, 'start');
}

function count(words: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

function same(happened: ReadonlyMap<string, number>, acknowledged: ReadonlySet<string>, what: string): void {
  for (const [word, times] of happened) {
    assert.equal(times, 1, `${what} ${word} happened once`);
    assert(acknowledged.has(word), `${what} ${word} happened, although it was refused`);
  }
  for (const word of acknowledged) assert(happened.has(word), `${what} ${word} was acknowledged, and never happened`);
}
