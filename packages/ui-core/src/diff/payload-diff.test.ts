import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Payload } from '../history/event.ts';
import { payloadDiff } from './payload-diff.ts';

const base64 = (bytes: string | Uint8Array) => Buffer.from(bytes).toString('base64');
const payload = (encoding: string, data: string | Uint8Array): Payload => ({
  metadata: { encoding: base64(encoding) },
  data: base64(data),
});

describe('the difference of two payloads', () => {
  it('is that of their values', () => {
    const found = payloadDiff(payload('json/plain', '{"a":1}'), payload('json/plain', '{"a": 2}'));
    assert.equal(found.kind === 'value' && found.diff.kind, 'object');
    const texts = payloadDiff(payload('json/plain', '"- a\\n- b"'), payload('binary/plain', '- a\n- c'));
    assert.equal(texts.kind, 'value');
  });

  it('is none for the same bytes', () => {
    assert.deepEqual(payloadDiff(payload('x', 'y'), payload('x', 'y')), { kind: 'same' });
  });

  it('is said to be one of metadata where the values are the same', () => {
    for (const [a, b] of [
      [payload('json/plain', '{"a":1}'), payload('json/plain', '{ "a": 1 }')],
      [payload('json/plain', 'null'), payload('binary/null', '')],
      [payload('binary/encrypted', 'x'), payload('binary/zip', 'x')],
    ] as const) {
      assert.deepEqual(payloadDiff(a, b), { kind: 'metadata' });
    }
  });

  it('is the first byte that differs where they cannot be read', () => {
    const encrypted = (...bytes: readonly number[]) => payload('binary/encrypted', Uint8Array.from(bytes));
    const found = (a: Payload, b: Payload) => {
      const diff = payloadDiff(a, b);
      return diff.kind === 'bytes' ? [diff.aBytes, diff.bBytes, diff.firstAt] : diff.kind;
    };
    assert.deepEqual(found(encrypted(1, 2, 3), encrypted(1, 9, 3)), [3, 3, 1]);
    assert.deepEqual(found(encrypted(1, 2), encrypted(1, 2, 3)), [2, 3, 2]);
    assert.deepEqual(found(encrypted(1, 2, 3), encrypted(1, 2)), [3, 2, 2]);
    assert.deepEqual(found(encrypted(), payload('json/plain', '1')), [0, 1, 0]);
  });

  it('is not looked for in values without end', () => {
    const deep = payload('json/plain', '['.repeat(500) + ']'.repeat(500));
    assert.deepEqual(payloadDiff(deep, payload('json/plain', '1')), { kind: 'limit', limit: 'deep' });
  });
});
