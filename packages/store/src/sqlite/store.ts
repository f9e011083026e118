// The store on a SQLite file, as the main thread sees it: packs commits, shares round trips, picks the thread to ask.
//
// It never touches the database itself: the event loop does not wait for the disk.
import { stat } from 'node:fs/promises';
import type { FilterValue } from '@perdure/core/visibility';
import { checkCommit } from '../check.ts';
import type {
  Commit,
  EntityKind,
  HistoryRange,
  JournalRow,
  NamespaceRecord,
  NamespaceRow,
  RecordKind,
  RunCount,
  RunCountQuery,
  RunKey,
  RunListQuery,
  RunLookup,
  RunRow,
  Store,
} from '../contract.ts';
import { StoreUnavailableError } from '../contract.ts';
import { sortedGroups } from '../order.ts';
import { endOf } from '../time_limit.ts';
import { Checkpoints } from './checkpoints.ts';
import { encodeCommit } from './codec/commit.ts';
import {
  decodeFoundRun,
  decodeGroup,
  decodeJournal,
  decodeNamespace,
  decodeNumber,
  decodeRecord,
  decodeRun,
} from './codec/rows.ts';
import type { Row } from './codec/values.ts';
import { Lane } from './lane.ts';
import { LookupBatch } from './lookup_batch.ts';
import type { ThreadData } from './protocol.ts';

/** While the thread for lists starts, the writer answers them; not for a database in which a list may take long. */
const writerListsBytesMax = 16 << 20;

export class SqliteStore implements Store {
  readonly kind = 'sqlite';
  readonly #data: ThreadData;
  readonly #writer: Lane;
  /** Started with the first question of its kind; an idle server does without their memory. */
  #lookups: Lane | undefined;
  /**
   * For what may take long: lists, counts and checkpoints. Apart from the look-ups, for which a start waits. There are two
   * once one was busy when the next list came, so that quick ones need not wait for a single slow one.
   */
  readonly #lists: Lane[] = [];
  readonly #batch: LookupBatch;
  readonly #checkpoints: Checkpoints;
  #closing: Promise<void> | undefined;

  /** `writer` is ready. */
  constructor(data: ThreadData, writer: Lane) {
    this.#data = data;
    this.#writer = writer;
    this.#checkpoints = new Checkpoints(
      () => this.#startLists().checkpoint(),
      () => writer.checkpoint(),
    );
    writer.onWritten = (bytes) => this.#checkpoints.note(0, bytes);
    this.#batch = new LookupBatch((lookups) => this.#forLookups().read('findRuns', [lookups], decodeRun));
  }

  async acquireShard(shard: number, owner: string): Promise<number> {
    this.#assertOpen();
    return this.#writer.acquireShard(shard, owner);
  }

  async commit(commit: Commit): Promise<void> {
    this.#assertOpen();
    checkCommit(commit);
    const bytes = encodeCommit(commit);
    this.#checkpoints.note(commit.writes.length, bytes.byteLength);
    return this.#writer.commit(bytes);
  }

  // Asked once at start: not worth a thread.

  async maxRunKey(): Promise<RunKey> {
    this.#assertOpen();
    const [key] = await this.#writer.read('maxRunKey', [], decodeNumber);
    return key ?? 0;
  }

  async namespaces(): Promise<NamespaceRow[]> {
    this.#assertOpen();
    return this.#writer.read('namespaces', [], decodeNamespace);
  }

  // Cheap and rare: what people keep, when they look at it.

  async records(namespaceId: string, kind: RecordKind): Promise<NamespaceRecord[]> {
    this.#assertOpen();
    const decode = (row: Row) => decodeRecord({ namespaceId, kind }, row);
    return this.#idleOrWriter().read('records', [namespaceId, kind], decode);
  }

  // Cheap and rare: an index scan when a wake-up is due. Answered by the writer, between commits.

  async dueRuns(
    shard: number,
    kind: EntityKind,
    untilMs: number,
    after: { readonly wakeAtMs: number; readonly key: RunKey } | undefined,
    limit: number,
  ): Promise<RunRow[]> {
    this.#assertOpen();
    const { wakeAtMs, key } = after ?? { wakeAtMs: Number.MIN_SAFE_INTEGER, key: 0 };
    return this.#idleOrWriter().read('dueRuns', [shard, kind, untilMs, wakeAtMs, key, limit], decodeFoundRun);
  }

  async nextWakeAt(shard: number, kind: EntityKind, afterMs: number): Promise<number | undefined> {
    this.#assertOpen();
    const [wakeAtMs] = await this.#idleOrWriter().read('nextWakeAt', [shard, kind, afterMs], decodeNumber);
    return wakeAtMs;
  }

  async findRuns(lookups: readonly RunLookup[]): Promise<(RunRow | undefined)[]> {
    this.#assertOpen();
    return this.#batch.add(lookups);
  }

  async readJournal(run: RunKey): Promise<JournalRow[]> {
    this.#assertOpen();
    return this.#forLookups().read('readJournal', [run], decodeJournal);
  }

  async readHistory(range: HistoryRange): Promise<JournalRow[]> {
    this.#assertOpen();
    return this.#forLookups().read('readHistory', [range], decodeJournal);
  }

  async listRuns(query: RunListQuery): Promise<RunRow[]> {
    this.#assertOpen();
    const { upkeep = false, ...asked } = query;
    const untilMs = endOf(query);
    const lane = upkeep ? this.#forUpkeep() : await this.#forLists();
    return lane.read('listRuns', [asked, untilMs], decodeFoundRun);
  }

  async countRuns(query: RunCountQuery): Promise<RunCount> {
    this.#assertOpen();
    const untilMs = endOf(query);
    const lane = await this.#forLists();
    const counted = await lane.read('countRuns', [query, untilMs], (row) => decodeGroup(row, query.groupBy?.type));
    const groups = new Map<FilterValue | undefined, number>();
    let count = 0;
    for (const { value, size, countOfAll } of counted) {
      count += countOfAll;
      if (query.groupBy !== undefined && size > 0) groups.set(value, (groups.get(value) ?? 0) + size);
    }
    return { count, groups: sortedGroups(groups, query.groupsMax) };
  }

  async sizeBytes(): Promise<number> {
    this.#assertOpen();
    const sizes = await Promise.all(['', '-wal', '-shm'].map((suffix) => fileSizeBytes(this.#data.filename + suffix)));
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  /** Starts the readers and waits for them; otherwise the first questions start them. For tests and measurements. */
  async startReaders(): Promise<void> {
    this.#lookups ??= new Lane({ ...this.#data, role: 'reader' });
    await Promise.all([this.#lookups.ready, this.#startLists().ready]);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#batch.flush();
    // The writer last: the last connection to close copies the log into the database file and removes it.
    await Promise.all([this.#lookups?.close(), ...this.#lists.map((lane) => lane.close())]);
    await this.#writer.close();
  }

  #forLookups(): Lane {
    this.#lookups ??= new Lane({ ...this.#data, role: 'reader' });
    return this.#idleOrWriter();
  }

  async #forLists(): Promise<Lane> {
    const first = this.#startLists();
    if (!first.isReady && (await this.sizeBytes()) > writerListsBytesMax) await settled(first.ready);
    if (!first.isReady) return this.#idleOrWriter();
    if (first.pendingCount === 0) return first;
    const second = (this.#lists[1] ??= new Lane({ ...this.#data, role: 'reader' }));
    return second.isReady && second.pendingCount < first.pendingCount ? second : first;
  }

  /** Upkeep can wait for a list, but a start should not wait for upkeep. */
  #forUpkeep(): Lane {
    const [first] = this.#lists;
    return first?.isReady === true ? first : this.#idleOrWriter();
  }

  #startLists(): Lane {
    return (this.#lists[0] ??= new Lane({ ...this.#data, role: 'reader' }));
  }

  /** The writer answers until the reader is up, so that the first question does not wait for a thread to start; and for good if the reader cannot open the file. */
  #idleOrWriter(): Lane {
    return this.#lookups?.isReady === true ? this.#lookups : this.#writer;
  }

  #assertOpen(): void {
    if (this.#closing !== undefined) throw new StoreUnavailableError('the store is closed');
  }
}

/** Whoever asks then asks another thread, which says what is wrong if it is wrong there as well. */
function settled(ready: Promise<void>): Promise<void> {
  return ready.then(
    () => undefined,
    () => undefined,
  );
}

async function fileSizeBytes(filename: string): Promise<number> {
  try {
    return (await stat(filename)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}
