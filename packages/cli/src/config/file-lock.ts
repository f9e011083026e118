// Changes of a file one after the other, whichever processes make them: each holds `FILE.lock` while it reads, changes
// and writes. A lock whose process has died is taken away.

import { readFile, unlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { CommandError, exitCode } from '../exit.ts';

const RETRY_PAUSE_MS = 20;
const WITHIN_MS = 10_000;

/**
 * @param withinMs how long others may take
 * @throws {CommandError} somebody holds the lock for too long
 */
export async function withFileLock<T>(path: string, work: () => Promise<T>, withinMs = WITHIN_MS): Promise<T> {
  const lock = `${path}.lock`;
  const giveUpAtMs = performance.now() + withinMs;
  while (!(await tryLock(lock))) {
    await removeAbandoned(lock);
    if (performance.now() > giveUpAtMs) {
      const advice = `if nothing does, remove ${lock}`;
      throw new CommandError(
        `something else has been changing ${path} for ${withinMs / 1000} s; ${advice}`,
        exitCode.FAILED,
      );
    }
    await delay(RETRY_PAUSE_MS);
  }
  try {
    return await work();
  } finally {
    await unlink(lock);
  }
}

/** Returns whether it is ours now. */
async function tryLock(lock: string): Promise<boolean> {
  try {
    await writeFile(lock, holderText(process.pid), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Under a lock of its own: between looking and removing, nobody may have removed it and taken the lock anew. */
async function removeAbandoned(lock: string): Promise<void> {
  if (!(await isAbandoned(lock))) return;
  const removing = `${lock}.removing`;
  if (!(await tryLock(removing))) return;
  try {
    if (await isAbandoned(lock)) await unlink(lock);
  } finally {
    await unlink(removing);
  }
}

/** Of processes on other machines nobody knows here, nor of what has not been written whole. */
async function isAbandoned(lock: string): Promise<boolean> {
  const text = await readFile(lock, 'utf8').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return '';
    throw error;
  });
  const pid = /^(\d+) /.exec(text)?.[1];
  return pid !== undefined && text === holderText(Number(pid)) && !isAlive(Number(pid));
}

function holderText(pid: number): string {
  return `${pid} ${hostname()}\n`;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) !== 'ESRCH';
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
