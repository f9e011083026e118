// From SQLite's error codes to what a person can do about them.
import { QueryTimeoutError } from '../../contract.ts';
import type { Failure } from '../protocol.ts';

/** Primary result codes, https://www.sqlite.org/rescode.html */
const code = {
  busy: 5,
  noMemory: 7,
  readOnly: 8,
  ioError: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  constraint: 19,
  notADatabase: 26,
} as const;

/** A commit of a fenced owner: expected, and no reason to abandon the transaction of its neighbours. */
export class Fenced extends Error {}

/** Opening is refused; the message is for the person who starts the server. */
export class Refused extends Error {}

/** The file belongs to somebody else, or is no database at all. */
export class Foreign extends Refused {}

export function failureOf(error: unknown, filename: string): Failure {
  if (error instanceof Fenced) return { kind: 'fenced', message: error.message };
  if (error instanceof Refused) return { kind: 'refused', message: error.message };
  if (error instanceof QueryTimeoutError) return { kind: 'timeout', message: error.message };
  const reason = describeFault(error, filename);
  if (reason !== undefined) return { kind: 'unavailable', message: reason };
  return { kind: 'invalid', message: error instanceof Error ? error.message : String(error) };
}

/** Undefined: not a fault of the database or the disk, but a mistake of the caller or of this code. */
export function describeFault(error: unknown, filename: string): string | undefined {
  const extended = resultCode(error);
  if (extended === undefined) return undefined;
  switch (extended & 0xff) {
    case code.full:
      return `The disk that holds ${filename} is full, or the size limit of the database is reached. Nothing was written. Free some space: writing works again as soon as there is room.`;
    case code.readOnly:
      return `${filename} cannot be written: the file or its file system is read-only. Nothing was written. Make it writable.`;
    case code.ioError:
      return `The disk reported an error for ${filename} (SQLite code ${extended}). Nothing was written. Check the disk and the system log; writing works again when the disk does.`;
    case code.busy:
      return `${filename} is locked by another program that writes to it. Nothing was written. Close that program.`;
    case code.notADatabase:
      return `${filename} is not a SQLite database, or its header is damaged. Give another file name, or restore the file from a backup.`;
    case code.corrupt:
      return `${filename} is corrupted. Stop the server and restore the file from a backup, or recover what is left with "sqlite3 ${filename} .recover".`;
    case code.cannotOpen:
      return `${filename} cannot be opened (SQLite code ${extended}). Check that the file, its directory and the limit on open files allow it.`;
    case code.noMemory:
      return `There was not enough memory for SQLite. Nothing was written.`;
    default:
      return undefined;
  }
}

export function isForeignError(error: unknown): boolean {
  return ((resultCode(error) ?? 0) & 0xff) === code.notADatabase;
}

export function isConstraintError(error: unknown): boolean {
  return ((resultCode(error) ?? 0) & 0xff) === code.constraint;
}

export function isBusyError(error: unknown): boolean {
  return ((resultCode(error) ?? 0) & 0xff) === code.busy;
}

function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? error.errcode : undefined;
}
