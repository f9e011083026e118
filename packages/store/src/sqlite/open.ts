// Opens a store on a SQLite file.

import type { Stats } from 'node:fs';
import { constants } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { StoreRefusedError } from '../contract.ts';
import { Lane } from './lane.ts';
import type { ThreadData } from './protocol.ts';
import { SqliteStore } from './store.ts';

export interface SqliteOptions {
  /** Made if it does not exist; its directory must. Beside it live `-wal`, `-shm` and `-lock`. */
  readonly filename: string;
  /**
   * `full` (default): a commit is on disk when it is acknowledged. `normal`: it survives a crash of the process, but the
   * last ones may be lost when the machine loses power; the database stays consistent.
   */
  readonly synchronous?: 'full' | 'normal';
  /** The database file does not grow past this many bytes; commits then fail as if the disk were full. Default: no limit. */
  readonly sizeBytesMax?: number;
}

/**
 * @throws {StoreRefusedError} the file cannot be used: missing or read-only directory, not a database of Perdure, corrupted,
 *   made by a newer version, or in use by another process. The message says what to do.
 */
export async function openSqliteStore(options: SqliteOptions): Promise<SqliteStore> {
  const data = await threadData(options);
  const writer = new Lane(data);
  try {
    await writer.ready;
  } catch (error) {
    await writer.terminate();
    throw error;
  }
  return new SqliteStore(data, writer);
}

/** @throws {StoreRefusedError} */
export async function threadData(options: SqliteOptions): Promise<ThreadData> {
  return {
    role: 'writer',
    filename: await usablePath(options.filename),
    synchronous: options.synchronous ?? 'full',
    sizeBytesMax: options.sizeBytesMax,
  };
}

/** The real path: two names of one file must meet at the same lock. */
async function usablePath(filename: string): Promise<string> {
  if (filename === '' || filename === ':memory:') {
    throw new StoreRefusedError(
      'A SQLite store needs a file name. To keep everything in memory, use the memory store.',
    );
  }
  const path = resolve(filename);
  const directory = dirname(path);
  const directoryStat = await statOrUndefined(directory);
  if (directoryStat === undefined) {
    throw new StoreRefusedError(`The directory ${directory} does not exist. Create it, or give another file name.`);
  }
  if (!directoryStat.isDirectory())
    throw new StoreRefusedError(`${directory} is not a directory. Give another file name.`);
  await assertWritable(
    directory,
    'The database keeps more files beside it: make the directory writable for this user.',
  );
  const fileStat = await statOrUndefined(path);
  if (fileStat === undefined) return path;
  if (!fileStat.isFile()) throw new StoreRefusedError(`${path} is not a file. Give another file name.`);
  await assertWritable(path, 'Make the file writable for this user, or give another file name.');
  return realpath(path);
}

async function assertWritable(path: string, advice: string): Promise<void> {
  try {
    await access(path, constants.R_OK | constants.W_OK);
  } catch (error) {
    throw new StoreRefusedError(`${path} cannot be written (${(error as NodeJS.ErrnoException).code}). ${advice}`);
  }
}

async function statOrUndefined(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new StoreRefusedError(`${path} cannot be used (${code}). Give another file name.`);
  }
}
