// Which setting counts: the option, else the variable, else the profile, else the old YAML environment, else the default.

import { CommandError, exitCode } from '../exit.ts';
import type { Given } from '../table/options.ts';
import { pairsOf } from '../table/values.ts';
import { environmentFile, noEnvironment, readEnvironments, textOf } from './environments.ts';
import { configFile, DEFAULT_PROFILE, isTable, ProfileFile } from './profiles.ts';
import { type Resolved, SETTINGS, type SettingSpec } from './settings.ts';

export interface Sources {
  readonly given: Given;
  readonly env: NodeJS.ProcessEnv;
}

export class ClientSettings {
  readonly #byOption: ReadonlyMap<string, Resolved>;
  readonly profile: string;
  /** Undefined: none is read. */
  readonly file: string | undefined;

  constructor(resolved: readonly Resolved[], profile: string, file: string | undefined) {
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
  const places: readonly ((spec: SettingSpec) => Resolved | undefined)[] = [
    (spec) => fromOption(spec, given),
    (spec) => fromVariable(spec, env),
    (spec) => profiles && fromProfile(spec, profiles, profile),
    (spec) => fromYaml(spec, environment),
    byDefault,
  ];
  const resolved = SETTINGS.flatMap((spec) => {
    for (const [rank, place] of places.entries()) {
      const found = place(spec);
      if (found !== undefined) return [{ ...found, rank }];
    }
    return [];
  });
  return new ClientSettings(resolved, profile, profiles?.path);
}

/** Which profile of which file, and whether somebody asked for them. */
export function profileOf(given: Given, env: NodeJS.ProcessEnv) {
  const profile = given.last('profile') ?? variable(env, 'PROFILE')?.value;
  const file = given.last('config-file') ?? variable(env, 'CONFIG_FILE')?.value;
  return {
    profile: profile ?? DEFAULT_PROFILE,
    file: file ?? configFile(env),
    isNamed: { profile: profile !== undefined && profile !== DEFAULT_PROFILE, file: file !== undefined },
  };
}

/** Set, and not empty; our own name is the stronger one. */
function variable(env: NodeJS.ProcessEnv, name: string): { readonly name: string; readonly value: string } | undefined {
  for (const full of [`PERDURE_${name}`, `TEMPORAL_${name}`]) {
    const value = env[full];
    if (value) return { name: full, value };
  }
  return undefined;
}

function fromOption(spec: SettingSpec, given: Given): Resolved | undefined {
  if (!given.knows(spec.option) || !given.has(spec.option)) return undefined;
  return { spec, values: given.all(spec.option), origin: `--${spec.option}` };
}

function fromVariable(spec: SettingSpec, env: NodeJS.ProcessEnv): Resolved | undefined {
  if (spec.kind === 'pairs') return pairsFromVariables(spec, env);
  for (const name of spec.variables) {
    const found = variable(env, name);
    if (found === undefined) continue;
    const value = spec.kind === 'flag' ? flagOf(found.value, found.name) : found.value;
    return { spec, values: [value], origin: found.name };
  }
  return undefined;
}

/** `TEMPORAL_GRPC_META_X_TEAM=a` is the header `x-team`. */
function pairsFromVariables(spec: SettingSpec, env: NodeJS.ProcessEnv): Resolved | undefined {
  const values: string[] = [];
  const names: string[] = [];
  for (const prefix of spec.variables.flatMap((name) => [`TEMPORAL_${name}_`, `PERDURE_${name}_`])) {
    for (const [name, value] of Object.entries(env)) {
      if (!name.startsWith(prefix) || !value) continue;
      values.push(`${name.slice(prefix.length).toLowerCase().replaceAll('_', '-')}=${value}`);
      names.push(name);
    }
  }
  return values.length === 0 ? undefined : { spec, values, origin: names.join(', ') };
}

function fromProfile(spec: SettingSpec, file: ProfileFile, profile: string): Resolved | undefined {
  const value = file.get(profile, spec.property);
  const origin = `profile ${profile} of ${file.path}`;
  if (value === undefined) return spec.option === 'tls' ? disabledTls(spec, file, profile, origin) : undefined;
  if (spec.kind === 'pairs') {
    if (!isTable(value)) throw wrongType(spec, origin, 'a table');
    return { spec, values: Object.entries(value).map(([key, one]) => `${key}=${textOf(one)}`), origin };
  }
  if (typeof value !== 'string' && typeof value !== 'boolean') {
    throw wrongType(spec, origin, spec.kind === 'flag' ? 'true or false' : 'a text');
  }
  return { spec, values: [spec.kind === 'flag' ? flagOf(String(value), origin) : String(value)], origin };
}

/** The SDKs say it the other way. */
function disabledTls(spec: SettingSpec, file: ProfileFile, profile: string, origin: string): Resolved | undefined {
  const disabled = file.get(profile, 'tls.disabled');
  if (typeof disabled === 'boolean') return { spec, values: [String(!disabled)], origin };
  // `tls = true`, or an empty table.
  const table = file.get(profile, 'tls');
  return table === true || isTable(table) ? { spec, values: ['true'], origin } : undefined;
}

function wrongType(spec: SettingSpec, origin: string, expected: string): CommandError {
  return new CommandError(`${spec.property} in ${origin} must be ${expected}`, exitCode.FAILED);
}

interface YamlEnvironment {
  readonly values: Readonly<Record<string, string>>;
  readonly origin: string;
}

/** Which environment of which file of old, and whether somebody asked for them. */
export function environmentOf(given: Given, env: NodeJS.ProcessEnv) {
  const name = given.last('env') ?? variable(env, 'ENV')?.value;
  const file = given.last('env-file') ?? variable(env, 'ENV_FILE')?.value;
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

function fromYaml(spec: SettingSpec, environment: YamlEnvironment | undefined): Resolved | undefined {
  if (environment === undefined || !Object.hasOwn(environment.values, spec.option)) return undefined;
  const value = environment.values[spec.option] ?? '';
  const { origin } = environment;
  return { spec, values: [spec.kind === 'flag' ? flagOf(value, origin) : value], origin };
}

function byDefault(spec: SettingSpec): Resolved | undefined {
  return spec.byDefault === undefined ? undefined : { spec, values: [spec.byDefault], origin: 'default' };
}

function flagOf(text: string, where: string): string {
  if (/^(true|1|t|yes|on)$/i.test(text)) return 'true';
  if (/^(false|0|f|no|off)$/i.test(text)) return 'false';
  throw new CommandError(`${where} must be true or false, it is "${text}"`, exitCode.FAILED);
}
