// The configuration file: profiles in TOML, shared with the SDKs. Reading, and changes that keep what they do not touch
// (comments are lost: a changed file is written anew).

import { homedir } from 'node:os';
import { join } from 'node:path';
import type { TomlTable } from 'smol-toml';
import { CommandError, exitCode } from '../exit.ts';
import { readSettingsFile, writePrivately } from './private-file.ts';
import { isTable } from './tables.ts';
import { type UnknownKey, unknownKeys } from './unknown-keys.ts';

export const DEFAULT_PROFILE = 'default';

/** Where the system keeps the configuration of users. */
export function configFile(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): string {
  return join(configFolder(env, platform), 'temporalio', 'temporal.toml');
}

function configFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  const home = env['HOME'] ?? homedir();
  if (platform === 'win32') return env['APPDATA'] ?? join(home, 'AppData', 'Roaming');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support');
  return env['XDG_CONFIG_HOME'] ?? join(home, '.config');
}

/** The profiles of a file, with all that stands in it. */
export class ProfileFile {
  readonly path: string;
  readonly #content: TomlTable;

  private constructor(path: string, content: TomlTable) {
    this.path = path;
    this.#content = content;
    for (const profile of Object.values(this.#profiles)) {
      if (isTable(profile) && isTable(profile['grpc_meta']))
        profile['grpc_meta'] = withHeaderNames(profile['grpc_meta']);
    }
  }

  /**
   * @param isRequired somebody named the file: it must be there
   * @throws {CommandError} it cannot be read
   */
  static async read(path: string, isRequired = false): Promise<ProfileFile> {
    const text = await readSettingsFile(path, 'the configuration file', isRequired);
    // Most commands run without a file: they need no TOML.
    if (text === undefined || text === '') return new ProfileFile(path, {});
    const { parse, TomlError } = await import('smol-toml');
    try {
      return new ProfileFile(path, parse(text));
    } catch (error) {
      if (!(error instanceof TomlError)) throw error;
      throw new CommandError(`the configuration file ${path} is not TOML: ${error.message}`, exitCode.FAILED);
    }
  }

  get names(): string[] {
    return Object.entries(this.#profiles).flatMap(([name, value]) => (isTable(value) ? name : []));
  }

  has(profile: string): boolean {
    return Object.hasOwn(this.#profiles, profile) && isTable(this.#profiles[profile]);
  }

  /** By the path of its table: `tls.server_name`. Undefined: it is not set. */
  get(profile: string, property: string): unknown {
    let at: unknown = this.has(profile) ? this.#profiles[profile] : undefined;
    for (const key of keysOf(property)) at = isTable(at) && Object.hasOwn(at, key) ? at[key] : undefined;
    return at;
  }

  /** All of it, as it stands in the file. */
  table(profile: string): TomlTable | undefined {
    const found = this.has(profile) ? this.#profiles[profile] : undefined;
    return isTable(found) ? found : undefined;
  }

  /** @param profiles whose keys to look at, besides those of the whole file; undefined: of all */
  unknownKeys(profiles?: readonly string[]): UnknownKey[] {
    return unknownKeys(this.#content, profiles);
  }

  /** All properties, tables flattened. */
  entries(profile: string): [property: string, value: unknown][] {
    return flattened(this.#profiles[profile], '');
  }

  set(profile: string, property: string, value: string | boolean): void {
    const keys = keysOf(property);
    const last = keys.pop() ?? property;
    let at = tableIn(tableIn(this.#content, 'profile'), profile);
    for (const key of keys) at = tableIn(at, key);
    at[last] = value;
  }

  /** As the SDKs read it: TLS is used if its table is there. On: what the table says stays as it is. */
  setTls(profile: string, isOn: boolean): void {
    const table = tableIn(tableIn(this.#content, 'profile'), profile);
    if (isOn) tableIn(table, 'tls');
    else delete table['tls'];
  }

  /** Returns whether it was there. */
  delete(profile: string, property: string): boolean {
    const keys = keysOf(property);
    const last = keys.pop() ?? property;
    const parent = keys.length === 0 ? this.#profiles[profile] : this.get(profile, keys.join('.'));
    if (!isTable(parent) || !Object.hasOwn(parent, last)) return false;
    delete parent[last];
    return true;
  }

  deleteProfile(profile: string): boolean {
    const profiles = this.#profiles;
    if (!Object.hasOwn(profiles, profile)) return false;
    delete profiles[profile];
    return true;
  }

  async write(): Promise<void> {
    const { stringify } = await import('smol-toml');
    await writePrivately(this.path, `${stringify(this.#content)}\n`);
  }

  get #profiles(): TomlTable {
    const profiles = this.#content['profile'];
    return isTable(profiles) ? profiles : {};
  }
}

/** Names of headers may have dots of their own. */
function keysOf(property: string): string[] {
  const [, table, header] = /^(grpc_meta|codec\.headers)\.(.+)$/.exec(property) ?? [];
  if (table === undefined || header === undefined) return property.split('.');
  return table === 'grpc_meta' ? [table, headerName(header)] : [...table.split('.'), header];
}

/** As the SDKs have it: `X_Team` is the header `x-team`. */
export function headerName(key: string): string {
  return key.toLowerCase().replaceAll('_', '-');
}

function withHeaderNames(table: TomlTable): TomlTable {
  return Object.fromEntries(Object.entries(table).map(([key, value]) => [headerName(key), value]));
}

function tableIn(table: TomlTable, key: string): TomlTable {
  const found = Object.hasOwn(table, key) ? table[key] : undefined;
  if (isTable(found)) return found;
  const made: TomlTable = {};
  table[key] = made;
  return made;
}

function flattened(value: unknown, prefix: string): [string, unknown][] {
  if (!isTable(value)) return prefix === '' ? [] : [[prefix, value]];
  return Object.entries(value).flatMap(([key, member]) => flattened(member, prefix === '' ? key : `${prefix}.${key}`));
}
