// `workflow show`: a history, with what each event was about.

import { durationWords, eventName, type HistoryEvent, parseTimestamp } from '@perdure/ui-core';
import type { Message } from '../../client/message.ts';
import type { Context } from '../../context.ts';
import { JsonNodeValue } from '../../output/json.ts';
import type { Column, Output, Row } from '../../output/output.ts';
import { closedStatus, closingCard } from './closing.ts';
import { eventLine } from './event-line.ts';
import { executionOf } from './execution.ts';
import { flatFields } from './flat-fields.ts';
import { givenHistory, historyPages } from './history.ts';
import { successorOf } from './outcome.ts';
import { waitsFor } from './waits-for.ts';

export async function show(context: Context): Promise<undefined> {
  const { given, out } = context;
  const follows = given.isOn('follow');
  if (follows && given.isOn('reverse')) throw context.wrong('--reverse cannot be combined with --follow');
  if (follows && given.has('file')) throw context.wrong('nothing is added to a file: --follow needs --workflow-id');
  if (out.format === 'json') await printHistory(context);
  else if (out.isText || out.format === 'csv') await printForPeople(context);
  else await out.list(withRawPayloads(eventsOf(context)), []);
  return undefined;
}

/** One object, which replayers read: payloads are whole, whatever the options say. */
async function printHistory(context: Context): Promise<void> {
  const events: Message<HistoryEvent>[] = [];
  for await (const event of eventsOf(context)) events.push(event);
  const nodes = events.map((event) => new JsonNodeValue(event.node(false)));
  await context.out.object({ events: nodes }, () => undefined);
}

async function* withRawPayloads(events: AsyncIterable<Message<HistoryEvent>>): AsyncGenerator<JsonNodeValue> {
  for await (const event of events) yield new JsonNodeValue(event.node(false));
}

/** In the order in which they are shown, as they come. */
async function* eventsOf(context: Context): AsyncGenerator<Message<HistoryEvent>> {
  const { given } = context;
  if (given.has('file') || given.isOn('reverse')) {
    const events = (await givenHistory(context)).items<HistoryEvent>('events');
    yield* given.isOn('reverse') ? events.reverse() : events;
    return;
  }
  const { workflowId, ...named } = executionOf(context);
  const client = await context.client();
  const waits = given.isOn('follow');
  // Programs read the history of one run; people who follow want to see how the work goes on.
  const followsChain = waits && !context.out.isJson;
  let { runId } = named;
  for (;;) {
    let successor: string | undefined;
    for await (const page of historyPages(client, { workflowId, runId }, { waits })) {
      for (const event of page.items<HistoryEvent>('events')) {
        successor = successorOf(event.value);
        yield event;
      }
    }
    if (!followsChain || successor === undefined) return;
    runId = successor;
  }
}

async function printForPeople(context: Context): Promise<void> {
  const { given, out } = context;
  const seen = new SeenEvents();
  const events = seen.watching(await inContext(context, seen));
  if (given.isOn('detailed')) {
    for await (const event of events) await out.card(sectionTitle(event.value), sectionRows(out, event));
  } else {
    await out.list(events, columnsOf(out, seen), { isLive: given.isOn('follow') });
  }
  if (!out.isText) return;
  await out.line();
  if (seen.closing !== undefined) await closingCard(out, seen.closing, seen.startTime);
  else if (!given.has('file')) await waitsFor(context, executionOf(context), seen.count);
}

/** What comes last names what came first: shown backwards, all of it must be here before. */
async function inContext(context: Context, seen: SeenEvents): Promise<AsyncIterable<Message<HistoryEvent>>> {
  const events = eventsOf(context);
  if (!context.given.isOn('reverse')) return events;
  const all: Message<HistoryEvent>[] = [];
  for await (const event of events) all.push(event);
  for (const event of all.toReversed()) seen.add(event.value);
  return (async function* () {
    yield* all;
  })();
}

class SeenEvents {
  readonly #events = new Map<string, HistoryEvent>();
  closing: HistoryEvent | undefined;
  startTime: string | undefined;

  readonly find = (eventId: string | undefined): HistoryEvent | undefined => this.#events.get(eventId ?? '');

  async *watching(events: AsyncIterable<Message<HistoryEvent>>): AsyncGenerator<Message<HistoryEvent>> {
    for await (const event of events) {
      this.add(event.value);
      yield event;
    }
  }

  add(event: HistoryEvent): void {
    this.#events.set(event.eventId ?? '', event);
    if (event.eventId === '1') this.startTime = event.eventTime;
    if (closedStatus(event) !== undefined) this.closing = event;
  }

  get count(): number {
    return this.#events.size;
  }

  elapsed({ eventTime }: HistoryEvent): string {
    const [startMs, ms] = [parseTimestamp(this.startTime), parseTimestamp(eventTime)];
    return startMs === undefined || ms === undefined ? '' : durationWords(ms - startMs);
  }
}

function columnsOf(out: Output, seen: SeenEvents): Column<Message<HistoryEvent>>[] {
  return [
    { name: 'ID', widthMin: 3, of: ({ value }) => value.eventId },
    { name: 'Time', widthMin: 14, of: ({ value }) => out.time(value.eventTime) },
    { name: 'Elapsed', widthMin: 8, of: ({ value }) => seen.elapsed(value) },
    { name: 'Type', widthMin: 26, of: ({ value }) => eventName(value.eventType) },
    { name: 'Detail', of: ({ value }) => eventLine(value, seen.find) },
  ];
}

function sectionTitle({ eventId, eventType }: HistoryEvent): string {
  return `[${eventId}] ${eventName(eventType)}`;
}

function sectionRows(out: Output, event: Message<HistoryEvent>): Row[] {
  const fields = flatFields(event.node(out.payloadShorthand));
  return fields.flatMap(([path, value]) => {
    if (path === 'eventId' || path === 'eventType') return [];
    // The attributes are all that there is to an event.
    return [[path.replace(/^\w+EventAttributes\./, ''), path === 'eventTime' ? out.time(value) : value]];
  });
}
