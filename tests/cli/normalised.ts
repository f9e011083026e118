// Texts without what differs from run to run, so that they can be compared with files.

/** What has nothing behind it, or is as wide as before. */
const IN_LINES: readonly (readonly [RegExp, string | ((found: string) => string)])[] = [
  // Times take more or fewer bytes.
  [/(?<=(?:HistorySize|historySizeBytes) +)\d+$/gm, '<bytes>'],
  [/^Perdure \d+\.\d+\.\d+[^\s,]*/gm, 'Perdure <version>'],
  // The bars of a trace are as long as things took.
  [/[ ░█×]*[░█][ ░█×]*/g, (bar) => ' <bar>'.padEnd(bar.length)],
];

const IN_CELLS: readonly (readonly [RegExp, string])[] = [
  [/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<date>'],
  [/\bin \d+ (second|minute|hour|day|month|year)s?\b|\b\d+ \w+ ago\b|^now$/g, '<time>'],
  // What help tells of is always the same.
  [/(?<!default )(?:\+|-|\b)\d+(\.\d+)?m?s\b/g, '<duration>'],
  [/127\.0\.0\.1:\d+/g, '127.0.0.1:<port>'],
];

const ID = /\b(wf|tq)-[0-9a-f]{8}\b|\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g;

/** Ids are numbered as they come, and columns are as wide as what is in them now. */
export function normalised(text: string): string {
  const names = new Map<string, string>();
  const withoutIds = (cell: string) =>
    cell.replaceAll(ID, (id, kind = 'id') => {
      const name = names.get(id) ?? `<${kind}-${names.size + 1}>`;
      names.set(id, name);
      return name;
    });
  let lines = text;
  for (const [pattern, name] of IN_LINES) lines = lines.replaceAll(pattern, name as string);
  const cellText = (cell: string) =>
    IN_CELLS.reduce((changed, [pattern, name]) => changed.replaceAll(pattern, name), withoutIds(cell));
  return lines
    .split('\n\n')
    .map((block) => aligned(block, cellText))
    .join('\n\n');
}

interface Cell {
  readonly start: number;
  readonly text: string;
}

/** Cells, which two spaces set apart, stay below those that they were below. */
function aligned(block: string, cellText: (cell: string) => string): string {
  const rows = block
    .split('\n')
    .map((line) =>
      [...line.matchAll(/\S+(?: \S+)*/g)].map(({ index, 0: cell }) => ({ start: index, text: cellText(cell) })),
    );
  const columns = [...new Set(rows.flatMap((row) => row.map(({ start }) => start)))].toSorted((a, b) => a - b);
  const moved = new Map<number, number>();
  for (const column of columns) {
    const needed = rows.map((row) => endBefore(row, column, moved));
    moved.set(column, needed.every((end) => end === 0) ? column : Math.max(...needed) + 2);
  }
  const shown = rows.map((row) =>
    row.reduce((line, { start, text }) => line.padEnd(moved.get(start) ?? start) + text, ''),
  );
  return shown.join('\n');
}

/** Where the text ends, after the move, that stands before a cell at this column; 0 without either. */
function endBefore(row: readonly Cell[], column: number, moved: ReadonlyMap<number, number>): number {
  const at = row.findIndex(({ start }) => start === column);
  const before = row[at - 1];
  return before === undefined ? 0 : (moved.get(before.start) ?? before.start) + before.text.length;
}
