// Where commands print: one object, many items, or lines of text, each in the format that --output asks for. Errors and
// questions never come here; they go to stderr.
//
// The contract for programs: `json` is one valid document, also while a list is still coming; `jsonl` is one object a
// line; fields of the API keep their names. Texts may change.

import { once } from 'node:events';
import type { Message } from '../client/message.ts';
import { alignedLine, csvLine, markdownLine, padEnd, widthOf, widthsOf } from './columns.ts';
import { FieldReader, valueText } from './fields.ts';
import { type Printable, toJson } from './json.ts';
import { type Kind, paint } from './style.ts';
import { type TimeFormat, timeText } from './times.ts';
import { visible, visibleLine } from './visible.ts';

export type Format = 'text' | 'json' | 'jsonl' | 'csv' | 'md' | 'none';

export interface OutputOptions {
  readonly stdout: NodeJS.WritableStream;
  readonly format: Format;
  /** Names of columns or paths of fields; undefined: as the command has it. */
  readonly fields: readonly string[] | undefined;
  readonly timeFormat: TimeFormat;
  readonly color: boolean;
  readonly payloadShorthand: boolean;
  /** stdout is a terminal. */
  readonly isTerminal: boolean;
  readonly now: () => number;
  /** Tells people what may be wrong with what they asked for; never data. */
  readonly warn: (message: string) => void;
}

export interface Column<Item> {
  readonly name: string;
  /** As text; times by `out.time`. */
  readonly of: (item: Item) => string | number | undefined;
  /** So wide even if nothing in it is: for tables that go on while they are looked at. */
  readonly widthMin?: number;
}

export interface ListOptions {
  /** Each item is shown as it comes. */
  readonly isLive?: boolean;
}

export type Row = readonly [label: string, value: string | number | undefined];

/** So many items of a list are looked at before its columns get their widths. */
const MEASURED = 100;

const STATUS_KINDS: Readonly<Record<string, Kind>> = {
  Running: 'info',
  Completed: 'good',
  Failed: 'bad',
  TimedOut: 'bad',
  Terminated: 'bad',
  Canceled: 'warn',
};

export class Output {
  readonly #options: OutputOptions;
  readonly #reader = new FieldReader();

  constructor(options: OutputOptions) {
    this.#options = options;
  }

  get format(): Format {
    return this.#options.format;
  }

  /** For people: text or Markdown. Nothing but data may be printed otherwise. */
  get isText(): boolean {
    return this.format === 'text' || this.format === 'md';
  }

  /** Programs read JSON. */
  get isJson(): boolean {
    return this.format === 'json' || this.format === 'jsonl';
  }

  get isTerminal(): boolean {
    return this.#options.isTerminal;
  }

  get color(): boolean {
    return this.#options.color;
  }

  get payloadShorthand(): boolean {
    return this.#options.payloadShorthand;
  }

  now(): number {
    return this.#options.now();
  }

  /** A time of proto JSON, as --time-format says. */
  time(time: string | undefined): string {
    return timeText(time, this.format === 'csv' ? 'raw' : this.#options.timeFormat, this.now());
  }

  paint(kind: Kind, text: string): string {
    return this.color && this.format === 'text' ? paint(kind, text) : text;
  }

  /** The status of an execution, in its colour. */
  status(name: string): string {
    const kind = STATUS_KINDS[name];
    return kind === undefined ? name : this.paint(kind, name);
  }

  /** One object for programs; for people, what `text` prints. */
  async object(value: Message | Printable, text: () => Promise<void> | void): Promise<void> {
    const { fields } = this.#options;
    if (this.isJson) {
      await this.line(this.#json(fields === undefined ? value : this.#reader.all(value, fields)));
    } else if (fields !== undefined && this.format !== 'none') {
      await this.card(
        '',
        fields.map((name) => [name, valueText(this.#reader.one(value, name))]),
      );
    } else if (this.format !== 'none') {
      await text();
    }
    this.#warnOfMissing([]);
  }

  /** Many of a kind: an array, objects in lines, or a table. Returns how many there were. */
  async list<Item extends Message | Printable>(
    items: AsyncIterable<Item> | Iterable<Item>,
    columns: readonly Column<Item>[],
    { isLive = false }: ListOptions = {},
  ): Promise<number> {
    if (this.format === 'none') return countOf(items);
    const count = await (this.isJson
      ? this.#jsonList(items)
      : this.#table(items, this.#shownColumns(columns), isLive ? 1 : MEASURED));
    this.#warnOfMissing(this.isJson ? [] : columns.map(({ name }) => name));
    return count;
  }

  /** A field that is empty everywhere is missing as well: it is no error. */
  #warnOfMissing(columns: readonly string[]): void {
    const { missing } = this.#reader;
    if (missing.length === 0) return;
    const known = columns.length === 0 ? '' : `columns are ${columns.join(', ')}; `;
    this.#options.warn(`Nothing here has the field ${missing.join(', ')} (${known}-o json shows all fields).`);
  }

  /** Labels and values under a heading; those without a value are left out. */
  async card(heading: string, rows: readonly Row[]): Promise<void> {
    const shown = rows.flatMap(([label, value]) =>
      value === undefined || value === '' ? [] : [[label, String(value)]],
    );
    if (shown.length === 0) return;
    if (this.format === 'csv') return this.#lines(shown.map(csvLine));
    if (this.format === 'md') return this.#markdown(heading, ['Field', 'Value'], shown);
    const width = Math.max(...shown.map(([label = '']) => widthOf(label)));
    const lines = shown.map(([label = '', value = '']) => {
      const indented = value.replaceAll('\n', `\n${' '.repeat(width + 4)}`);
      return `  ${padEnd(label, width)}  ${indented}`;
    });
    await this.#lines(heading === '' ? lines : [this.paint('heading', `${heading}:`), ...lines]);
  }

  async table(heading: string, names: readonly string[], rows: readonly (readonly string[])[]): Promise<void> {
    if (this.format === 'csv') return this.#lines([names, ...rows].map(csvLine));
    if (this.format === 'md') return this.#markdown(heading, names, rows);
    const lines = rows.map((row) => row.map((cell) => this.#cell(cell)));
    const widths = widthsOf([names, ...lines]);
    const head = alignedLine(names, widths);
    if (heading !== '') await this.line(this.paint('heading', `${heading}:`));
    await this.#lines([`  ${this.paint('faint', head)}`, ...lines.map((row) => `  ${alignedLine(row, widths)}`)]);
  }

  /** A text, with a line break behind it. Waits until a slow reader has taken enough. */
  async line(text = ''): Promise<void> {
    const isRaw = this.isJson || (this.format === 'csv' && !this.isTerminal);
    await this.write(`${isRaw ? text : visible(text, this.color)}\n`);
  }

  async write(text: string): Promise<void> {
    const { stdout } = this.#options;
    if (!stdout.write(text)) await once(stdout, 'drain');
  }

  #json(value: Message | Printable): string {
    const { payloadShorthand } = this.#options;
    return toJson(value, { pretty: this.format === 'json', payloadShorthand });
  }

  async #jsonList(items: AsyncIterable<Message | Printable> | Iterable<Message | Printable>): Promise<number> {
    const { fields } = this.#options;
    const isArray = this.format === 'json';
    let count = 0;
    try {
      for await (const item of items) {
        const text = this.#json(fields === undefined ? item : this.#reader.all(item, fields));
        if (isArray) await this.write(`${count === 0 ? '[\n' : ',\n'}${text.replaceAll(/^/gm, '  ')}`);
        else await this.line(text);
        count++;
      }
    } finally {
      // Also of a list that broke off: Ctrl-C is how watching ends.
      if (isArray && count > 0) await this.write('\n]\n');
    }
    if (isArray && count === 0) await this.write('[]\n');
    return count;
  }

  async #table<Item>(
    items: AsyncIterable<Item> | Iterable<Item>,
    columns: readonly Column<Item>[],
    measured: number,
  ): Promise<number> {
    const names = columns.map(({ name }) => name);
    const cellsOf = (item: Item) => columns.map(({ of }) => this.#cell(String(of(item) ?? '')));
    let waiting: string[][] = [];
    let widths: number[] | undefined;
    let count = 0;
    const flush = async () => {
      const isFirst = widths === undefined;
      widths ??= widthsOf([names, ...waiting]).map((width, at) => Math.max(width, columns[at]?.widthMin ?? 0));
      if (isFirst) await this.#lines(this.#head(names, widths));
      for (const cells of waiting) await this.line(this.#row(cells, widths));
      waiting = [];
    };
    for await (const item of items) {
      waiting.push(cellsOf(item));
      if (++count % measured === 0) await flush();
    }
    if (count === 0 && this.format === 'text') return 0;
    await flush();
    return count;
  }

  /** In texts, a row is a line. */
  #cell(text: string): string {
    return this.format === 'text' ? visibleLine(text, this.color) : text;
  }

  #head(names: readonly string[], widths: readonly number[]): string[] {
    if (this.format === 'csv') return [csvLine(names)];
    if (this.format === 'md') return [markdownLine(names), markdownLine(names.map(() => '---'))];
    return [this.paint('heading', alignedLine(names, widths))];
  }

  #row(cells: readonly string[], widths: readonly number[]): string {
    if (this.format === 'csv') return csvLine(cells);
    return this.format === 'md' ? markdownLine(cells) : alignedLine(cells, widths);
  }

  #shownColumns<Item extends Message | Printable>(columns: readonly Column<Item>[]): readonly Column<Item>[] {
    return (
      this.#options.fields?.map((name) => {
        const known = columns.find((column) => column.name.toLowerCase() === name.toLowerCase());
        return known ?? { name, of: (item: Item) => valueText(this.#reader.one(item, name)) };
      }) ?? columns
    );
  }

  async #markdown(heading: string, names: readonly string[], rows: readonly (readonly string[])[]): Promise<void> {
    if (heading !== '') await this.#lines([`### ${heading}`, '']);
    await this.#lines([markdownLine(names), markdownLine(names.map(() => '---')), ...rows.map(markdownLine), '']);
  }

  async #lines(lines: readonly string[]): Promise<void> {
    for (const line of lines) await this.line(line);
  }
}

async function countOf(items: AsyncIterable<unknown> | Iterable<unknown>): Promise<number> {
  let count = 0;
  for await (const _ of items) count++;
  return count;
}
