// The groups of one run, kept up to date as pages of its history come in: forwards, backwards, overlapping, in any
// order. The result is always the same as if all had come at once.
//
// A group is built when somebody looks, and built again only after one of its events came or, while it is open, after
// something changed for the run as a whole. So a row that did not change stays the same object, and a look after one
// more page costs that page and a walk over what is there.
import { type EventLookup, eventIdOf, type HistoryEvent } from '../history/event.ts';
import { eventTypeOf } from '../history/event-types.ts';
import { parseTimestamp } from '../time/timestamp.ts';
import { buildGroup, type RunFacts, timeOf } from './build.ts';
import type { PendingWorkflowTask, WorkflowDescription } from './description.ts';
import { type EventGroup, isOpen } from './group.ts';
import { Ordered } from './ordered.ts';
import { segment } from './segments.ts';
import { type Membership, membershipOf, shapeOf } from './shapes.ts';

interface Entry {
  readonly membership: Membership;
  readonly events: HistoryEvent[];
  firstEventId: number;
  built: Built | undefined;
}

interface Built {
  readonly group: EventGroup;
  readonly run: RunFacts;
  /** Whatever the run does, the group does not change. */
  readonly isSettled: boolean;
}

export class EventGroups {
  readonly #entries = new Map<string, Entry>();
  readonly #inOrder = new Ordered<Entry>((entry) => entry.firstEventId);
  readonly #events = new Map<number, HistoryEvent>();
  readonly #eventsInOrder = new Ordered<HistoryEvent>(eventIdOf);
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
    return [...this.#eventsInOrder.items];
  }

  /** How many events came. */
  get count(): number {
    return this.#events.size;
  }

  /** The event that ends the run has come. */
  get isClosed(): boolean {
    return this.#run.closedMs !== undefined;
  }

  /** 0: none came. */
  get lastEventId(): number {
    return eventIdOf(this.#eventsInOrder.items.at(-1) ?? {});
  }

  #add(event: HistoryEvent): void {
    const id = eventIdOf(event);
    if (this.#events.has(id)) return;
    this.#events.set(id, event);
    this.#eventsInOrder.add(event);
    this.#addToGroup(id, event);
    const type = eventTypeOf(event.eventType);
    if (type !== undefined && shapeOf('workflow').closed[type] !== undefined) {
      this.#run = { ...this.#run, closedMs: timeOf(event) };
    }
  }

  #addToGroup(id: number, event: HistoryEvent): void {
    const membership = membershipOf(event);
    const entry = this.#entries.get(membership.id);
    if (entry === undefined) {
      const begun: Entry = { membership, events: [event], firstEventId: id, built: undefined };
      this.#entries.set(membership.id, begun);
      this.#inOrder.add(begun);
      return;
    }
    insert(entry.events, event);
    entry.built = undefined;
    if (id > entry.firstEventId) return;
    entry.firstEventId = id;
    this.#inOrder.moved(entry);
  }

  #build(): readonly EventGroup[] {
    const groups = this.#inOrder.items.map((entry) => this.#groupOfEntry(entry));
    return [...groups, ...retriedWorkflowTask(groups, this.#run)];
  }

  #groupOfEntry(entry: Entry): EventGroup {
    const { built } = entry;
    if (built !== undefined && (built.isSettled || built.run === this.#run)) return built.group;
    const group = buildGroup(entry.membership, [...entry.events], this.#run);
    entry.built = { group, run: this.#run, isSettled: !isOpen(group) && group.status !== 'abandoned' };
    return group;
  }
}

function insert(events: HistoryEvent[], event: HistoryEvent): void {
  const at = events.findLastIndex((other) => eventIdOf(other) < eventIdOf(event));
  events.splice(at + 1, 0, event);
}

/** Attempts of a workflow task after the first are not in the history until one succeeds: only the server knows them. */
function retriedWorkflowTask(groups: readonly EventGroup[], run: RunFacts): EventGroup[] {
  const pending = run.closedMs === undefined ? run.description?.pendingWorkflowTask : undefined;
  const workflow = groups.find(({ kind }) => kind === 'workflow');
  if (pending === undefined || workflow === undefined) return [];
  const isKnown = groups.some((group) => group.kind === 'workflowTask' && isOpen(group));
  return isKnown ? [] : [workflowTaskGroup(pending, workflow)];
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
