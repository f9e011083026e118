// Tables of a TOML or YAML file.

import type { TomlTable } from 'smol-toml';

export function isTable(value: unknown): value is TomlTable {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
