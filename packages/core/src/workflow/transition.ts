// A transition: everything that one command changes in one run, as events. It is the only way to change a state.
//
// A decide function calls add / addOrBuffer / note; each event is applied to the state at once (evolve) and encoded, so
// that the next decision sees it. When the decision is complete `finish` gives the two halves of the journal row.
// If it throws, `rollback` takes everything back: state, ids and bytes. No I/O, no clock: the time is passed in.

import { EventType } from '@perdure/api/enums';
import { HistoryEvent } from '@perdure/api/history';
import { type Init, Writer } from '@perdure/api/wire';
import { type PrivateEvent, PrivateEvents } from '../../generated/journal.js';
import type { Limits } from '../limits.ts';
import type { SearchAttributeSchema } from '../search-attributes/schema.ts';
import { isClosingEvent } from './close.ts';
import type { Successor } from './continue.ts';
import { evolvePlaced, evolvePrivate, evolvePublic } from './evolve.ts';
import type { StartWorkflow } from './start.ts';
import { isTaskStarted, type WorkflowState } from './state.ts';
import type { UpdateNews } from './updates.ts';
import { writeWaitingTask } from './workflow-task.ts';

/** The namespaces there are: names are what workers and histories know, ids are what runs belong to. */
export interface Namespaces {
  nameOf(id: string): string | undefined;
  idOf(name: string): string | undefined;
  searchAttributesOf(id: string): SearchAttributeSchema;
}

/** A child that begins with the transition that records its start. */
export interface Birth {
  readonly namespaceId: string;
  readonly workflowId: string;
  readonly runId: string;
  readonly start: StartWorkflow;
}

export interface Context {
  readonly nowMs: number;
  readonly limits: Limits;
  /** Of the run's namespace. */
  readonly searchAttributes: SearchAttributeSchema;
  readonly namespaces: Namespaces;
  /** The id of a run that follows this one: ids are chosen outside. */
  readonly newRunId: () => string;
}

/** The attributes of an event: one of the `...EventAttributes` fields, and what may accompany it. */
export type EventBody = Omit<Init<HistoryEvent>, 'eventId' | 'eventTime' | 'eventType' | 'version' | 'taskId'>;

/** What a command gives to the event that it makes. */
export type CommandNotes = Pick<EventBody, 'userMetadata' | 'eventGroupMarkers'>;

/** Something a worker can take once the transition is durable. */
export type Dispatch =
  | { readonly kind: 'workflowTask' }
  | { readonly kind: 'activity'; readonly scheduledEventId: number };

export interface Journaled {
  readonly firstEventId: number;
  readonly eventCount: number;
  readonly publicBytes: Uint8Array;
  readonly privateBytes: Uint8Array;
}

const NO_BYTES = new Uint8Array(0);

export class Transition {
  readonly state: WorkflowState;
  readonly context: Context;
  readonly nowMs: number;
  readonly dispatches: Dispatch[] = [];
  readonly firstEventId: number;
  /** The run that begins when this one ends, in the same transaction. */
  successor: Successor | undefined;
  /** Of the command under way, for the first event that it makes. */
  commandNotes: CommandNotes | undefined;
  /** Children that begin, in the same transaction. */
  births: Birth[] = [];
  /** What those who wait for updates are told once the transition is durable. */
  readonly updateNews: UpdateNews[] = [];
  #eventCount = 0;
  #private: Init<PrivateEvent>[] = [];
  /** Holds the encoded events; taken with the first one. */
  #writer: Writer | undefined;
  readonly #saved: WorkflowState;

  constructor(state: WorkflowState, context: Context) {
    this.state = state;
    this.context = context;
    this.nowMs = context.nowMs;
    this.firstEventId = state.nextEventId;
    this.#saved = { ...state };
    state.undo.begin();
  }

  get isEmpty(): boolean {
    return this.#eventCount === 0 && this.#private.length === 0;
  }

  get eventCount(): number {
    return this.#eventCount;
  }

  /** Bytes of its public events so far. */
  get publicSize(): number {
    return this.#writer?.length ?? 0;
  }

  /** Appends an event to the history and applies it. Returns its id. `timeMs`: when it happened, if not now. */
  add(eventType: number, body: EventBody, timeMs: number = this.nowMs): number {
    if (this.state.closeMs !== 0) throw new Error(`an event of type ${eventType} after the run has closed`);
    // Something happens while a speculative task waits: it is an ordinary task from here on, which will show this.
    const keepsTask = eventType === EventType.WORKFLOW_TASK_SCHEDULED || isClosingEvent(eventType);
    if (this.state.task?.speculative === true && !keepsTask) writeWaitingTask(this);
    const event: Init<HistoryEvent> = { ...body, eventId: this.state.nextEventId, eventTime: timeMs, eventType };
    if (this.commandNotes !== undefined) {
      Object.assign(event, this.commandNotes);
      this.commandNotes = undefined;
    }
    evolvePublic(this.state, event);
    return this.#append(event);
  }

  /**
   * Appends the event, or buffers it until the started workflow task ends. Its effect on the state is immediate either
   * way. Returns its id, 0 if it was buffered.
   */
  addOrBuffer(eventType: number, body: EventBody, timeMs: number = this.nowMs): number {
    if (!isTaskStarted(this.state)) return this.add(eventType, body, timeMs);
    this.buffer(eventType, body, timeMs);
    return 0;
  }

  /** Applies an event that enters the history when the buffer is flushed. */
  buffer(eventType: number, body: EventBody, timeMs: number = this.nowMs): void {
    const event: Init<HistoryEvent> = { ...body, eventTime: timeMs, eventType };
    this.note({ buffered: { event: HistoryEvent.encode(event) } });
  }

  /** Gives a buffered event its id. Its effect on the state is already there, but for the id. */
  addFlushed(buffered: Init<HistoryEvent>): number {
    const event = { ...buffered, eventId: this.state.nextEventId };
    evolvePlaced(this.state, event);
    return this.#append(event);
  }

  /** Records a private event and applies it. */
  note(event: Init<PrivateEvent>): void {
    this.#private.push({ ...event, after: this.#eventCount });
    evolvePrivate(this.state, event);
  }

  /** Takes back everything since the beginning; the transition can be used again from scratch. */
  restart(): void {
    this.state.undo.rollback();
    Object.assign(this.state, this.#saved);
    this.state.undo.begin();
    this.dispatches.length = 0;
    this.updateNews.length = 0;
    this.successor = undefined;
    this.commandNotes = undefined;
    this.births = [];
    this.#eventCount = 0;
    this.#private = [];
    this.#writer?.finish();
    this.#writer = undefined;
  }

  /** Takes everything back, for good. */
  rollback(): void {
    this.restart();
    this.state.undo.commit();
  }

  finish(): Journaled {
    this.state.undo.commit();
    const publicBytes = this.#writer?.finish() ?? NO_BYTES;
    this.#writer = undefined;
    return {
      firstEventId: this.firstEventId,
      eventCount: this.#eventCount,
      publicBytes,
      privateBytes: this.#private.length === 0 ? NO_BYTES : PrivateEvents.encode({ events: this.#private }),
    };
  }

  #append(event: Init<HistoryEvent>): number {
    const writer = (this.#writer ??= Writer.acquire());
    const before = writer.length;
    const start = writer.open(HISTORY_EVENTS_TAG);
    HistoryEvent.write(writer, event);
    writer.close(start);
    this.state.historySizeBytes += writer.length - before;
    this.#eventCount++;
    return this.state.nextEventId++;
  }
}

/** Field 1, length-delimited: `temporal.api.history.v1.History.events`. */
const HISTORY_EVENTS_TAG = 0x0a;
