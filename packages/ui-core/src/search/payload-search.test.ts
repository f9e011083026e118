import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { event, payload, payloads } from '../../test/events.ts';
import type { HistoryEvent, Payload } from '../history/event.ts';
import type { TextPattern } from './patterns.ts';
import {
  BATCH_CHARACTERS_MAX,
  BATCH_EVENTS_MAX,
  KEPT_TEXT_MAX,
  type PayloadReader,
  PayloadSearch,
  type PayloadSearchProgress,
} from './payload-search.ts';

const VISA: TextPattern = { kind: 'contains', text: 'visa' };
const contains = (text: string): TextPattern => ({ kind: 'contains', text });

function signals(...values: readonly unknown[]): HistoryEvent[] {
  return values.map((value, i) => event(i + 1, 'WORKFLOW_EXECUTION_SIGNALED', { input: payloads(value) }));
}

/** A clock that goes on with each look at it. */
function reader(more: Partial<PayloadReader> = {}, stepMs = 0): PayloadReader & { pauses: number } {
  let ms = 0;
  const made = {
    pauses: 0,
    decode: undefined,
    nowMs: () => (ms += stepMs),
    pause: async () => {
      made.pauses += 1;
    },
    ...more,
  };
  return made;
}

async function look(
  search: PayloadSearch,
  events: readonly HistoryEvent[],
  ...patterns: readonly TextPattern[]
): Promise<readonly PayloadSearchProgress[]> {
  const told: PayloadSearchProgress[] = [];
  const { signal } = new AbortController();
  await search.look({ events, patterns, signal, onProgress: (progress) => told.push(progress) });
  return told;
}

function found(search: PayloadSearch, events: readonly HistoryEvent[], pattern: TextPattern): string[] {
  return events.filter((one) => search.fits(one, pattern)).map(({ eventId = '' }) => eventId);
}

/** Turns data round, and counts what it is asked for. */
function codec() {
  const asked: number[] = [];
  const decode = async (given: readonly Payload[]): Promise<readonly Payload[]> => {
    asked.push(given.length);
    return given.map(({ data = '' }) => payload(JSON.parse(Buffer.from(data, 'base64').reverse().toString())));
  };
  return { asked, decode };
}

function sealed(value: unknown): Payload {
  const data = Buffer.from(JSON.stringify(value)).reverse().toString('base64');
  return { metadata: { encoding: btoa('binary/sealed') }, data };
}

describe('a search of payloads', () => {
  it('finds those that fit, for each pattern that is asked for', async () => {
    const events = signals('Visa', 'master', { card: 'visa' });
    const search = new PayloadSearch(reader());
    const told = await look(search, events, VISA, contains('master'));
    assert.deepEqual(found(search, events, VISA), ['1', '3']);
    assert.deepEqual(found(search, events, contains('MASTER')), ['2']);
    assert.deepEqual(told, [{ searched: 3, total: 3, problem: undefined }]);
  });

  it('searches only what came since', async () => {
    const { asked, decode } = codec();
    const events = [sealed('visa'), sealed('no'), sealed('visa')].map((one, i) =>
      event(i + 1, 'WORKFLOW_EXECUTION_SIGNALED', { input: { payloads: [one] } }),
    );
    const search = new PayloadSearch(reader({ decode }));
    await look(search, events.slice(0, 2), VISA);
    await look(search, events, VISA);
    assert.deepEqual(found(search, events, VISA), ['1', '3']);
    assert.deepEqual(asked, [2, 1]);
  });

  it('keeps what it has read for the next pattern, and forgets the pattern before', async () => {
    const { asked, decode } = codec();
    const events = [event(1, 'WORKFLOW_EXECUTION_SIGNALED', { input: { payloads: [sealed('visa')] } })];
    const search = new PayloadSearch(reader({ decode }));
    await look(search, events, contains('master'));
    await look(search, events, VISA);
    assert.deepEqual(found(search, events, VISA), ['1']);
    assert.deepEqual(asked, [1]);
    assert.equal(search.textOf(events[0] ?? {}), '"visa"');
    await look(search, events, contains('master'));
    assert.ok(!search.fits(events[0] ?? {}, VISA));
  });

  it('reads batches of so many events and no more', async () => {
    const { asked, decode } = codec();
    const make = (count: number) =>
      Array.from({ length: count }, (_, i) =>
        event(i + 1, 'WORKFLOW_EXECUTION_SIGNALED', { input: { payloads: [sealed(i)] } }),
      );
    await look(new PayloadSearch(reader({ decode })), make(BATCH_EVENTS_MAX), VISA);
    assert.deepEqual(asked.splice(0), [BATCH_EVENTS_MAX]);
    await look(new PayloadSearch(reader({ decode })), make(BATCH_EVENTS_MAX + 1), VISA);
    assert.deepEqual(asked, [BATCH_EVENTS_MAX, 1]);
  });

  it('reads batches of so many characters, and one event however large it is', async () => {
    const { asked, decode } = codec();
    const large = sealed('x'.repeat(BATCH_CHARACTERS_MAX));
    const events = [large, large, sealed('visa')].map((one, i) =>
      event(i + 1, 'WORKFLOW_EXECUTION_SIGNALED', { input: { payloads: [one] } }),
    );
    const search = new PayloadSearch(reader({ decode }));
    await look(search, events, VISA);
    assert.deepEqual(asked, [1, 1, 1]);
    assert.deepEqual(found(search, events, VISA), ['3']);
  });

  it('searches a text that is too long to be kept, again and again', async () => {
    const kept = 'x'.repeat(KEPT_TEXT_MAX - 2);
    const events = signals(kept, `${kept}visa`);
    const search = new PayloadSearch(reader());
    await look(search, events, VISA);
    assert.deepEqual(found(search, events, VISA), ['2']);
    assert.deepEqual(
      events.map((one) => search.textOf(one)?.length),
      [KEPT_TEXT_MAX, undefined],
    );
    await look(search, events, contains('xv'));
    assert.deepEqual(found(search, events, contains('xv')), ['2']);
  });

  it('lets others have their turn, and tells how far it is', async () => {
    const events = signals(...Array.from({ length: 4 * BATCH_EVENTS_MAX }, (_, i) => i));
    const slow = reader({}, 100);
    const told = await look(new PayloadSearch(slow), events, VISA);
    assert.ok(slow.pauses >= 3, String(slow.pauses));
    assert.deepEqual(told.at(-1), { searched: events.length, total: events.length, problem: undefined });
    assert.equal(told.length, 4);
    assert.deepEqual(await look(new PayloadSearch(slow), [], VISA), [{ searched: 0, total: 0, problem: undefined }]);
    assert.ok(told.every(({ searched }, i) => searched > (told[i - 1]?.searched ?? 0)));
  });

  it('ends when it is told to', async () => {
    const abort = new AbortController();
    const events = signals(...Array.from({ length: BATCH_EVENTS_MAX }, () => 'no'), 'visa');
    const search = new PayloadSearch(reader({ pause: async () => abort.abort() }, 100));
    const told: unknown[] = [];
    await search.look({ events, patterns: [VISA], signal: abort.signal, onProgress: (one) => told.push(one) });
    assert.deepEqual(found(search, events, VISA), []);
    assert.deepEqual(told, [{ searched: BATCH_EVENTS_MAX, total: events.length, problem: undefined }]);
  });

  it('goes on with what is stored when payloads cannot be decoded, says why, and asks the next time again', async () => {
    let isDown = true;
    let requests = 0;
    const { decode } = codec();
    const events = [sealed('visa'), payload('visa')].map((one, i) =>
      event(i + 1, 'WORKFLOW_EXECUTION_SIGNALED', { input: { payloads: [one] } }),
    );
    const search = new PayloadSearch(
      reader({
        decode: async (given) => {
          requests += 1;
          if (isDown) throw new Error('it does not run');
          return decode(given.slice(0, 1)).then((opened) => [...opened, ...given.slice(1)]);
        },
      }),
    );
    assert.deepEqual(await look(search, events, VISA), [{ searched: 2, total: 2, problem: 'it does not run' }]);
    assert.deepEqual(found(search, events, VISA), ['2']);
    isDown = false;
    const [told] = await look(search, events, contains('isa'));
    assert.equal(told?.problem, undefined);
    assert.deepEqual(found(search, events, contains('isa')), ['1', '2']);
    assert.equal(requests, 2);
  });

  it('asks a codec server that does not answer once, not for every batch', async () => {
    let requests = 0;
    const decode = async (): Promise<never> => {
      requests += 1;
      throw new Error('it does not run');
    };
    const events = signals(...Array.from({ length: 3 * BATCH_EVENTS_MAX }, () => 'visa'));
    const search = new PayloadSearch(reader({ decode }));
    await look(search, events, VISA);
    assert.equal(requests, 1);
    assert.equal(found(search, events, VISA).length, events.length);
  });
});
