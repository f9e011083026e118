// Temporary databases and child processes for the tests of this folder.

import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { SqliteOptions } from '../open.ts';
import { openSqliteStore } from '../open.ts';
import type { SqliteStore } from '../store.ts';

type Step = () => Promise<unknown>;
const stepsByTest = new WeakMap<TestContext, Step[]>();

/** After the test, what was set up last is taken down first; hooks of node:test run the other way round. */
function takeDownAfter(t: TestContext, step: Step): void {
  const steps = stepsByTest.get(t) ?? [];
  steps.push(step);
  if (stepsByTest.has(t)) return;
  stepsByTest.set(t, steps);
  t.after(async () => {
    for (const each of steps.toReversed()) await each();
  });
}

export async function temporaryDirectory(t: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'perdure-store-'));
  takeDownAfter(t, () => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** Closed after the test at the latest: an open store keeps the process alive. */
export async function openFor(t: TestContext, options: SqliteOptions): Promise<SqliteStore> {
  const store = await openSqliteStore(options);
  takeDownAfter(t, () => store.close());
  return store;
}

export async function openTemporary(t: TestContext): Promise<SqliteStore> {
  return openFor(t, { filename: join(await temporaryDirectory(t), 'perdure.db') });
}

/** Command line that runs a file of this folder. */
export function childCommand(file: string, ...args: string[]): string[] {
  return [process.execPath, fileURLToPath(new URL(file, import.meta.url)), ...args];
}

export function start([command, ...args]: string[], options: SpawnOptions = {}): ChildProcess {
  return spawn(command as string, args, { stdio: ['pipe', 'pipe', 'pipe'], ...options });
}

/** Runs to the end. Returns the exit code and what was printed. */
export async function run(
  command: string[],
  options: SpawnOptions = {},
): Promise<{ code: number | null; output: string }> {
  const child = start(command, options);
  const closed = once(child, 'close') as Promise<[number | null]>;
  const [output, errors, [code]] = await Promise.all([text(child.stdout!), text(child.stderr!), closed]);
  return { code, output: output + errors };
}
