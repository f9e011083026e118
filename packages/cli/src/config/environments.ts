// The YAML file of old, with an environment for each place: `env: {prod: {address: ...}}`, whose keys are names of options.

import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { CommandError, exitCode } from '../exit.ts';
import { isTable, target } from './profiles.ts';

type Environments = Record<string, Record<string, string>>;

export function environmentFile(env: NodeJS.ProcessEnv): string {
  return join(env['HOME'] ?? homedir(), '.config', 'temporalio', 'temporal.yaml');
}

/**
 * @param isRequired somebody named the file, or an environment in it: it must be there
 * @throws {CommandError} it cannot be read
 */
export async function readEnvironments(path: string, isRequired: boolean): Promise<Environments> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' && !isRequired) return undefined;
    throw new CommandError(`the file of environments ${path} cannot be read: ${error.message}`, exitCode.FAILED);
  });
  if (text === undefined) return {};
  // Loaded only if there is such a file: most have none.
  const { parse } = await import('yaml');
  const content = parsed(path, text, parse);
  const found = isTable(content) ? content['env'] : undefined;
  if (!isTable(found)) return {};
  const environments: Environments = {};
  for (const [name, values] of Object.entries(found)) {
    const texts = Object.entries(isTable(values) ? values : {}).map(([key, value]) => [key, textOf(value)]);
    environments[name] = Object.fromEntries(texts) as Record<string, string>;
  }
  return environments;
}

/** @throws {CommandError} */
function parsed(path: string, text: string, parse: (text: string) => unknown): unknown {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new CommandError(`the file of environments ${path} is not YAML: ${error.message}`, exitCode.FAILED);
  }
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Whole or not at all, and readable by its owner alone: it may hold keys. */
export async function writeEnvironments(path: string, environments: Environments): Promise<void> {
  const { stringify } = await import('yaml');
  await mkdir(dirname(path), { recursive: true });
  const beside = `${path}.${process.pid}.new`;
  await writeFile(beside, stringify({ env: environments }), { mode: 0o600 });
  await rename(beside, await target(path));
}

export function noEnvironment(name: string, path: string, environments: Environments): CommandError {
  const known = Object.keys(environments).join(', ') || 'none';
  return new CommandError(`there is no environment ${name} in ${path} (those there are: ${known})`, exitCode.NOT_FOUND);
}
