// The YAML file of old, with an environment for each place: `env: {prod: {address: ...}}`, whose keys are names of options.

import { homedir } from 'node:os';
import { join } from 'node:path';
import { CommandError, exitCode } from '../exit.ts';
import { readSettingsFile, writePrivately } from './private-file.ts';
import { isTable } from './tables.ts';

type Environments = Record<string, Record<string, string>>;

export function environmentFile(env: NodeJS.ProcessEnv): string {
  return join(env['HOME'] ?? homedir(), '.config', 'temporalio', 'temporal.yaml');
}

/**
 * @param isRequired somebody named the file, or an environment in it: it must be there
 * @throws {CommandError} it cannot be read
 */
export async function readEnvironments(path: string, isRequired: boolean): Promise<Environments> {
  const text = await readSettingsFile(path, 'the file of environments', isRequired);
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

export async function writeEnvironments(path: string, environments: Environments): Promise<void> {
  const { stringify } = await import('yaml');
  await writePrivately(path, stringify({ env: environments }));
}

export function noEnvironment(name: string, path: string, environments: Environments): CommandError {
  const known = Object.keys(environments).join(', ') || 'none';
  return new CommandError(`there is no environment ${name} in ${path} (those there are: ${known})`, exitCode.NOT_FOUND);
}
