// Keys of the configuration file that nothing reads: most often slips of the finger, sometimes keys of a newer version.
// They are told, never refused.

import type { TomlTable } from 'smol-toml';
import { similarWord } from '../table/options.ts';
import { SETTINGS } from './settings.ts';
import { isTable } from './tables.ts';

export interface UnknownKey {
  /** The whole path: `profile.prod.adress`. */
  readonly key: string;
  /** What was meant, as a path of the same kind, if anything is near. */
  readonly meant: string | undefined;
}

/** All that a profile may say, by the path of its table. */
export const PROPERTIES: readonly string[] = [...SETTINGS.map(({ property }) => property), 'tls', 'tls.disabled'];
/** Tables whose members have names of their own. */
export const OPEN_TABLES: readonly string[] = ['grpc_meta', 'codec.headers'];
/** Kept by the `temporal` command in the same file, for itself. */
const OF_OTHERS: readonly string[] = ['oauth'];
const TABLES: readonly string[] = ['tls', 'codec', ...OPEN_TABLES];

/** @param profiles whose keys to look at; undefined: of all */
export function unknownKeys(content: TomlTable, profiles?: readonly string[]): UnknownKey[] {
  return Object.entries(content).flatMap(([key, value]) => {
    if (key !== 'profile') return { key, meant: similarWord(key, ['profile']) };
    if (!isTable(value)) return { key, meant: undefined };
    return Object.entries(value).flatMap(([name, profile]) => {
      // Its name was forgotten: [profile] instead of [profile.default].
      if (!isTable(profile))
        return { key: `profile.${name}`, meant: PROPERTIES.includes(name) ? inProfile('default', name) : undefined };
      if (profiles?.includes(name) === false) return [];
      return unknownIn(profile, '').map((path) => ({ key: inProfile(name, path), meant: similarPath(name, path) }));
    });
  });
}

/** @param prefix of the table: `tls.` */
function unknownIn(table: TomlTable, prefix: string): string[] {
  return Object.entries(table).flatMap(([key, value]) => {
    const path = `${prefix}${key}`;
    if (OPEN_TABLES.includes(path) || OF_OTHERS.includes(path)) return [];
    if (isTable(value) && TABLES.includes(path)) return unknownIn(value, `${path}.`);
    return PROPERTIES.includes(path) ? [] : path;
  });
}

function similarPath(profile: string, path: string): string | undefined {
  const known = [...PROPERTIES, ...TABLES];
  // Near, or in the wrong table.
  const name = path.slice(path.lastIndexOf('.') + 1);
  const meant = similarWord(path, known) ?? known.find((one) => one.endsWith(`.${name}`) || one === name);
  return meant === undefined ? undefined : inProfile(profile, meant);
}

function inProfile(profile: string, path: string): string {
  return `profile.${profile}.${path}`;
}

export function unknownKeyText({ key, meant }: UnknownKey, file: string): string {
  return `nothing reads ${key} in ${file}${meant === undefined ? '' : ` (did you mean ${meant}?)`}`;
}
