// Files of settings: they may hold keys, and nobody may find them half written.

import { mkdir, readFile, readlink, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { CommandError, exitCode } from '../exit.ts';
import { withFileLock } from './file-lock.ts';

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

/** While `change` reads, changes and writes the file, nobody else does. */
export async function changeFile<T>(path: string, change: () => Promise<T>): Promise<T> {
  const target = await targetOf(path);
  await mkdir(dirname(target), { recursive: true });
  return withFileLock(target, change);
}

/** Whole or not at all, and readable by its owner alone. */
export async function writePrivately(path: string, text: string): Promise<void> {
  const target = await targetOf(path);
  await mkdir(dirname(target), { recursive: true });
  // Beside the file itself: renaming does not reach from one file system into another.
  const beside = `${target}.${process.pid}.new`;
  try {
    await writeFile(beside, text, { mode: 0o600 });
    await rename(beside, target);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

/** Where the file is, or will be, if its path is a link. */
async function targetOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    const link = await linkAt(path);
    return link === undefined ? path : targetOf(resolve(dirname(path), link));
  }
}

/** Undefined: there is nothing, or what somebody has made meanwhile, which is no link. */
async function linkAt(path: string): Promise<string | undefined> {
  return readlink(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'EINVAL') return undefined;
    throw error;
  });
}
