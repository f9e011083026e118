// The commands whose examples cannot run on this server, since it does not have what they call: they say so, in the help and in
// what they end with. One that is built must leave this list.

import assert from 'node:assert/strict';
import type { Example, shellFor } from './shell.ts';
import { isBelow } from './shell.ts';

const ABSENT = [
  'activity start',
  'activity execute',
  'activity result',
  'activity describe',
  'activity list',
  'activity count',
  'activity cancel',
  'activity terminate',
  'activity delete',
  'task-queue list-partition',
  'worker',
  'nexus',
  'operator cluster list',
  'operator cluster upsert',
  'operator cluster remove',
  'operator nexus',
];

export function isAbsent(command: string): boolean {
  return ABSENT.some((path) => isBelow(command, path));
}

/** Entries that are no commands. */
export function unknownEntries(examples: readonly Example[]): readonly string[] {
  return ABSENT.filter((path) => !examples.some(({ command }) => isBelow(command, path)));
}

export async function assertAbsent(
  { command, line, description }: Example,
  { typed }: ReturnType<typeof shellFor>,
): Promise<void> {
  const { exitCode, stderr } = await typed(line);
  assert.equal(exitCode, 1, line);
  assert.match(stderr, /^Error: .*(not implemented|unimplemented)/i, line);
  assert.match(description, /this server (does not|is the only)/i, `the help of ${command} does not say it`);
}
