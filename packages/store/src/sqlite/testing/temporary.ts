// Temporary databases and child processes for the tests of this folder.
import { spawn } from 'node:child_process';
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Store } from '../../contract.ts';
import { openSqliteStore } from '../open.ts';

export async function temporaryDirectory(t: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'perdure-store-'));
  t.after(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

export async function openTemporary(t: TestContext): Promise<Store> {
  const directory = await mkdtemp(join(tmpdir(), 'perdure-store-'));
  const store = await openSqliteStore({ filename: join(directory, 'perdure.db') });
  t.after(async () => {
    await store.close();
    await rm(directory, { recursive: true });
  });
  return store;
}

/** Command line that runs a file of this folder. */
export function childCommand(file: string, ...args: string[]): string[] {
  return [process.execPath, fileURLToPath(new URL(file, import.meta.url)), ...args];
}

export function start([command, ...args]: string[], options: SpawnOptions = {}): ChildProcess {
  return spawn(command as string, args, { stdio: ['pipe', 'pipe', 'pipe'], ...options });
}

/** Runs to the end. Returns the exit code and what was printed. */
export async function run(command: string[], options: SpawnOptions = {}): Promise<{ code: number | null; output: string }> {
  const child = start(command, options);
  const [output, errors, [code]] = await Promise.all([text(child.stdout!), text(child.stderr!), once(child, 'close')]);
  return { code: code as number | null, output: output + errors };
}
