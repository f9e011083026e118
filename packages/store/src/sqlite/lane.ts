// The main thread's end of one storage thread: numbers the requests, matches the answers, and turns the end of the
// thread, expected or not, into rejections. It knows nothing of SQL.
import { getCompileCacheDir } from 'node:module';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { FencedError, QueryTimeoutError, StoreRefusedError, StoreUnavailableError } from '../contract.ts';
import { decodeRows } from './codec/rows.ts';
import type { Row } from './codec/values.ts';
import type { Answers, Failure, Reads, Request, ThreadData } from './protocol.ts';

interface Pending {
  readonly resolve: (rows: ArrayBuffer | undefined) => void;
  readonly reject: (error: Error) => void;
}

/** A request without its number. */
type Unnumbered<T> = T extends { readonly id: number } ? Omit<T, 'id'> : never;

/** Small heaps: rows and commits live outside of them. */
const resourceLimits = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 256 };

/** A literal, so that the build finds the worker and renames it here, and the dead-code check sees that it is used. */
const entry = new URL('./worker/entry.ts', import.meta.url);

export class Lane {
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  readonly #exited: Promise<void>;
  #lastId = 0;
  /** Why no request can be served any more. */
  #ended: Error | undefined;
  #isReady = false;
  /** Told how many bytes the thread has written of its own accord. */
  onWritten: ((bytes: number) => void) | undefined;
  /** Resolves when the database is open. @throws {StoreRefusedError} */
  readonly ready: Promise<void>;

  constructor(data: ThreadData) {
    this.#worker = new Worker(entry, {
      workerData: data,
      execArgv: [],
      env: compileCache(),
      resourceLimits,
      name: `store ${data.role}`,
    });
    this.ready = new Promise((resolve, reject) => {
      this.#pending.set(0, { resolve: () => resolve(), reject });
    });
    void this.ready.then(
      () => (this.#isReady = true),
      () => undefined,
    );
    this.#worker.on('message', (answers: Answers) => this.#settle(answers));
    this.#worker.on('error', (error: Error) => this.#end(endedError(data, error.message)));
    this.#exited = new Promise((resolve) => {
      this.#worker.on('exit', (code) => {
        this.#end(endedError(data, `exit code ${code}`));
        resolve();
      });
    });
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  get pendingCount(): number {
    return this.#pending.size;
  }

  /** `bytes` is given away. */
  async commit(bytes: ArrayBuffer): Promise<void> {
    await this.#call({ kind: 'commit', bytes }, [bytes]);
  }

  async acquireShard(shard: number, owner: string): Promise<number> {
    const rows = await this.#call({ kind: 'acquireShard', shard, owner });
    return decodeRows(rows as ArrayBuffer, (row) => Number(row[0]))[0] as number;
  }

  async read<M extends keyof Reads, T>(method: M, args: Parameters<Reads[M]>, decode: (row: Row) => T): Promise<T[]> {
    const rows = await this.#call({ kind: 'read', method, args });
    return decodeRows(rows as ArrayBuffer, decode);
  }

  async checkpoint(): Promise<void> {
    await this.#call({ kind: 'checkpoint' });
  }

  /** Lets what was asked before finish, then ends the thread. Nothing may be asked afterwards. */
  async close(): Promise<void> {
    if (this.#ended === undefined) this.#worker.postMessage({ id: 0, kind: 'close' } satisfies Request);
    await this.#exited;
  }

  /** Ends the thread at once, as a crash would. */
  async terminate(): Promise<void> {
    await this.#worker.terminate();
  }

  #call(request: Unnumbered<Request>, transfer: readonly ArrayBuffer[] = []): Promise<ArrayBuffer | undefined> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#worker.postMessage({ id, ...request }, transfer);
    });
  }

  #settle(answers: Answers): void {
    for (const answer of answers) {
      if (typeof answer === 'object' && 'writtenBytes' in answer) {
        this.onWritten?.(answer.writtenBytes);
        continue;
      }
      const id = typeof answer === 'number' ? answer : answer.id;
      const pending = this.#pending.get(id);
      if (pending === undefined) throw new Error(`storage thread answered request ${id}, which nobody made`);
      this.#pending.delete(id);
      if (typeof answer === 'number') pending.resolve(undefined);
      else if ('rows' in answer) pending.resolve(answer.rows);
      else pending.reject(errorOf(answer.failure));
    }
  }

  #end(reason: Error): void {
    this.#ended ??= reason;
    for (const { reject } of this.#pending.values()) reject(this.#ended);
    this.#pending.clear();
  }
}

/** A thread takes compiled code from the cache of its process only if its environment names the folder. */
function compileCache(): NodeJS.ProcessEnv {
  const folderOfVersion = getCompileCacheDir();
  return folderOfVersion === undefined ? {} : { NODE_COMPILE_CACHE: dirname(folderOfVersion) };
}

function errorOf({ kind, message }: Failure): Error {
  switch (kind) {
    case 'fenced':
      return new FencedError(message);
    case 'unavailable':
      return new StoreUnavailableError(message);
    case 'refused':
      return new StoreRefusedError(message);
    case 'timeout':
      return new QueryTimeoutError();
    case 'invalid':
      return new Error(message);
  }
}

function endedError({ role, filename }: ThreadData, reason: string): StoreUnavailableError {
  return new StoreUnavailableError(
    `The storage ${role} thread of ${filename} has ended (${reason}). What was acknowledged is on disk. Restart the server.`,
  );
}
