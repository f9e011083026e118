// What each place says of a setting: an option, a variable, a profile, an environment of old. Which of them counts is
// decided in resolve.ts.

import { CommandError, exitCode } from '../exit.ts';
import type { Given } from '../table/options.ts';
import { pairsOf } from '../table/values.ts';
import { textOf } from './environments.ts';
import { headerName, type ProfileFile } from './profiles.ts';
import type { Said, SettingSpec } from './settings.ts';
import { isTable } from './tables.ts';

/** Names of variables begin with these; our own is the stronger one. */
export const PREFIXES = ['PERDURE_', 'TEMPORAL_'] as const;

export function fromOption(spec: SettingSpec, given: Given): Said | undefined {
  if (!given.knows(spec.option) || !given.has(spec.option)) return undefined;
  const origin = `--${spec.option}`;
  if (spec.kind !== 'pairs') return { values: given.all(spec.option), origin };
  return {
    values: [...pairsOf(given.all(spec.option))].map(([name, value]) => `${name.toLowerCase()}=${value}`),
    origin,
  };
}

/** @param name of the whole variable */
export function fromVariable(spec: SettingSpec, name: string, env: NodeJS.ProcessEnv): Said | undefined {
  if (spec.kind === 'pairs') return pairsFromVariables(`${name}_`, env);
  const value = env[name];
  if (!value) return undefined;
  return { values: [spec.kind === 'flag' ? flagOf(value, name) : value], origin: name };
}

/** `TEMPORAL_GRPC_META_X_TEAM=a` is the header `x-team`; an empty one takes away what a weaker place says. */
function pairsFromVariables(prefix: string, env: NodeJS.ProcessEnv): Said | undefined {
  const found = Object.entries(env).filter(([name]) => name.startsWith(prefix) && name.length > prefix.length);
  if (found.length === 0) return undefined;
  const named = found.map(([name, value]) => [headerName(name.slice(prefix.length)), value ?? ''] as const);
  return {
    values: named.flatMap(([name, value]) => (value === '' ? [] : `${name}=${value}`)),
    removed: named.flatMap(([name, value]) => (value === '' ? name : [])),
    origin: found.map(([name]) => name).join(', '),
  };
}

export function fromProfile(spec: SettingSpec, file: ProfileFile, profile: string): Said | undefined {
  const value = file.get(profile, spec.property);
  const origin = `profile ${profile} of ${file.path}`;
  if (value === undefined) return spec.option === 'tls' ? disabledTls(file, profile, origin) : undefined;
  if (spec.kind === 'pairs') {
    if (!isTable(value)) throw wrongType(spec, origin, 'a table');
    return { values: Object.entries(value).map(([key, one]) => `${key.toLowerCase()}=${textOf(one)}`), origin };
  }
  if (typeof value !== 'string' && typeof value !== 'boolean') {
    throw wrongType(spec, origin, spec.kind === 'flag' ? 'true or false' : 'a text');
  }
  return { values: [spec.kind === 'flag' ? flagOf(String(value), origin) : String(value)], origin };
}

/** The SDKs say it the other way. */
function disabledTls(file: ProfileFile, profile: string, origin: string): Said | undefined {
  const disabled = file.get(profile, 'tls.disabled');
  if (typeof disabled === 'boolean') return { values: [String(!disabled)], origin };
  // `tls = true`, or an empty table.
  const table = file.get(profile, 'tls');
  return table === true || isTable(table) ? { values: ['true'], origin } : undefined;
}

function wrongType(spec: SettingSpec, origin: string, expected: string): CommandError {
  return new CommandError(`${spec.property} in ${origin} must be ${expected}`, exitCode.FAILED);
}

export interface YamlEnvironment {
  readonly values: Readonly<Record<string, string>>;
  readonly origin: string;
}

export function fromYaml(spec: SettingSpec, environment: YamlEnvironment): Said | undefined {
  if (!Object.hasOwn(environment.values, spec.option)) return undefined;
  const value = environment.values[spec.option] ?? '';
  const { origin } = environment;
  if (spec.kind === 'pairs' && value.indexOf('=') < 1) {
    throw new CommandError(
      `${spec.option} in ${origin} must be of the form KEY=VALUE, it is "${value}"`,
      exitCode.FAILED,
    );
  }
  return { values: [spec.kind === 'flag' ? flagOf(value, origin) : value], origin };
}

export function byDefault({ byDefault: value }: SettingSpec): Said | undefined {
  return value === undefined ? undefined : { values: [value], origin: 'default' };
}

function flagOf(text: string, where: string): string {
  if (/^(true|1|t|yes|on)$/i.test(text)) return 'true';
  if (/^(false|0|f|no|off)$/i.test(text)) return 'false';
  throw new CommandError(`${where} must be true or false, it is "${text}"`, exitCode.FAILED);
}
