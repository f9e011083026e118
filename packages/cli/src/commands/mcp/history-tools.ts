// Tools that read histories: many events in a line each, or one event whole.

import { attributesOf, EVENT_TYPES, eventDetail, eventName, type HistoryEvent } from '@perdure/ui-core';
import { z } from 'zod';
import type { Client } from '../../client/client.ts';
import type { Message } from '../../client/message.ts';
import { CommandError, exitCode } from '../../exit.ts';
import { cutTo } from '../../output/columns.ts';
import { enumText } from '../../output/texts.ts';
import { describeExecution } from '../workflow/execution.ts';
import { askForPart, boundedJson } from './bounded-json.ts';
import { boundedText } from './bounded-text.ts';
import { limit, ofRun, pageToken, part } from './fields.ts';
import { type Cursor, cursorOf, cursorText, eventById, idOf, pagesFrom } from './history-pages.ts';
import { alignedLines, countFitting, isoTime, nextPage } from './lists.ts';
import { type Tool, tool } from './tool.ts';

/** So many events are looked through in one call: then the agent is asked whether to go on. */
const SCANNED_MAX = 10_000;
const DETAIL_WIDTH = 300;
const EVENT_NAMES = EVENT_TYPES.map((type) => eventName(`EVENT_TYPE_${type}`));

interface HistoryInput {
  readonly workflow_id: string;
  readonly run_id?: string | undefined;
  readonly newest_first: boolean;
  readonly types?: readonly string[] | undefined;
  readonly limit: number;
  readonly page_token?: string | undefined;
}

/** An event that is shown, and where to go on if it is the last. */
interface Shown {
  readonly row: readonly string[];
  readonly cursor: Cursor;
}

interface Found {
  readonly shown: readonly Shown[];
  /** Undefined: the end of the history is reached. */
  readonly next: Cursor | undefined;
}

export const HISTORY_TOOLS: readonly Tool[] = [
  tool({
    name: 'workflow_history',
    title: 'History of a workflow',
    description:
      'Lists the events of one run, a line each: id, time, type, and what it is about, without payloads. Use it to see ' +
      'what a workflow did and in which order; for why it waits or failed, workflow_why is faster. For the end of a long ' +
      'history set newest_first; to look for something set types. workflow_event shows one of the events whole.',
    kind: 'reads',
    isIdempotent: true,
    input: ofRun.extend({
      newest_first: z.boolean().default(false).describe('Begin with the last event. Default: with the first'),
      types: z
        .array(z.string().min(1))
        .optional()
        .describe(
          'Only events whose type contains one of these, without regard to case, such as ["ActivityTaskFailed", ' +
            '"Signaled", "Timer"]. Default: all',
        ),
      limit: limit.default(50).describe('How many events at most, up to 100'),
      page_token: pageToken,
    }),
    answer: (input, call) => call.withClient((client) => historyText(client, input, call.bytesMax)),
  }),
  tool({
    name: 'workflow_event',
    title: 'One event of a history',
    description:
      'Shows one event of a run as JSON, with all its fields and its payloads as values. Use it for inputs, results and ' +
      'whole failures of what workflow_history lists. If it is large, it comes as {leftOut, next, value}, and next says how ' +
      'to get the rest.',
    kind: 'reads',
    isIdempotent: true,
    input: ofRun.extend({
      event_id: z.number().int().min(1).describe('Event id, as workflow_history shows it'),
      ...part,
    }),
    answer: ({ workflow_id, run_id, event_id, ...asked }, call) =>
      call.withClient(async (client) => {
        const run = await runOf(client, workflow_id, run_id);
        const event = await eventById(client, run, { eventId: event_id, lastEventId: run.lastEventId });
        if (event === undefined) {
          throw new CommandError(
            `there is no event ${event_id}: the last one is ${run.lastEventId}`,
            exitCode.NOT_FOUND,
          );
        }
        const how = askForPart('workflow_event');
        return boundedJson(event.node(true), { bytesMax: call.bytesMax, part: asked, how });
      }),
  }),
];

interface RunInfo {
  readonly workflowId: string;
  readonly runId: string;
  readonly lastEventId: number;
  readonly status: string;
}

interface Described {
  readonly workflowExecutionInfo?: {
    readonly execution?: { readonly runId?: string };
    readonly historyLength?: string;
    readonly status?: string;
  };
}

async function runOf(client: Client, workflowId: string, runId: string | undefined): Promise<RunInfo> {
  const { value } = await describeExecution<Described>(client, { workflowId, runId });
  const { execution, historyLength = '0', status } = value.workflowExecutionInfo ?? {};
  return {
    workflowId,
    runId: execution?.runId ?? '',
    lastEventId: Number(historyLength),
    status: enumText('WORKFLOW_EXECUTION_STATUS', status),
  };
}

async function historyText(client: Client, input: HistoryInput, bytesMax: number): Promise<string> {
  checkTypes(input.types);
  const { start, heading } = await beginning(client, input);
  const { shown, next } = await eventsFrom(client, input, start);
  if (shown.length === 0) return heading + nothingText(start, next);
  const lines = alignedLines([['ID', 'Time', 'Type', 'Detail'], ...shown.map(({ row }) => row)]);
  const more = (cursor: Cursor | undefined) => nextPage(cursor === undefined ? '' : cursorText(cursor));
  const whole = `${heading}${lines.join('\n')}${more(next)}`;
  if (Buffer.byteLength(whole) <= bytesMax) return whole;
  // What does not fit is on the next page.
  const ofMore = Math.max(...shown.map(({ cursor }) => Buffer.byteLength(more(cursor))));
  const left = bytesMax - Buffer.byteLength(heading) - ofMore;
  const count = Math.max(1, countFitting(lines, left) - 1);
  const table = boundedText(lines.slice(0, count + 1).join('\n'), { bytesMax: left, how: 'workflow_event shows it.' });
  return heading + table + more(count < shown.length ? shown[count - 1]?.cursor : next);
}

async function beginning(client: Client, { workflow_id, run_id, newest_first, page_token }: HistoryInput) {
  if (page_token !== undefined) return { start: cursorOf(page_token), heading: '' };
  const { runId, lastEventId, status } = await runOf(client, workflow_id, run_id);
  const start = { runId, newestFirst: newest_first, pageToken: '', afterEventId: 0 };
  return { start, heading: `Run ${runId}, ${status}, ${lastEventId} events\n` };
}

/** @throws {CommandError} a type that nothing has */
function checkTypes(types: readonly string[] | undefined): void {
  const unknown = types?.find((type) => !EVENT_NAMES.some((name) => contains(name, type)));
  if (unknown === undefined) return;
  throw new CommandError(`no event type contains "${unknown}"; they are: ${EVENT_NAMES.join(', ')}`, exitCode.USAGE);
}

function contains(name: string, word: string): boolean {
  return name.toLowerCase().includes(word.toLowerCase());
}

function nothingText({ afterEventId }: Cursor, next: Cursor | undefined): string {
  if (next === undefined) return afterEventId === 0 ? 'No such events.' : 'No more such events.';
  return `None of the events up to ${next.afterEventId} is of these types.${nextPage(cursorText(next))}`;
}

async function eventsFrom(client: Client, input: HistoryInput, start: Cursor): Promise<Found> {
  const { types, limit: wanted, workflow_id } = input;
  const isShown = ({ eventType }: HistoryEvent) =>
    types === undefined || types.some((type) => contains(eventName(eventType), type));
  const shown: Shown[] = [];
  let scanned = 0;
  const pages = pagesFrom(client, workflow_id, start, types === undefined ? wanted : undefined);
  for await (const { events, pageToken: token, nextPageToken } of pages) {
    const { after, find } = readPage(events, start);
    for (const [index, event] of after.entries()) {
      const isLast = index === after.length - 1;
      // The next page is better to begin with than this one.
      const cursor = { ...start, pageToken: isLast ? nextPageToken : token, afterEventId: Number(event.eventId) };
      if (isShown(event)) shown.push({ row: rowOf(event, find), cursor });
      const isEnd = isLast && nextPageToken === '';
      if (isEnd) return { shown, next: undefined };
      if (shown.length === wanted) return { shown, next: cursor };
      if (++scanned === SCANNED_MAX) return { shown, next: cursor };
    }
  }
  return { shown, next: undefined };
}

/** All events of the page may be named by others; those that were shown before are not shown again. */
function readPage(events: readonly Message<HistoryEvent>[], { newestFirst, afterEventId }: Cursor) {
  const byId = new Map(events.map(({ value }) => [value.eventId, value]));
  const isAfter = (event: Message<HistoryEvent>) => {
    if (afterEventId === 0) return true;
    return newestFirst ? idOf(event) < afterEventId : idOf(event) > afterEventId;
  };
  const after = events.filter(isAfter).map(({ value }) => value);
  return { after, find: (eventId: string | undefined) => byId.get(eventId ?? '') };
}

function rowOf(event: HistoryEvent, find: (eventId: string | undefined) => HistoryEvent | undefined): string[] {
  const { scheduledEventId, initiatedEventId, acceptedEventId } = attributesOf(event);
  const began = scheduledEventId ?? initiatedEventId ?? acceptedEventId;
  const detail = cutTo(eventDetail(event, find), DETAIL_WIDTH);
  // Who only sees this page must know what it is about as well.
  const of = began === undefined || began === '0' || find(began) !== undefined ? '' : `of event ${began}`;
  return [
    event.eventId ?? '',
    isoTime(event.eventTime),
    eventName(event.eventType),
    [of, detail].filter(Boolean).join(', '),
  ];
}
