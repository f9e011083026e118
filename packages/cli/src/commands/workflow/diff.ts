// `workflow diff`: two runs beside each other: where they first took different ways, what may have led there, and what
// took longer.

import {
  type Comparison,
  compareHistories,
  type DataDifference,
  type Divergence,
  durationWords,
  type EventGroup,
  eventDetail,
  eventName,
  type HistoryEvent,
  kindWords,
  type Payload,
  type Step,
} from '@perdure/ui-core';
import type { Context } from '../../context.ts';
import { cutTo, widthOf } from '../../output/columns.ts';
import type { Printable } from '../../output/json.ts';
import type { Output } from '../../output/output.ts';
import { payloadText, payloadValue } from '../../output/texts.ts';
import { checkOneSource } from './execution.ts';
import { historyFromFile, historyOf } from './history.ts';

/** So many lines of timing say enough; programs get all. */
const TIMINGS_SHOWN = 10;
const ONLY_SHOWN = 20;
/** Wider steps would push the other run out of its column. */
const STEP_WIDTH = 80;
const DATA_WIDTH = 60;
/** Of what is the same before the difference. */
const DATA_CONTEXT = 20;

interface Side {
  readonly name: 'A' | 'B';
  readonly title: string;
  readonly events: readonly HistoryEvent[];
}

export async function diff(context: Context): Promise<undefined> {
  const { given, out } = context;
  if (given.has('file') && given.has('workflow-id')) {
    throw context.wrong('--workflow-id does not go with --file: --with OTHER-ID names what the file is compared with');
  }
  checkOneSource(context);
  const named = ['with', 'with-run-id'].find((name) => given.has(name));
  if (given.has('with-file') && named !== undefined) throw context.wrong(`--${named} does not go with --with-file`);
  const a = await sideOf(context, 'A', given.last('file'), given.last('workflow-id'), given.last('run-id'));
  // Two runs of the same workflow are named by their run ids.
  const otherId = given.last('with') ?? (given.has('with-run-id') ? given.last('workflow-id') : undefined);
  const b = await sideOf(context, 'B', given.last('with-file'), otherId, given.last('with-run-id'));
  const comparison = compareHistories(a.events, b.events);
  await out.object(printable(comparison), () => printForPeople(out, a, b, comparison));
  return undefined;
}

async function sideOf(
  context: Context,
  name: Side['name'],
  file: string | undefined,
  workflowId: string | undefined,
  runId: string | undefined,
): Promise<Side> {
  if (file !== undefined) {
    const history = await historyFromFile(file, context.terminal.stdin);
    return { name, title: file, events: history.value.events ?? [] };
  }
  if (workflowId === undefined) {
    const missing =
      name === 'A' ? '--workflow-id ID or --file FILE' : '--with OTHER-ID, --with-run-id ID or --with-file FILE';
    throw context.wrong(`two histories are compared: ${missing} must be given`);
  }
  const history = await historyOf(await context.client(), { workflowId, runId });
  return { name, title: [workflowId, runId].filter(Boolean).join(' '), events: history.value.events ?? [] };
}

async function printForPeople(out: Output, a: Side, b: Side, comparison: Comparison): Promise<void> {
  const { divergence, decision, onlyA, onlyB, timing, data } = comparison;
  for (const { name, title, events } of [a, b]) {
    await out.line(`${out.paint('strong', name)}  ${title}, ${events.length} events, ${ending(events)}`);
  }
  await out.line();
  if (divergence === undefined) await out.line('Both took the same steps.');
  else await printDivergence(out, HEADS[divergence.kind], divergence, [a, b]);
  if (decision !== undefined && decision.a !== divergence?.a) {
    await printDivergence(out, 'The first different decision of the code', decision, [a, b]);
  }
  await printOnly(out, 'Only in A', onlyA);
  await printOnly(out, 'Only in B', onlyB);
  if (data.length > 0) await out.table('Different data', ['What', 'A', 'B'], data.map(dataRow));
  if (timing.length === 0) return;
  const rows = timing.slice(0, TIMINGS_SHOWN).map(({ a: group, aMs, bMs, deltaMs }) => {
    const delta = `${deltaMs > 0 ? '+' : ''}${durationWords(deltaMs)}`;
    return [groupText(group), durationWords(aMs), durationWords(bMs), delta];
  });
  await out.table('Durations', ['What', 'A', 'B', 'Difference'], rows);
}

const HEADS: Readonly<Record<Divergence['kind'], string>> = {
  decision: 'They part where the code decided differently',
  happening: 'They part where something else happened',
  order: 'They part where the same happened in another order',
  end: 'They part where one of them has no further step',
};

async function printDivergence(out: Output, head: string, divergence: Divergence, sides: [Side, Side]): Promise<void> {
  const { before, differences, leads } = divergence;
  const [a, b] = sides;
  const textOf = (side: Side, step: Step | undefined) =>
    out.format === 'text' ? cutTo(stepText(side, step), STEP_WIDTH) : stepText(side, step);
  const rows = [
    ...before.map((steps) => ['', textOf(a, steps.a), textOf(b, steps.b)]),
    ['→', textOf(a, divergence.a), textOf(b, divergence.b)],
  ];
  await out.table(head, ['', 'A', 'B'], rows);
  for (const { field, a: was, b: is } of differences) {
    if (field !== 'event') await out.line(`  ${field}: ${was || 'none'} in A, ${is || 'none'} in B`);
  }
  for (const lead of leads)
    await out.line(`  ${out.paint('warn', `before that, the ${dataText(lead)} was different`)}`);
  await out.line();
}

function stepText({ events }: Side, step: Step | undefined): string {
  if (step === undefined) return '(nothing)';
  const { event } = step;
  const detail = eventDetail(event, (id) => events.find(({ eventId }) => eventId === id));
  return `[${event.eventId}] ${eventName(event.eventType)} ${detail}`.trim();
}

async function printOnly(out: Output, heading: string, groups: readonly EventGroup[]): Promise<void> {
  if (groups.length === 0) return;
  const named = groups.slice(0, ONLY_SHOWN).map(groupText).join(', ');
  const more = groups.length > ONLY_SHOWN ? ` and ${groups.length - ONLY_SHOWN} more` : '';
  await out.line(`${out.paint('heading', `${heading}:`)} ${named}${more}`);
}

function groupText({ kind, label }: EventGroup): string {
  return kind === 'workflow' ? 'the whole run' : `${kindWords(kind)} ${label}`;
}

function dataText({ what, a }: DataDifference): string {
  return `${what} of ${groupText(a)}`;
}

function dataRow(difference: DataDifference): string[] {
  const { aPayloads, bPayloads, aEventId, bEventId } = difference;
  const [a, b] = differentParts(payloadsText(aPayloads), payloadsText(bPayloads));
  return [dataText(difference), `${a} (event ${aEventId})`, `${b} (event ${bEventId})`];
}

function payloadsText(payloads: readonly Payload[]): string {
  return payloads.length === 0 ? 'nothing' : payloads.map(payloadText).join(', ');
}

/** Both if they are short; of long ones the part where they begin to differ. */
function differentParts(a: string, b: string): [string, string] {
  if (Math.max(widthOf(a), widthOf(b)) <= DATA_WIDTH) return [a, b];
  let same = 0;
  while (same < a.length && a[same] === b[same]) same++;
  const from = Math.max(0, same - DATA_CONTEXT);
  const [aPart, bPart] = [a, b].map((text) => cutTo(`${from > 0 ? '…' : ''}${text.slice(from)}`, DATA_WIDTH));
  return [aPart ?? '', bPart ?? ''];
}

function ending(events: readonly HistoryEvent[]): string {
  const last = events.at(-1);
  return last === undefined ? 'empty' : `last ${eventName(last.eventType)}`;
}

function printable({ divergence, decision, timing, data, onlyA, onlyB }: Comparison): Printable {
  return {
    same: divergence === undefined,
    divergence: divergence && divergencePrintable(divergence),
    decision: decision && divergencePrintable(decision),
    onlyA: onlyA.map(groupPrintable),
    onlyB: onlyB.map(groupPrintable),
    data: data.map(dataPrintable),
    timing: timing.map(({ a, aMs, bMs, deltaMs }) => ({ ...groupPrintable(a), aMs, bMs, deltaMs })),
  };
}

function divergencePrintable({ kind, a, b, differences, leads }: Divergence): Printable {
  return {
    kind,
    a: stepPrintable(a),
    b: stepPrintable(b),
    differences: differences.map((difference) => ({ ...difference })),
    leads: leads.map(dataPrintable),
  };
}

function stepPrintable(step: Step | undefined): Printable {
  return step === undefined ? null : { eventId: step.event.eventId, type: step.type, ...step.identity };
}

function dataPrintable(difference: DataDifference): Printable {
  const { a, what, aPayloads, bPayloads, aBytes, bBytes, aEventId, bEventId } = difference;
  const values = { aValues: aPayloads.map(payloadValue), bValues: bPayloads.map(payloadValue) };
  return { ...groupPrintable(a), what, ...values, aBytes, bBytes, aEventId, bEventId };
}

function groupPrintable({ kind, name, label }: EventGroup) {
  return { kind, name, label };
}
