import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { concat, cutHistory, frames, type HistoryChunk, HistoryTail } from './history-tail.ts';

/** The event with this id: its id and some bytes that depend on it. */
function frame(id: number, size: number): Uint8Array {
  const body = new Uint8Array(4 + size).fill(id % 251);
  new DataView(body.buffer).setUint32(0, id);
  const length: number[] = [];
  for (let left = body.length; ; left >>= 7) {
    if (left < 0x80) {
      length.push(left);
      break;
    }
    length.push((left & 0x7f) | 0x80);
  }
  return Uint8Array.from([0x0a, ...length, ...body]);
}

const idOf = (bytes: Uint8Array): number => {
  const body = bytes.subarray(bytes.findIndex((byte, i) => i > 0 && byte < 0x80) + 1);
  return new DataView(body.buffer, body.byteOffset).getUint32(0);
};

/** A history from event 1, in chunks of events of these sizes. */
function chunksOf(sizes: readonly (readonly number[])[]): HistoryChunk[] {
  let id = 1;
  return sizes.map((events) => {
    const firstEventId = id;
    return { firstEventId, eventCount: events.length, bytes: concat(events.map((size) => frame(id++, size))) };
  });
}

const history = fc.array(fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 6 }), { maxLength: 12 });

test('pages hold every event once, in order, within both limits', () => {
  fc.assert(
    fc.property(history, fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 3000 }), (sizes, max, bytesMax) => {
      const chunks = chunksOf(sizes);
      const end = sizes.flat().length + 1;
      const ids: number[] = [];
      for (let from = 1; from < end; ) {
        const page = cutHistory(chunks, from, end, max, bytesMax);
        const events = frames(page.bytes);
        assert(events.length >= 1 && events.length <= max);
        assert(events.length === 1 || page.bytes.length <= bytesMax, 'one event may be larger than a page, two not');
        assert.equal(page.nextEventId, from + events.length);
        ids.push(...events.map(idOf));
        from = page.nextEventId;
      }
      assert.deepEqual(
        ids,
        Array.from({ length: end - 1 }, (_, i) => i + 1),
      );
    }),
  );
});

test('any stretch can be cut out, wherever chunks begin', () => {
  fc.assert(
    fc.property(history, fc.nat(40), fc.nat(40), (sizes, a, b) => {
      const chunks = chunksOf(sizes);
      const end = sizes.flat().length + 1;
      const from = Math.min(1 + a, end);
      const to = Math.min(from + b, end);
      const { bytes, nextEventId } = cutHistory(chunks, from, to, 1000, 1e9);
      assert.equal(nextEventId, to);
      assert.deepEqual(
        frames(bytes).map(idOf),
        Array.from({ length: to - from }, (_, i) => from + i),
      );
    }),
  );
});

test('a beginning behind the end gives nothing', () => {
  const chunks = chunksOf([[1, 2], [3]]);
  for (const from of [4, 5, 1_000_000]) {
    assert.deepEqual(cutHistory(chunks, from, 4, 10, 1000), { bytes: new Uint8Array(0), nextEventId: from });
  }
});

test('a tail keeps the newest events within its bounds, and never loses the last chunk', () => {
  const sizes = fc.array(fc.array(fc.integer({ min: 0, max: 60_000 }), { minLength: 1, maxLength: 4 }), {
    minLength: 1,
    maxLength: 30,
  });
  fc.assert(
    fc.property(sizes, (drawn) => {
      const tail = new HistoryTail();
      const chunks = chunksOf(drawn);
      for (const chunk of chunks) {
        tail.push(chunk);
        const first = tail.firstEventId as number;
        const end = chunk.firstEventId + chunk.eventCount;
        assert(first <= chunk.firstEventId);
        const kept = tail.covering(first, end);
        assert.equal(kept.at(-1), chunk);
        assert.equal(
          tail.bytes,
          kept.reduce((sum, { bytes }) => sum + bytes.length, 0),
        );
        assert(tail.bytes <= 256 * 1024 || kept.length === 1);
        const { bytes, nextEventId } = cutHistory(kept, first, end, 1e6, 1e9);
        assert.equal(nextEventId, end);
        assert.equal(idOf(bytes), first);
      }
    }),
    { numRuns: 50 },
  );
});

test('a tail without events says so', () => {
  const tail = new HistoryTail();
  tail.push({ firstEventId: 1, eventCount: 0, bytes: new Uint8Array(0) });
  assert.equal(tail.firstEventId, undefined);
  assert.deepEqual(tail.covering(1, 10), []);
});
