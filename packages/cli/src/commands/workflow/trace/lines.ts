// The tree of a trace as lines: names on the left, bars on one time axis, and what is worth a note on the right.

import { type EventGroup, failureSummary, kindWords, type WaterfallLine, waterfall } from '@perdure/ui-core';
import { cutTo } from '../../../output/columns.ts';
import type { Output } from '../../../output/output.ts';
import type { Kind } from '../../../output/style.ts';
import { enumText } from '../../../output/texts.ts';
import { visibleLine } from '../../../output/visible.ts';
import type { TracedRun } from './tree.ts';

const NOTE_SHARE = 0.3;
const GAP = '  ';

export interface TraceStyle {
  readonly out: Pick<Output, 'paint' | 'status' | 'now'>;
  /** No line is wider. */
  readonly width: number;
}

export function traceLines(run: TracedRun, { out, width }: TraceStyle): string[] {
  const rows = rowsOf(run);
  const noteWidth = rows.some((group) => noteOf(group) !== '') ? Math.floor(width * NOTE_SHARE) : 0;
  const { axis, lines } = waterfall(rows, { width: width - noteWidth, nowMs: out.now() });
  const status = enumText('WORKFLOW_EXECUTION_STATUS', run.status);
  const head = cutTo(`${run.workflowType} ${run.workflowId} ${run.runId}`, width - status.length - GAP.length);
  return [
    `${head}${GAP}${out.status(status)}`,
    out.paint('faint', `${axis.label} ${axis.bar}`.trimEnd()),
    ...lines.map((line) => paintedLine(out, line, noteWidth - GAP.length)),
  ];
}

function paintedLine(out: TraceStyle['out'], line: WaterfallLine, noteWidth: number): string {
  const { group, label, bar, mark, duration } = line;
  const kind = KINDS[group.status];
  const paint = (text: string) => (kind === undefined ? text : out.paint(kind, text));
  const note = noteOf(group);
  const shownNote = note === '' ? '' : `${GAP}${cutTo(note, noteWidth)}`;
  return `${label} ${paint(bar)} ${paint(mark)} ${duration}${shownNote}`.trimEnd();
}

const KINDS: Partial<Readonly<Record<EventGroup['status'], Kind>>> = {
  running: 'info',
  backingOff: 'warn',
  paused: 'warn',
  completed: 'good',
  failed: 'bad',
  timedOut: 'bad',
  canceled: 'warn',
  terminated: 'bad',
};

/** The run, what it did, and below each child that was looked into the same of it. */
function rowsOf(run: TracedRun): EventGroup[] {
  const itself = run.groups.find(({ kind }) => kind === 'workflow');
  const rows: EventGroup[] = itself === undefined ? [] : [{ ...itself, label: visibleLine(run.workflowType) }];
  addRowsBelow(rows, run, '');
  return rows;
}

function addRowsBelow(rows: EventGroup[], run: TracedRun, stem: string): void {
  const shown = run.groups.filter(({ kind }) => !HIDDEN.includes(kind));
  for (const group of shown) {
    const isLast = group === shown.at(-1);
    const label = `${stem}${isLast ? '└' : '├'} ${kindWords(group.kind)} ${visibleLine(group.label)}`;
    rows.push({ ...group, kind: LABELLED, label });
    const child = run.children.get(group.id);
    if (child !== undefined) addRowsBelow(rows, child, `${stem}${isLast ? ' ' : '│'} `);
  }
}

/** Of a row whose label says all. */
const LABELLED: EventGroup['kind'] = 'workflow';
const HIDDEN: readonly EventGroup['kind'][] = ['workflow', 'workflowTask', 'version', 'sideEffect'];

function noteOf({ attempt, status, lastFailure }: EventGroup): string {
  const attempts = attempt > 1 ? `attempt ${attempt}` : '';
  return status === 'completed' ? attempts : [attempts, failureSummary(lastFailure)].filter(Boolean).join(': ');
}
