// Which setting counts: the option, else the variable, else the profile, else the old YAML environment, else the default.
// Of headers each counts for itself.

import { CommandError, exitCode } from '../exit.ts';
import type { Given } from '../table/options.ts';
import { pairsOf } from '../table/values.ts';
import { environmentFile, noEnvironment, readEnvironments } from './environments.ts';
import {
  byDefault,
  fromOption,
  fromProfile,
  fromVariable,
  fromYaml,
  PREFIXES,
  type YamlEnvironment,
} from './places.ts';
import { configFile, DEFAULT_PROFILE, ProfileFile } from './profiles.ts';
import { type Resolved, type Said, SETTINGS, type SettingSpec } from './settings.ts';

export interface Sources {
  readonly given: Given;
  readonly env: NodeJS.ProcessEnv;
}

export class ClientSettings {
  readonly #byOption: ReadonlyMap<string, Resolved>;
  readonly profile: string;
  /** Undefined: none is read. */
  readonly file: ProfileFile | undefined;

  constructor(resolved: readonly Resolved[], profile: string, file: ProfileFile | undefined) {
    this.#byOption = new Map(resolved.map((one) => [one.spec.option, one]));
    this.profile = profile;
    this.file = file;
  }

  get all(): readonly Resolved[] {
    return [...this.#byOption.values()];
  }

  /** Where it was said; undefined: nowhere. */
  origin(option: string): string | undefined {
    return this.#byOption.get(option)?.origin;
  }

  /** How strong the place is where it was said; the strongest is 0. */
  rank(option: string): number {
    return this.#byOption.get(option)?.rank ?? Number.POSITIVE_INFINITY;
  }

  text(option: string): string | undefined {
    return this.#byOption.get(option)?.values.at(-1);
  }

  pairs(option: string): ReadonlyMap<string, string> {
    return pairsOf(this.#byOption.get(option)?.values ?? []);
  }

  get namespace(): string {
    return this.text('namespace') ?? 'default';
  }

  /** Where the server is: clouds have an address for each namespace, `${namespace}.example.com:7233`. */
  get address(): string {
    return (this.text('address') ?? '').replaceAll('${namespace}', () => this.namespace);
  }

  /** Said, or implied by a key or by any option of TLS. */
  get usesTls(): boolean {
    const said = this.text('tls');
    // A key is not sent in the clear because of something weaker that knows nothing of it.
    if (said !== undefined && this.rank('tls') <= this.rank('api-key')) return said === 'true';
    return this.all.some(({ spec, values }) => {
      return spec.option === 'api-key' || (spec.isOfTls === true && values.at(-1) !== 'false');
    });
  }
}

/** @throws {CommandError} a file cannot be read, or has no such profile */
export async function resolveSettings({ given, env: allVariables }: Sources): Promise<ClientSettings> {
  const env = given.isOn('disable-config-env') ? {} : allVariables;
  const { profile, file, isNamed } = profileOf(given, env);
  const profiles = given.isOn('disable-config-file') ? undefined : await ProfileFile.read(file, isNamed.file);
  if (profiles !== undefined && isNamed.profile && !profiles.has(profile)) {
    const known = profiles.names.join(', ') || 'none';
    throw new CommandError(`there is no profile ${profile} in ${file} (those there are: ${known})`, exitCode.NOT_FOUND);
  }
  const environment = await yamlEnvironment(given, env);
  const places: readonly Place[] = [
    (spec) => fromOption(spec, given),
    ...PREFIXES.flatMap((prefix) => variablesWith(prefix, env)),
    (spec) => profiles && fromProfile(spec, profiles, profile),
    (spec) => environment && fromYaml(spec, environment),
    byDefault,
  ];
  const resolved = SETTINGS.flatMap((spec) => resolveOne(spec, places) ?? []);
  return new ClientSettings(resolved, profile, profiles);
}

/** What it says; undefined: nothing. The strongest place comes first. */
type Place = (spec: SettingSpec) => Said | undefined;

function variablesWith(prefix: string, env: NodeJS.ProcessEnv): Place[] {
  const named = (name: (spec: SettingSpec) => string | undefined) => (spec: SettingSpec) => {
    const found = name(spec);
    return found === undefined ? undefined : fromVariable(spec, `${prefix}${found}`, env);
  };
  return [named((spec) => spec.variableOfOld), named((spec) => spec.variable)];
}

function resolveOne(spec: SettingSpec, places: readonly Place[]): Resolved | undefined {
  if (spec.kind === 'pairs') return mergedPairs(spec, places);
  for (const [rank, place] of places.entries()) {
    const said = place(spec);
    if (said !== undefined) return { spec, ...said, rank };
  }
  return undefined;
}

function mergedPairs(spec: SettingSpec, places: readonly Place[]): Resolved | undefined {
  const pairs = new Map<string, { readonly pair: string; readonly origin: string; readonly rank: number }>();
  const removed = new Set<string>();
  for (const [rank, place] of places.entries()) {
    const { values, removed: removedHere = [], origin } = place(spec) ?? { values: [], origin: '' };
    for (const pair of values) {
      const key = pair.slice(0, pair.indexOf('='));
      if (!pairs.has(key) && !removed.has(key)) pairs.set(key, { pair, origin, rank });
    }
    for (const key of removedHere) removed.add(key);
  }
  const found = [...pairs.values()];
  const [strongest] = found;
  if (strongest === undefined) return undefined;
  const origin = [...new Set(found.map((one) => one.origin))].join(', ');
  return { spec, values: found.map(({ pair }) => pair), origin, rank: strongest.rank };
}

/** Which profile of which file, and whether somebody asked for them. */
export function profileOf(given: Given, env: NodeJS.ProcessEnv) {
  const profile = given.last('profile') ?? variable(env, 'PROFILE');
  const file = given.last('config-file') ?? variable(env, 'CONFIG_FILE');
  return {
    profile: profile ?? DEFAULT_PROFILE,
    file: file ?? configFile(env),
    isNamed: { profile: profile !== undefined && profile !== DEFAULT_PROFILE, file: file !== undefined },
  };
}

/** Set, and not empty. */
function variable(env: NodeJS.ProcessEnv, name: string): string | undefined {
  return PREFIXES.map((prefix) => env[`${prefix}${name}`]).find((value) => value !== undefined && value !== '');
}

/** Which environment of which file of old, and whether somebody asked for them. */
export function environmentOf(given: Given, env: NodeJS.ProcessEnv) {
  const name = given.last('env') ?? variable(env, 'ENV');
  const file = given.last('env-file') ?? variable(env, 'ENV_FILE');
  return {
    name: name ?? 'default',
    file: file ?? environmentFile(env),
    isNamed: { environment: name !== undefined && name !== 'default', file: file !== undefined },
  };
}

async function yamlEnvironment(given: Given, env: NodeJS.ProcessEnv): Promise<YamlEnvironment | undefined> {
  if (given.isOn('disable-config-file')) return undefined;
  const { name, file, isNamed } = environmentOf(given, env);
  const environments = await readEnvironments(file, isNamed.file || isNamed.environment);
  const values = Object.hasOwn(environments, name) ? environments[name] : undefined;
  if (values !== undefined) return { values, origin: `environment ${name} of ${file}` };
  if (isNamed.environment) throw noEnvironment(name, file, environments);
  return undefined;
}
