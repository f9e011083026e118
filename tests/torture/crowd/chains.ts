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

/** It begins with a copy of the history of another run. */
function isReset(run: RunHistory): boolean {
  return started(run).originalExecutionRunId !== run.runId;
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
  if (isReset(run)) {
    const original = byRunId.get(started(run).originalExecutionRunId ?? '');
    assert(original, `the run that ${run.runId} was once copied from exists`);
    assert.equal(started(original).firstExecutionRunId, firstExecutionRunId);
  } else if (continuedExecutionRunId) {
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
  const { signals, updates, starts, resets } = acknowledged;
  const heard = occurrences(runs, (event) => texts(event.workflowExecutionSignaledEventAttributes?.input));
  same(heard, signals, 'signal');
  const reasons = occurrences(runs, (event) => event.workflowExecutionTerminatedEventAttributes?.reason ?? []);
  for (const reason of [REPLACED, ...resets.values()]) reasons.delete(reason);
  same(reasons, acknowledged.terminations, 'termination');
  const accepted = occurrences(
    runs,
    (event) => event.workflowExecutionUpdateAcceptedEventAttributes?.protocolInstanceId ?? [],
  );
  const completed = occurrences(
    runs,
    (event) => event.workflowExecutionUpdateCompletedEventAttributes?.meta?.updateId ?? [],
  );
  for (const [updateId, wasAccepted] of updates) {
    assert.equal(accepted.has(updateId), wasAccepted, `${updateId} is accepted`);
    assert.equal(completed.has(updateId), wasAccepted, `${updateId} is completed`);
  }
  const made = runs.filter(isReset).map(({ runId }) => runId);
  assert.deepEqual(new Set(made), new Set(resets.keys()), 'runs that begin with a copy');
  const heads = runs.filter((run) => !isReset(run) && started(run).firstExecutionRunId === run.runId);
  assert.deepEqual(new Set(heads.map(({ runId }) => runId)), starts, 'runs that were started');
}

const REPLACED = 'TerminateIfRunning WorkflowIdReusePolicy';

/**
 * The words that events tell. Each once in a run, and in one run, but for those that were made of others: they repeat
 * what they copied, and what came later in the runs that they leave behind.
 */
function occurrences(
  runs: readonly RunHistory[],
  told: (event: HistoryEvent) => string | readonly string[],
): Set<string> {
  const all = new Set<string>();
  const outsideOfResets = new Set<string>();
  for (const run of runs) {
    const words = run.events.flatMap(told);
    assert.equal(new Set(words).size, words.length, `nothing happens twice in ${run.runId}`);
    for (const word of words) {
      all.add(word);
      if (isReset(run) || word === REPLACED) continue;
      assert(!outsideOfResets.has(word), `${word} happens in two runs`);
      outsideOfResets.add(word);
    }
  }
  return all;
}

function same(happened: ReadonlySet<string>, acknowledged: ReadonlySet<string>, what: string): void {
  for (const word of happened) assert(acknowledged.has(word), `${what} ${word} happened, although it was refused`);
  for (const word of acknowledged) assert(happened.has(word), `${what} ${word} was acknowledged, and never happened`);
}
