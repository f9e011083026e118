// Reads the options of a command from a table of them, and writes its help from the same table. The forms are those
// of the `temporal` command line: --name value, --name=value, -n value, -n=value; a flag may be --name=false.

import { type ParseArgsConfig, parseArgs } from 'node:util';
import { isOneSlipAway } from '@perdure/server/one-slip';
import { UsageError } from './usage-error.ts';

export interface Option {
  readonly short?: string;
  /** What the value is called in the help; undefined: a flag. */
  readonly value?: string;
  /** May be given several times. */
  readonly repeatable?: boolean;
  readonly help: string;
}

export type OptionTable = Readonly<Record<string, Option>>;

/** What was given, in order. A flag that is on has the value `true`. */
export class Given {
  readonly #values: ReadonlyMap<string, readonly string[]>;

  constructor(values: ReadonlyMap<string, readonly string[]>) {
    this.#values = values;
  }

  all(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }

  /** Of an option that was given twice the last one counts. */
  last(name: string): string | undefined {
    return this.all(name).at(-1);
  }

  has(name: string): boolean {
    return this.all(name).length > 0;
  }

  isOn(name: string): boolean {
    return this.last(name) === 'true';
  }
}

/**
 * @param hint where to read on when something is wrong
 * @throws {UsageError}
 */
export function readOptions(args: readonly string[], table: OptionTable, hint: string): Given {
  const options: NonNullable<ParseArgsConfig['options']> = {};
  for (const [name, { short, value }] of Object.entries(table)) {
    options[name] = { type: value === undefined ? 'boolean' : 'string', ...(short && { short }) };
  }
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true });
  const values = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind === 'positional') throw new UsageError(`"${token.value}" is one word too many`, hint);
    if (token.kind === 'option-terminator') continue;
    const option = Object.hasOwn(table, token.name) ? table[token.name] : undefined;
    if (option === undefined)
      throw new UsageError(`unknown option ${token.rawName}${similar(token.name, table)}`, hint);
    const value = option.value === undefined ? flagValue(token, hint) : textValue(token, option.value, hint);
    values.set(token.name, [...(values.get(token.name) ?? []), value]);
  }
  return new Given(values);
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
  // A forgotten value must not swallow the next option (none begins with a digit); whoever means it writes --name=-value.
  if (value === undefined || (!inlineValue && /^-\D/.test(value))) {
    throw new UsageError(`${rawName} needs a value: ${rawName} ${valueName}`, hint);
  }
  return rawName.startsWith('--') ? value : value.replace(/^=/, '');
}

/** ` (did you mean --name?)` for a name that is one slip of the finger away, or begins the same. */
function similar(name: string, table: OptionTable): string {
  const found = Object.keys(table).find(
    (known) => isOneSlipAway(name, known) || (name.length >= 3 && known.startsWith(name)),
  );
  return found === undefined ? '' : ` (did you mean --${found}?)`;
}

const HELP_WIDTH = 100;

export function optionHelp(table: OptionTable): string {
  const rows = Object.entries(table).map(([name, { short, value, help }]) => ({
    left: `  ${short === undefined ? '    ' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`,
    help,
  }));
  const width = Math.max(...rows.map(({ left }) => left.length)) + 2;
  return rows
    .map(({ left, help }) => left.padEnd(width) + wrap(help, HELP_WIDTH - width).join(`\n${' '.repeat(width)}`))
    .join('\n');
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
