// What a run's duration was made of: from its end back to its start, each time to what the workflow was waiting for.
//
// The end came with a workflow task; that was scheduled because something woke the workflow; if that was an activity,
// it began with another workflow task, and so on. What ran beside and made nobody wait is not on this path.
import type { EventGroups } from '../groups/event-groups.ts';
import { type EventGroup, isOpen, kindWords, type SegmentKind } from '../groups/group.ts';
import { attributesOf, type HistoryEvent } from '../history/event.ts';
import { wakeUpOf } from './wake-ups.ts';

/** What a part of the time was spent on. */
export type PathPieceKind =
  /** Of an activity, a timer, a child ...: a segment of its bar. */
  | SegmentKind
  /** A workflow task waited for a worker. */
  | 'workerQueue'
  /** A worker had the workflow task: its code ran, with its local activities. */
  | 'worker'
  /** Nothing was in hand: a signal, an update or another message was waited for. */
  | 'message'
  /** Of a start that was to be later. */
  | 'delay'
  /** The events that would tell are not here. */
  | 'unknown';

/** A part of the time of a run. */
export interface PathPiece {
  readonly kind: PathPieceKind;
  /** What was waited for; the workflow task of `worker` and `workerQueue`; the signal or update of `message`. */
  readonly group: EventGroup | undefined;
  readonly fromMs: number;
  readonly toMs: number;
  /** Of the whole, 0 to 1. */
  readonly share: number;
  /** It ended in a failure or a timeout. */
  readonly failed: boolean;
}

/** What the time of a run was made of. */
export interface CriticalPath {
  readonly fromMs: number;
  readonly toMs: number;
  /** In order of time, without gaps: together they are the whole. */
  readonly pieces: readonly PathPiece[];
}

/** undefined: the run's first event is not here. @param nowMs the end of a run that is open */
export function criticalPath(groups: EventGroups, nowMs: number): CriticalPath | undefined {
  const run = groups.groups.find(({ kind }) => kind === 'workflow');
  const fromMs = run?.scheduledMs;
  if (run === undefined || fromMs === undefined) return undefined;
  const path = new PathBack(fromMs, Math.max(fromMs, run.closedMs ?? nowMs));
  walk(run, groups, path);
  return { fromMs, toMs: path.endMs, pieces: path.pieces() };
}

/** "activity charge: running" */
export function pieceWords({ kind, group }: PathPiece): string {
  switch (kind) {
    case 'workerQueue':
      return 'workflow task: waiting for a worker';
    case 'worker':
      return 'workflow task: running';
    case 'message':
      return group === undefined ? 'waiting for a signal or update' : `waiting for ${named(group)}`;
    case 'delay':
      return 'delayed start';
    case 'unknown':
      return 'not in the events at hand';
    default:
      return `${group === undefined ? '' : named(group)}: ${SEGMENT_WORDS[kind]}`;
  }
}

function named({ kind, label }: EventGroup): string {
  return kind === 'workflow' ? 'a cancel request or a pause' : `${kindWords(kind)} ${label}`.trim();
}

const SEGMENT_WORDS: Readonly<Record<SegmentKind, string>> = {
  queued: 'queued',
  running: 'running',
  retrying: 'earlier attempts',
  backingOff: 'backing off',
  paused: 'paused',
  waiting: 'waiting',
};

/** Pieces as they are found, from the end back. Each ends where the one after it begins, whatever the clocks said. */
class PathBack {
  readonly #beginMs: number;
  readonly endMs: number;
  readonly #found: Omit<PathPiece, 'share'>[] = [];
  #atMs: number;

  constructor(beginMs: number, endMs: number) {
    this.#beginMs = beginMs;
    this.endMs = endMs;
    this.#atMs = endMs;
  }

  add(kind: PathPieceKind, sinceMs: number | undefined, group: EventGroup | undefined, failed = false): void {
    if (sinceMs === undefined) return;
    const fromMs = Math.max(this.#beginMs, sinceMs);
    if (fromMs >= this.#atMs) return;
    this.#found.push({ kind, group, fromMs, toMs: this.#atMs, failed });
    this.#atMs = fromMs;
  }

  pieces(): PathPiece[] {
    this.add('unknown', this.#beginMs, undefined);
    const wholeMs = this.endMs - this.#beginMs;
    return this.#found.reverse().map(({ kind, group, fromMs, toMs, failed }) => {
      return { kind, group, fromMs, toMs, failed, share: (toMs - fromMs) / wholeMs };
    });
  }
}

interface Walk {
  readonly groups: EventGroups;
  readonly run: EventGroup;
  /** Those in the history, in order. */
  readonly tasks: readonly EventGroup[];
  readonly path: PathBack;
}

function walk(run: EventGroup, groups: EventGroups, path: PathBack): void {
  const tasks = groups.groups.filter(({ kind, firstEventId }) => kind === 'workflowTask' && firstEventId > 0);
  const places = new Map(tasks.map((task, at) => [task, at]));
  const way: Walk = { run, groups, tasks, path };
  let task = lastTask(way);
  while (task !== undefined) {
    const at = places.get(task) ?? 0;
    const before = beforeTask(task, tasks[at - 1], way);
    // Always further back: a history that is not one does not keep us for ever.
    task = before !== undefined && before.firstEventId < task.firstEventId ? before : undefined;
  }
}

/** The workflow task that ended the run, or that began what it waited for at its end. */
function lastTask({ run, groups, tasks, path }: Walk): EventGroup | undefined {
  const closing = run.closedMs === undefined ? undefined : run.events.at(-1);
  const decided = closing && taskOf(closing, groups);
  if (decided !== undefined) return decided;
  const last = tasks.at(-1);
  const pending = groups.groups.at(-1);
  if (pending?.kind === 'workflowTask' && pending.firstEventId === 0) {
    addTask(pending, path);
    return last;
  }
  if (last !== undefined && isUnfinished(last)) return last;
  const waited = groups.groups.find((group) => group !== run && isUnfinished(group));
  if (waited === undefined) {
    path.add('message', last?.closedMs, undefined);
    return last;
  }
  addSegments(waited, path);
  return taskOf(waited.events[0], groups);
}

function isUnfinished(group: EventGroup): boolean {
  return isOpen(group) || group.status === 'abandoned';
}

/** The task whose completion brought an event. */
function taskOf(event: HistoryEvent | undefined, groups: EventGroups): EventGroup | undefined {
  const id = event && attributesOf(event).workflowTaskCompletedEventId;
  return id === undefined ? undefined : groups.groupOf(Number(id));
}

/** Adds a task and what woke the workflow for it. Returns the task that the latter began with. */
function beforeTask(task: EventGroup, previous: EventGroup | undefined, way: Walk): EventGroup | undefined {
  const { groups, path, run } = way;
  addTask(task, path);
  const wakeUp = wakeUpOf(task, groups);
  switch (wakeUp?.kind) {
    case undefined:
      return undefined;
    case 'start':
      path.add('delay', run.scheduledMs, undefined);
      return undefined;
    case 'workflowTask':
      return wakeUp.group;
    case 'message':
      // Since the last task, nothing went on that the workflow waited for.
      if (previous === undefined) path.add('delay', run.scheduledMs, undefined);
      else path.add('message', previous.closedMs, wakeUp.group);
      return previous;
    case 'work': {
      const begun = taskOf(wakeUp.group.events[0], groups);
      if (begun !== undefined) addSegments(wakeUp.group, path);
      return begun;
    }
  }
}

function addTask(task: EventGroup, path: PathBack): void {
  const failed = task.status === 'failed' || task.status === 'timedOut';
  path.add('worker', task.startedMs, task, failed);
  path.add('workerQueue', task.scheduledMs, task, failed && task.startedMs === undefined);
}

function addSegments(group: EventGroup, path: PathBack): void {
  for (const { kind, fromMs, failed } of [...group.segments].reverse()) path.add(kind, fromMs, group, failed);
  path.add('queued', group.scheduledMs, group);
}
