// Files of settings: they may hold keys, and nobody may find them half written.

import { mkdir, readFile, realpath, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CommandError, exitCode } from '../exit.ts';

/**
 * The text of the file; undefined: it is not there.
 * @param what the file is called in errors
 * @param isRequired somebody named it: it must be there
 * @throws {CommandError} it cannot be read
 */
export function readSettingsFile(path: string, what: string, isRequired: boolean): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' && !isRequired) return undefined;
    throw new CommandError(`${what} ${path} cannot be read: ${error.message}`, exitCode.FAILED);
  });
}

/** Whole or not at all, and readable by its owner alone. */
export async function writePrivately(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const beside = `${path}.${process.pid}.new`;
  await writeFile(beside, text, { mode: 0o600 });
  await rename(beside, await target(path));
}

/** Where the file is, if its path is a link to it. */
async function target(path: string): Promise<string> {
  return realpath(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return path;
    throw error;
  });
}
