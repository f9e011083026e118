import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Payload, Payloads } from '@perdure/api/common';
import { binaryPayload, jsonPayload, jsonPayloads, parseJsonPayload, payloadEncoding } from './index.ts';

test('a JSON value comes back, undefined as a null payload', () => {
  assert.deepEqual(parseJsonPayload(jsonPayload({ a: ['é', 1, null] })), { a: ['é', 1, null] });
  assert.equal(parseJsonPayload(jsonPayload(undefined)), undefined);
  assert.equal(payloadEncoding(jsonPayload(undefined)), 'binary/null');
});

test('metadata is added beside the encoding', () => {
  const { metadata } = Payload.decode(jsonPayload('x', { type: 'Keyword' }));
  assert.deepEqual([...metadata.keys()], ['encoding', 'type']);
});

test('bytes are not JSON', () => {
  const payload = binaryPayload(Uint8Array.from([0, 1]));
  assert.deepEqual(Payload.decode(payload).data, Uint8Array.from([0, 1]));
  assert.throws(() => parseJsonPayload(payload), /binary\/plain/);
});

test('several values make one Payloads', () => {
  assert.deepEqual(Payloads.decode(jsonPayloads(1, 'b')).payloads.map(parseJsonPayload), [1, 'b']);
});
