// Options as data: what a command accepts, and reading a command line by it. The forms are those of the `temporal`
// command line: --name value, --name=value, -n value, -n=value; a flag may be --name=false. The parser underneath is
// the one of Node.js: what others lack is just `-n=value` and `--flag=false`, which scripts use.

import { type ParseArgsConfig, parseArgs } from 'node:util';
import { isOneSlipAway } from '@perdure/server/one-slip';
import { UsageError } from './usage-error.ts';
import { durationJson, pairsOf, parseDurationMs, parseTime } from './values.ts';

export interface Option {
  readonly short?: string;
  /** What the value is called in the help; undefined: a flag. */
  readonly value?: string;
  /** What a value must be; any text otherwise. */
  readonly kind?: 'integer' | 'number' | 'duration' | 'time' | 'pair';
  /** The values that there are; case does not matter. */
  readonly oneOf?: readonly string[];
  /** May be given several times. */
  readonly repeatable?: boolean;
  readonly required?: boolean;
  /** Other names, which the help leaves out. */
  readonly aliases?: readonly string[];
  /** Variables that say the same, the strongest first. For the help: who reads them says so. */
  readonly env?: readonly string[];
  readonly help: string;
}

export type OptionTable = Readonly<Record<string, Option>>;

/** What was given, in order, and checked. A flag that is on has the value `true`. */
export class Given {
  readonly #table: OptionTable;
  readonly #values: ReadonlyMap<string, readonly string[]>;

  constructor(table: OptionTable, values: ReadonlyMap<string, readonly string[]>) {
    this.#table = table;
    this.#values = values;
  }

  all(name: string): readonly string[] {
    if (!Object.hasOwn(this.#table, name)) throw new Error(`the command has no option --${name}`);
    return this.#values.get(name) ?? [];
  }

  /** Of an option that was given twice the last one counts. */
  last(name: string): string | undefined {
    return this.all(name).at(-1);
  }

  /** Of an option that is required. */
  text(name: string): string {
    const value = this.last(name);
    if (value === undefined) throw new Error(`--${name} is not required, and was not given`);
    return value;
  }

  has(name: string): boolean {
    return this.all(name).length > 0;
  }

  isOn(name: string): boolean {
    return this.last(name) === 'true';
  }

  number(name: string): number | undefined {
    const value = this.last(name);
    return value === undefined ? undefined : Number(value);
  }

  durationMs(name: string): number | undefined {
    const value = this.last(name);
    return value === undefined ? undefined : parseDurationMs(value);
  }

  /** The same as proto JSON has it. */
  duration(name: string): string | undefined {
    const ms = this.durationMs(name);
    return ms === undefined ? undefined : durationJson(ms);
  }

  /** As proto JSON has it: RFC 3339, in UTC. */
  time(name: string): string | undefined {
    const value = this.last(name);
    return value === undefined ? undefined : parseTime(value);
  }

  /** KEY=VALUE, repeated. */
  pairs(name: string): ReadonlyMap<string, string> {
    return pairsOf(this.all(name));
  }

  /** All options that were given. */
  get names(): readonly string[] {
    return [...this.#values.keys()];
  }

  /** Whether the command has the option at all. */
  knows(name: string): boolean {
    return Object.hasOwn(this.#table, name);
  }
}

/**
 * @param positionals options whose values may come without their names, in order; the last of them takes all that
 *   follow if it is repeatable
 * @param hint where to read on when something is wrong
 * @throws {UsageError}
 */
export function readOptions(
  args: readonly string[],
  table: OptionTable,
  hint: string,
  positionals: readonly string[] = [],
): Given {
  const values = new Map<string, string[]>();
  const add = (name: string, value: string) => values.set(name, [...(values.get(name) ?? []), value]);
  let position = 0;
  const byName = namesOf(table);
  for (const token of tokensOf(args, table)) {
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'positional') {
      const name = positionals[Math.min(position++, positionals.length - 1)];
      if (name === undefined || (position > positionals.length && table[name]?.repeatable !== true))
        throw new UsageError(`"${token.value}" is one word too many`, hint);
      add(name, checked(token.value, token.value, optionOf(table, name), hint));
      continue;
    }
    const name = byName.get(token.name);
    if (name === undefined) throw new UsageError(`unknown option ${token.rawName}${similar(token.name, table)}`, hint);
    const option = optionOf(table, name);
    const value = option.value === undefined ? flagValue(token, hint) : textValue(token, option.value, hint);
    add(name, checked(value, token.rawName, option, hint));
  }
  return new Given(table, values);
}

/** @throws {UsageError} something that must be given was not, or is an empty id or name */
export function checkRequired(given: Given, table: OptionTable, hint: string): void {
  const empty = Object.entries(table).filter(([name, option]) => namesSomething(option) && given.last(name) === '');
  if (empty.length > 0) throw new UsageError(`--${empty[0]?.[0]} must not be empty`, hint);
  const missing = Object.entries(table).filter(([name, { required }]) => required === true && !given.has(name));
  if (missing.length === 0) return;
  const names = missing.map(([name, { value }]) => `--${name}${value === undefined ? '' : ` ${value}`}`);
  throw new UsageError(`${names.join(' and ')} must be given`, hint);
}

/** Of such an option an empty value is a variable of a script that is not set. */
function namesSomething({ required, value }: Option): boolean {
  return required === true && (value === 'ID' || value === 'NAME');
}

function optionOf(table: OptionTable, name: string): Option {
  const option = table[name];
  if (option === undefined) throw new Error(`there is no option --${name}`);
  return option;
}

function namesOf(table: OptionTable): Map<string, string> {
  const names = new Map<string, string>();
  for (const [name, { aliases = [] }] of Object.entries(table)) {
    for (const each of [name, ...aliases]) names.set(each, name);
  }
  return names;
}

function tokensOf(args: readonly string[], table: OptionTable) {
  const options: NonNullable<ParseArgsConfig['options']> = {};
  for (const [name, { short, value, aliases = [] }] of Object.entries(table)) {
    const type = value === undefined ? 'boolean' : 'string';
    options[name] = { type, ...(short && { short }) };
    for (const alias of aliases) options[alias] = { type };
  }
  return parseArgs({ args: [...args], options, strict: false, tokens: true }).tokens;
}

interface OptionToken {
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

function flagValue({ rawName, value }: OptionToken, hint: string): string {
  if (value === undefined || value === 'true') return 'true';
  if (value === 'false') return value;
  throw new UsageError(`${rawName} is a flag: it is given without a value, or as ${rawName}=false`, hint);
}

function textValue({ rawName, value, inlineValue }: OptionToken, valueName: string, hint: string): string {
  // A forgotten value must not swallow the next option (none begins with a digit, nor is it a certificate); whoever means
  // it writes --name=-value.
  if (value === undefined || (!inlineValue && /^-(?!\d|----BEGIN )./.test(value))) {
    throw new UsageError(`${rawName} needs a value: ${rawName} ${valueName}`, hint);
  }
  return rawName.startsWith('--') ? value : value.replace(/^=/, '');
}

/** The value in the spelling that the command expects. */
function checked(value: string, rawName: string, { oneOf, kind }: Option, hint: string): string {
  const wrong = (expected: string) => new UsageError(`${rawName} must be ${expected}, it is "${value}"`, hint);
  if (oneOf !== undefined) {
    const found = oneOf.find((one) => one.toLowerCase() === value.toLowerCase());
    if (found === undefined) throw wrong(`one of ${oneOf.join(', ')}`);
    return found;
  }
  if (kind === 'integer' && !/^-?\d{1,15}$/.test(value)) throw wrong('a whole number');
  if (kind === 'number' && !(value.trim() !== '' && Number.isFinite(Number(value)))) throw wrong('a number');
  if (kind === 'duration' && !((parseDurationMs(value) ?? -1) >= 0)) throw wrong('a duration like 90s, 1h30m or 3d');
  if (kind === 'time' && parseTime(value) === undefined) throw wrong('a time like 2026-01-31T09:30:00Z');
  if (kind === 'pair' && value.indexOf('=') < 1) throw wrong('of the form KEY=VALUE');
  return value;
}

/** ` (did you mean --name?)` for a name that is one slip of the finger away, begins the same, or has it as a part. */
function similar(name: string, table: OptionTable): string {
  const names = Object.keys(table);
  const found = similarWord(name, names);
  // --timeout is a part of several.
  const meant = found === undefined ? names.filter((one) => one.split('-').includes(name)) : [found];
  return meant.length === 0 ? '' : ` (did you mean ${meant.map((one) => `--${one}`).join(' or ')}?)`;
}

export function similarWord(word: string, known: readonly string[]): string | undefined {
  return known.find((one) => isOneSlipAway(word, one) || (word.length >= 3 && one.startsWith(word)));
}
