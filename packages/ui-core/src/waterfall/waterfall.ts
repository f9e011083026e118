// A waterfall as text: one line for each group, with its bar on a time axis that all lines share.
import { type EventGroup, kindWords, type Segment } from '../groups/group.ts';
import { durationWords } from '../time/words.ts';
import { ASCII, type Glyphs, UNICODE } from './glyphs.ts';

export interface WaterfallOptions {
  /** Columns of a whole line; at least 40 are used. */
  readonly width: number;
  /** Where bars end that are open. */
  readonly nowMs: number;
  /** Default: from the first thing that happened to the last one, or to now if something is open. */
  readonly fromMs?: number;
  readonly toMs?: number;
  readonly ascii?: boolean;
}

export interface WaterfallLine {
  readonly group: EventGroup;
  readonly label: string;
  readonly bar: string;
  /** The status, one column wide. */
  readonly mark: string;
  readonly duration: string;
}

export interface Waterfall {
  readonly fromMs: number;
  readonly toMs: number;
  readonly axis: WaterfallText;
  readonly lines: readonly WaterfallLine[];
}

type WaterfallText = Omit<WaterfallLine, 'group'>;

const WIDTH_MIN = 40;
const LABEL_SHARE_MAX = 0.4;
const DURATION_WIDTH = '59m 59s'.length;
/** The label, the bar, the mark and the duration are one space apart. */
const SPACES = 3;

/** Show what belongs to a viewer's question: usually all groups but the workflow tasks. */
export function waterfall(groups: readonly EventGroup[], options: WaterfallOptions): Waterfall {
  const { nowMs, ascii = false } = options;
  const width = Math.max(options.width, WIDTH_MIN);
  const range = rangeOf(groups, options);
  const labels = groups.map(labelOf);
  const labelWidth = Math.min(
    Math.floor(width * LABEL_SHARE_MAX),
    Math.max(0, ...labels.map((label) => characters(label).length)),
  );
  const barWidth = width - labelWidth - DURATION_WIDTH - 1 - SPACES;
  const glyphs = ascii ? ASCII : UNICODE;
  const scale = { ...range, width: barWidth, nowMs, glyphs };
  return {
    ...range,
    axis: axisOf(range, labelWidth, barWidth),
    lines: groups.map((group, at) => ({
      group,
      label: fit(labels[at] ?? '', labelWidth, glyphs),
      bar: barOf(group, scale),
      mark: glyphs.marks[group.status],
      duration: durationOf(group, nowMs).padStart(DURATION_WIDTH),
    })),
  };
}

/** The axis, and a line for each group. */
export function waterfallLines({ axis, lines }: Waterfall): string[] {
  return [axis, ...lines].map(({ label, bar, mark, duration }) => `${label} ${bar} ${mark} ${duration}`.trimEnd());
}

interface Range {
  readonly fromMs: number;
  readonly toMs: number;
}

function rangeOf(groups: readonly EventGroup[], { nowMs, fromMs, toMs }: WaterfallOptions): Range {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const group of groups) {
    first = Math.min(first, beginOf(group) ?? first);
    last = Math.max(last, group.closedMs ?? nowMs);
  }
  const from = fromMs ?? (Number.isFinite(first) ? first : nowMs);
  return { fromMs: from, toMs: Math.max(toMs ?? (Number.isFinite(last) ? last : from), from + 1) };
}

function beginOf({ scheduledMs, startedMs, closedMs }: EventGroup): number | undefined {
  return scheduledMs ?? startedMs ?? closedMs;
}

function labelOf({ kind, label }: EventGroup): string {
  if (kind === 'workflow' || kind === 'workflowTask') return label || kindWords(kind);
  return `${kindWords(kind)} ${label}`.trim();
}

function fit(text: string, width: number, { cut }: Glyphs): string {
  const shown = characters(text);
  if (shown.length <= width) return shown.join('') + ' '.repeat(width - shown.length);
  return shown.slice(0, width - 1).join('') + cut;
}

/** As a reader counts them, line breaks as spaces. */
function characters(text: string): string[] {
  return Array.from(SEGMENTER.segment(text.replaceAll(/[^\S ]+/g, ' ')), ({ segment }) => segment);
}

const SEGMENTER = new Intl.Segmenter('en', { granularity: 'grapheme' });

function axisOf({ fromMs, toMs }: Range, labelWidth: number, barWidth: number): WaterfallText {
  const total = durationWords(toMs - fromMs);
  const bar = `0${total.padStart(barWidth - 1)}`;
  return { label: ' '.repeat(labelWidth), bar, mark: ' ', duration: '' };
}

function durationOf(group: EventGroup, nowMs: number): string {
  const begin = beginOf(group);
  const end = group.closedMs ?? nowMs;
  // Signals and markers have none.
  return begin === undefined || (group.segments.length === 0 && end === begin)
    ? ''
    : durationWords(Math.max(0, end - begin));
}

interface Scale extends Range {
  readonly width: number;
  readonly nowMs: number;
  readonly glyphs: Glyphs;
}

function barOf(group: EventGroup, scale: Scale): string {
  const cells = Array.from({ length: scale.width }, () => ' ');
  for (const part of group.segments) paint(cells, part, scale);
  const atMs = group.segments.length === 0 ? beginOf(group) : undefined;
  if (atMs !== undefined && atMs >= scale.fromMs && atMs <= scale.toMs)
    cells[columnOf(atMs, scale)] = scale.glyphs.moment;
  return cells.join('');
}

/** At least one cell, however short it was: what happened is seen. */
function paint(cells: string[], part: Segment, scale: Scale): void {
  const endMs = Math.max(part.toMs ?? scale.nowMs, part.fromMs);
  if (endMs < scale.fromMs || part.fromMs > scale.toMs) return;
  const first = columnOf(Math.max(part.fromMs, scale.fromMs), scale);
  const last = Math.max(first, columnOf(Math.min(endMs, scale.toMs) - 1, scale));
  cells.fill(scale.glyphs.segments[part.kind], first, last + 1);
  if (part.failed && part.toMs !== undefined && part.toMs <= scale.toMs) cells[last] = scale.glyphs.failed;
}

function columnOf(ms: number, { fromMs, toMs, width }: Scale): number {
  return Math.min(width - 1, Math.max(0, Math.floor(((ms - fromMs) / (toMs - fromMs)) * width)));
}
