// Opening the database file: the lock that keeps a second server out, the checks that refuse what cannot be used, the
// migrations, the settings. Throws Refused with a message that says what is wrong and what to do.
import { existsSync, rmSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { applicationId, applyMigration, migrations } from '../migrations.ts';
import type { ThreadData } from '../protocol.ts';
import { describeFault, Foreign, isBusyError, isForeignError, Refused } from './faults.ts';

/** Default of SQLite; larger pages were no faster here and write more per small commit. */
const pageBytes = 4096;
/** A database up to this size is read through once at start (about 10 ms); a larger one is trusted until read. */
const checkedBytesMax = 8 << 20;

export interface Opened {
  readonly db: DatabaseSync;
  close(): void;
}

export function openForWriting(data: ThreadData): Opened {
  const lockName = `${data.filename}-lock`;
  const isNewLock = !existsSync(lockName);
  const lock = lockFile(data.filename, lockName);
  try {
    const db = openDatabase(data);
    return {
      db,
      close: () => {
        db.close();
        lock.close();
      },
    };
  } catch (error) {
    lock.close();
    // Nothing is left beside a file that is not ours. Beside one that is, another server may have the lock by now.
    if (isNewLock && error instanceof Foreign) rmSync(lockName, { force: true });
    throw error;
  }
}

/** For reading beside the writer, which has already opened the same file. It changes nothing, but can checkpoint. */
export function openForReading(data: ThreadData): Opened {
  // Not made anew if somebody has removed it.
  const existing = pathToFileURL(data.filename);
  existing.searchParams.set('mode', 'rw');
  const db = new DatabaseSync(existing);
  db.exec(`
    PRAGMA cache_size = -8000;
    PRAGMA busy_timeout = 5000;
    PRAGMA query_only = ON;
    PRAGMA synchronous = ${data.synchronous === 'full' ? 'FULL' : 'NORMAL'};
  `);
  return { db, close: () => db.close() };
}

/**
 * An exclusive SQLite lock on a sibling file: the operating system releases it when the process dies, however it dies.
 * The database file itself cannot carry it, because in WAL mode an exclusive lock would shut out our own readers.
 */
function lockFile(filename: string, lockName: string): DatabaseSync {
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(lockName);
    lock.exec('PRAGMA busy_timeout = 0; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock?.close();
    if (isBusyError(error)) {
      throw new Refused(
        `${filename} is in use by another running server. Stop that server, or give this one another file.`,
      );
    }
    throw new Refused(`The lock file ${lockName} cannot be used: ${describeFault(error, lockName) ?? String(error)}`);
  }
}

function openDatabase(data: ThreadData): DatabaseSync {
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(data.filename);
    refuseForeign(db, data.filename);
    configure(db, data);
    migrate(db, data.filename);
    refuseCorrupted(db, data.filename);
    return db;
  } catch (error) {
    db?.close();
    if (error instanceof Refused) throw error;
    const message = describeFault(error, data.filename) ?? `${data.filename} cannot be opened: ${String(error)}`;
    throw isForeignError(error) ? new Foreign(message) : new Refused(message);
  }
}

function refuseForeign(db: DatabaseSync, filename: string): void {
  const isEmpty = pragma(db, 'schema_version') === 0;
  if (!isEmpty && pragma(db, 'application_id') !== applicationId) {
    throw new Foreign(`${filename} is a SQLite database, but not one of Perdure. Give another file name.`);
  }
}

function configure(db: DatabaseSync, data: ThreadData): void {
  db.exec(`PRAGMA page_size = ${pageBytes}; PRAGMA busy_timeout = 5000`);
  const mode = db.prepare('PRAGMA journal_mode = WAL').get()?.['journal_mode'];
  if (mode !== 'wal') {
    throw new Refused(
      `The file system of ${data.filename} cannot share memory between threads (no write-ahead log). Use a local disk.`,
    );
  }
  db.exec(`
    PRAGMA synchronous = ${data.synchronous === 'full' ? 'FULL' : 'NORMAL'};
    PRAGMA cache_size = -32000;
    PRAGMA temp_store = MEMORY;
    PRAGMA journal_size_limit = ${64 << 20};
    PRAGMA wal_autocheckpoint = ${(64 << 20) / pageBytes};
  `);
  if (data.sizeBytesMax !== undefined) {
    db.exec(`PRAGMA max_page_count = ${Math.max(1, Math.floor(data.sizeBytesMax / pageBytes))}`);
  }
}

export function migrate(db: DatabaseSync, filename: string): void {
  const version = schemaVersion(db);
  if (version > migrations.length) {
    throw new Refused(
      `${filename} was written by a newer version of Perdure (schema ${version}; this version knows up to ${migrations.length}). Upgrade this server.`,
    );
  }
  if (version === migrations.length) return;
  db.exec('BEGIN IMMEDIATE');
  try {
    for (const [index, step] of migrations.entries()) {
      if (index < version) continue;
      applyMigration(db, step);
      db.prepare('INSERT INTO schema_version VALUES (?, ?)').run(index + 1, Date.now());
    }
    db.exec(`PRAGMA application_id = ${applicationId}; COMMIT`);
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

function schemaVersion(db: DatabaseSync): number {
  if (pragma(db, 'schema_version') === 0) return 0;
  const row = db.prepare('SELECT max(version) AS version FROM schema_version').get();
  return Number(row?.['version'] ?? 0);
}

function refuseCorrupted(db: DatabaseSync, filename: string): void {
  if (statSync(filename).size > checkedBytesMax) return;
  const result = db.prepare('PRAGMA quick_check(1)').get()?.['quick_check'];
  if (result === 'ok') return;
  throw new Refused(
    `${filename} is corrupted (${String(result)}). Restore it from a backup, or recover what is left with "sqlite3 ${filename} .recover".`,
  );
}

function pragma(db: DatabaseSync, name: string): number {
  return Number(db.prepare(`PRAGMA ${name}`).get()?.[name]);
}
