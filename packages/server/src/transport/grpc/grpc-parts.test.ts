import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { code, StatusError } from '@perdure/api';
import fc from 'fast-check';
import { keepBytes, MessageBudget, MessageReader } from './message-reader.ts';
import { decodeStatusMessage, encodeBinary, encodeStatusMessage, statusTrailers } from './status-fields.ts';
import { formatTimeout, parseTimeoutMs } from './timeout.ts';

describe('grpc-timeout', () => {
  it('knows all units', () => {
    const known = {
      '2H': 7_200_000,
      '3M': 180_000,
      '4S': 4000,
      '5m': 5,
      '6000u': 6,
      '7000000n': 7,
      '0m': 0,
      '99999999S': 99_999_999_000,
    };
    for (const [text, ms] of Object.entries(known)) assert.equal(parseTimeoutMs(text), ms, text);
  });

  it('refuses everything else', () => {
    for (const text of ['', '5', 'm', '-1m', '1.5S', '123456789m', '1h', '1m ', ' 1m', '1mm'])
      assert.equal(parseTimeoutMs(text), undefined, text);
  });

  it('is written so that no time is lost, within eight digits', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e13, noNaN: true }), (ms) => {
        const text = formatTimeout(ms);
        const parsed = parseTimeoutMs(text);
        assert.ok(parsed !== undefined, text);
        assert.ok(
          parsed >= ms &&
            parsed <=
              Math.max(ms + 1, ms * 1.0001 + 3_600_000 * Number(ms > 99_999_999_000)) + 1000 * Number(ms > 99_999_999),
          `${ms} as ${text}`,
        );
      }),
    );
  });
});

describe('grpc-message', () => {
  it('survives the wire, whatever it says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const encoded = encodeStatusMessage(text);
        assert.match(encoded, /^[ -~]*$/);
        // Lone surrogates have no UTF-8.
        assert.equal(decodeStatusMessage(encoded), text.toWellFormed());
      }),
    );
  });

  it('leaves broken escapes as they are', () => {
    assert.equal(decodeStatusMessage('100% %4 %zz %C3%A4 %'), '100% %4 %zz ä %');
  });
});

describe('grpc-status-details-bin', () => {
  it('has no padding', () => assert.equal(encodeBinary(Uint8Array.of(1)), 'AQ'));

  it('is left out when it would not fit in the header list of the peer', () => {
    const status = new StatusError(code.ABORTED, 'why', [{ typeUrl: 'x', value: new Uint8Array(10_000) }]);
    const names = (limit: number): string[] => statusTrailers(status, limit).map(({ name }) => name);
    assert.deepEqual(names(8192), ['grpc-status', 'grpc-message']);
    assert.deepEqual(names(Infinity), ['grpc-status', 'grpc-message', 'grpc-status-details-bin']);
  });
});

describe('the message reader', () => {
  interface Part {
    readonly body: Uint8Array;
    readonly compressed: boolean;
  }
  const part: fc.Arbitrary<Part> = fc.record({ body: fc.uint8Array({ maxLength: 300 }), compressed: fc.boolean() });

  function frameOf({ body, compressed }: Part): Buffer {
    const prefix = Buffer.alloc(5);
    prefix[0] = compressed ? 1 : 0;
    prefix.writeUInt32BE(body.length, 1);
    return Buffer.concat([prefix, body]);
  }

  it('gives the same messages however they are cut, and holds nothing afterwards', () => {
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), fc.array(fc.nat(), { maxLength: 10 }), (parts, cuts) => {
        const bytes = Buffer.concat(parts.map(frameOf));
        const edges = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].toSorted((a, b) => a - b);
        const seen: Part[] = [];
        const budget = new MessageBudget(1000);
        const reader = new MessageReader(300, budget, {
          message: (body, compressed) => seen.push({ body: Uint8Array.from(body), compressed }),
        });
        for (let i = 1; i < edges.length; i++) reader.push(bytes, edges[i - 1]!, edges[i]!);
        assert.deepEqual(
          seen,
          parts.map(({ body, compressed }) => ({ body: Uint8Array.from(body), compressed })),
        );
        assert.equal(reader.isBetweenMessages, true);
        assert.equal(budget.usedBytes, 0);
      }),
    );
  });

  it('pays for what has arrived, not for what was announced', () => {
    const budget = new MessageBudget(1_000_000);
    const reader = new MessageReader(10_000_000, budget, { message: () => assert.fail('no message is complete') });
    const announced = Buffer.alloc(5);
    announced.writeUInt32BE(10_000_000, 1);
    reader.push(announced, 0, 5);
    assert.ok(budget.usedBytes <= 65_536);
    const some = Buffer.alloc(100_000);
    reader.push(some, 0, some.length);
    assert.ok(budget.usedBytes <= 262_144);
    reader.discard();
    assert.equal(budget.usedBytes, 0);
  });

  it('stops at the budget of the connection', () => {
    const reader = new MessageReader(10_000_000, new MessageBudget(100_000), {
      message: () => assert.fail('no message is complete'),
    });
    const bytes = Buffer.alloc(200_000);
    bytes.writeUInt32BE(9_000_000, 1);
    assert.throws(
      () => reader.push(bytes, 0, bytes.length),
      (error) => error instanceof StatusError && error.code === code.RESOURCE_EXHAUSTED,
    );
  });

  it('keeps large slices in place and copies small ones out of their chunk', () => {
    const chunk = Buffer.alloc(65_536, 7);
    assert.equal(keepBytes(chunk, 100, 60_000).buffer, chunk.buffer);
    const small = keepBytes(chunk, 100, 800);
    assert.notEqual(small.buffer, chunk.buffer);
    assert.deepEqual(small, chunk.subarray(100, 800));
  });
});
