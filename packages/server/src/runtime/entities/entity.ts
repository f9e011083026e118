// An entity in memory: a schedule or a batch operation. Everything here can be dropped and read back from its journal.

import type { RunKey } from '@perdure/store';
import type { Sleeper } from '../wakeups.ts';

export class Entity<S> implements Sleeper {
  readonly key: RunKey;
  readonly namespaceId: string;
  /** What users call it: unique among the open entities of its kind in its namespace. */
  readonly id: string;
  /** Of this one: another with the same id may follow when it is gone. */
  readonly runId: string;
  state: S;
  /** Of the last row of its journal. */
  seq = 0;
  /** Of the first row of its journal, a snapshot if it was ever long, and of the others. */
  firstBytes = 0;
  journalBytes = 0;
  /** As stored, or on its way to the store; undefined: none. */
  storedWakeMs: number | undefined;
  /** Resolves when all that was decided so far is durable; undefined: it is. */
  lastCommit: Promise<void> | undefined;
  /** Its state was lost with a failed commit, or it was removed: whoever holds it must look it up again. */
  dropped = false;
  heapIndex = -1;
  wakeAtMs = 0;

  constructor(key: RunKey, identity: EntityIdentity, state: S) {
    this.key = key;
    this.namespaceId = identity.namespaceId;
    this.id = identity.id;
    this.runId = identity.runId;
    this.state = state;
  }

  get identity(): EntityIdentity {
    const { namespaceId, id, runId } = this;
    return { namespaceId, id, runId };
  }
}

export interface EntityIdentity {
  readonly namespaceId: string;
  readonly id: string;
  readonly runId: string;
}
