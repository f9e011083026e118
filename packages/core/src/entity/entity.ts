// Entities besides workflow runs: schedules and batch operations. Like a run, an entity is a journal, and its state is
// fold(evolve, journal). Unlike a run's, its journal is private, so that a snapshot can take the place of a long one.
//
// A state is never changed in place: evolve returns another one. So a decision that throws has changed nothing.

/** What lists show of an entity, and when it must be woken. */
export interface EntityShown {
  /** WorkflowExecutionStatus; of an open one exactly while `closeMs` is undefined. */
  readonly status: number;
  readonly workflowType: string;
  readonly taskQueue: string;
  readonly startMs: number;
  readonly closeMs: number | undefined;
  /** Encoded `temporal.api.common.v1.Memo`, or empty. */
  readonly memo: Uint8Array;
  /** Encoded `temporal.api.common.v1.SearchAttributes`, or empty. */
  readonly searchAttributes: Uint8Array;
  /** Epoch ms; undefined: nothing until someone calls. */
  readonly wakeAtMs: number | undefined;
  /** Something may have happened while nobody looked: it must be read back at a start, whenever it wakes. */
  readonly readAtStart?: boolean;
}

/** What a kind of entity is made of. */
export interface EntityDefinition<S, E> {
  /** Before its first event. */
  readonly initial: S;
  readonly evolve: (state: S, event: E) => S;
  /** One transition as stored. */
  readonly encode: (events: readonly E[]) => Uint8Array;
  readonly decode: (bytes: Uint8Array) => readonly E[];
  /** An event that makes this state out of the initial one. */
  readonly snapshot: (state: S) => E;
  readonly shown: (state: S) => EntityShown;
}

/** Everything that one request or one moment changes in one entity. */
export class EntityTransition<S, E> {
  readonly nowMs: number;
  readonly #definition: EntityDefinition<S, E>;
  readonly #events: E[] = [];
  #state: S;

  constructor(definition: EntityDefinition<S, E>, state: S, nowMs: number) {
    this.#definition = definition;
    this.#state = state;
    this.nowMs = nowMs;
  }

  /** With all that was noted so far. */
  get state(): S {
    return this.#state;
  }

  get events(): readonly E[] {
    return this.#events;
  }

  note(event: E): void {
    this.#state = this.#definition.evolve(this.#state, event);
    this.#events.push(event);
  }
}

/** Reads an entity back. `journal` is the private bytes of its rows, in order. */
export function foldEntity<S, E>(definition: EntityDefinition<S, E>, journal: readonly Uint8Array[]): S {
  let state = definition.initial;
  for (const bytes of journal) {
    for (const event of definition.decode(bytes)) state = definition.evolve(state, event);
  }
  return state;
}
