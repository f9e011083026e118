// Tables: as aligned text, as CSV (RFC 4180) and as Markdown.

import { stripVTControlCharacters } from 'node:util';
import { visibleLine } from './visible.ts';

const GAP = '  ';
/** A cell may not take the whole line. */
const CELL_MAX = 80;

/** How many columns of a terminal the text takes. */
export function widthOf(text: string): number {
  let width = 0;
  for (const char of stripVTControlCharacters(text)) width += isWide(char.codePointAt(0) ?? 0) ? 2 : 1;
  return width;
}

/** East Asian characters and most emoji. */
function isWide(point: number): boolean {
  return (
    (point >= 0x1100 && point <= 0x115f) ||
    (point >= 0x2e80 && point <= 0xa4cf) ||
    (point >= 0xac00 && point <= 0xd7a3) ||
    (point >= 0xf900 && point <= 0xfaff) ||
    (point >= 0xfe30 && point <= 0xfe6f) ||
    (point >= 0xff00 && point <= 0xff60) ||
    (point >= 0x1f300 && point <= 0x1faff) ||
    (point >= 0x20000 && point <= 0x3fffd)
  );
}

/** Widths that fit these rows. */
export function widthsOf(rows: readonly (readonly string[])[]): number[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, Math.min(widthOf(cell), CELL_MAX));
  }
  return widths;
}

export function alignedLine(cells: readonly string[], widths: readonly number[]): string {
  return cells
    .map((cell, at) => (at === cells.length - 1 ? cell : padEnd(cell, widths[at] ?? 0)))
    .join(GAP)
    .trimEnd();
}

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** One line, no wider than that; what is cut ends in an ellipsis. */
export function cutTo(whole: string, width: number): string {
  const text = visibleLine(whole);
  if (widthOf(text) <= width) return text;
  let cut = '';
  let left = width - 1;
  for (const char of text) {
    left -= widthOf(char);
    if (left < 0) break;
    cut += char;
  }
  return `${cut}…`;
}

export function csvLine(cells: readonly string[]): string {
  return cells.map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',');
}

export function markdownLine(cells: readonly string[]): string {
  const escaped = cells.map((cell) =>
    cell.replaceAll('\\', '\\\\').replaceAll('|', '\\|').replaceAll(/\r?\n/g, '<br>'),
  );
  return `| ${escaped.join(' | ')} |`;
}
