// The groups of one run, kept up to date as pages of its history come in: forwards, backwards, overlapping, in any
// order. The result is always the same as if all had come at once.
//
// A group is built when somebody looks, and built again only after one of its events came or, while it is open, after
// something changed for the run as a whole. So a row that did not change stays the same object.
import { type EventLookup, eventIdOf, type HistoryEvent } from '../history/event.ts';
import { eventTypeOf } from '../history/event-types.ts';
import { parseTimestamp } from '../time/timestamp.ts';
import { buildGroup, type RunFacts, timeOf } from './build.ts';
import type { PendingWorkflowTask, WorkflowDescription } from './description.ts';
import { type EventGroup, isOpen } from './group.ts';
import { segment } from './segments.ts';
import { type Membership, membershipOf, shapeOf } from './shapes.ts';

interface Entry {
  readonly membership: Membership;
  readonly events: HistoryEvent[];
  built: { readonly group: EventGroup; readonly run: RunFacts } | undefined;
}

export class EventGroups {
  readonly #entries = new Map<string, Entry>();
  readonly #events = new Map<number, HistoryEvent>();
  #run: RunFacts = { closedMs: undefined, description: undefined };
  #groups: readonly EventGroup[] | undefined;

  /** Events that are here already are passed over. */
  ingest(events: readonly HistoryEvent[]): void {
    for (const event of events) this.#add(event);
    this.#groups = undefined;
  }

  /** What the server says is pending, instead of what it said before. */
  describe(description: WorkflowDescription | undefined): void {
    this.#run = { ...this.#run, description };
    this.#groups = undefined;
  }

  /** By first event; the run itself, if its first event is here, is the first one. */
  get groups(): readonly EventGroup[] {
    this.#groups ??= this.#build();
    return this.#groups;
  }

  groupOf(eventId: number): EventGroup | undefined {
    const event = this.#events.get(eventId);
    const entry = event && this.#entries.get(membershipOf(event).id);
    return entry && this.#groupOfEntry(entry);
  }

  readonly find: EventLookup = (eventId) => this.#events.get(Number(eventId));

  /** All events that came, by id. */
  get events(): HistoryEvent[] {
    return [...this.#events.values()].sort((a, b) => eventIdOf(a) - eventIdOf(b));
  }

  #add(event: HistoryEvent): void {
    const id = eventIdOf(event);
    if (this.#events.has(id)) return;
    this.#events.set(id, event);
    const membership = membershipOf(event);
    let entry = this.#entries.get(membership.id);
    if (entry === undefined) {
      entry = { membership, events: [], built: undefined };
      this.#entries.set(membership.id, entry);
    }
    insert(entry.events, event);
    entry.built = undefined;
    const type = eventTypeOf(event.eventType);
    if (type !== undefined && shapeOf('workflow').closed[type] !== undefined) {
      this.#run = { ...this.#run, closedMs: timeOf(event) };
    }
  }

  #build(): readonly EventGroup[] {
    const groups = [...this.#entries.values()].map((entry) => this.#groupOfEntry(entry));
    const retried = retriedWorkflowTask(groups, this.#run);
    return [...groups.sort((a, b) => a.firstEventId - b.firstEventId), ...retried];
  }

  #groupOfEntry(entry: Entry): EventGroup {
    const { built } = entry;
    if (built !== undefined && (built.run === this.#run || isSettled(built.group))) return built.group;
    const group = buildGroup(entry.membership, entry.events, this.#run);
    entry.built = { group, run: this.#run };
    return group;
  }
}

/** Whatever the run does, this does not change. */
function isSettled(group: EventGroup): boolean {
  return !isOpen(group) && group.status !== 'abandoned';
}

function insert(events: HistoryEvent[], event: HistoryEvent): void {
  const at = events.findLastIndex((other) => eventIdOf(other) < eventIdOf(event));
  events.splice(at + 1, 0, event);
}

/** Attempts of a workflow task after the first are not in the history until one succeeds: only the server knows them. */
function retriedWorkflowTask(groups: readonly EventGroup[], run: RunFacts): EventGroup[] {
  const pending = run.closedMs === undefined ? run.description?.pendingWorkflowTask : undefined;
  const isKnown = groups.some((group) => group.kind === 'workflowTask' && isOpen(group));
  const workflow = groups.find(({ kind }) => kind === 'workflow');
  return pending === undefined || isKnown || workflow === undefined ? [] : [workflowTaskGroup(pending, workflow)];
}

function workflowTaskGroup(pending: PendingWorkflowTask, { taskQueue }: EventGroup): EventGroup {
  const scheduledMs = parseTimestamp(pending.scheduledTime);
  const startedMs = parseTimestamp(pending.startedTime);
  const queued = scheduledMs === undefined ? [] : [segment('queued', scheduledMs, startedMs)];
  return {
    id: 'workflowTask:pending',
    kind: 'workflowTask',
    firstEventId: 0,
    name: 'workflow task',
    instance: '',
    label: 'workflow task',
    status: startedMs === undefined ? 'scheduled' : 'running',
    scheduledMs,
    startedMs,
    closedMs: undefined,
    dueMs: undefined,
    attempt: pending.attempt ?? 1,
    maximumAttempts: 0,
    lastFailure: undefined,
    cancelRequested: false,
    taskQueue,
    execution: undefined,
    segments: [...queued, ...(startedMs === undefined ? [] : [segment('running', startedMs)])],
    events: [],
  };
}
