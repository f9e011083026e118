import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { payload, payloads } from '../../test/events.ts';
import { jsonValue } from '../payload/json-value.ts';
import { sizeWords } from '../payload/size-words.ts';
import { payloadBytes, payloadsOf, samePayloads, valuesOrSize } from './payloads.ts';

describe('payloads', () => {
  it('are counted in bytes of data', () => {
    const bytes = fc.uint8Array({ maxLength: 50 });
    fc.assert(
      fc.property(bytes, (data) =>
        assert.equal(payloadBytes([{ data: Buffer.from(data).toString('base64') }]), data.length),
      ),
    );
  });

  it('of plain JSON can be read, in any script', () => {
    assert.deepEqual(jsonValue(payload({ name: 'Zoë 東京' })), { name: 'Zoë 東京' });
  });

  it('of other encodings, or broken ones, are left alone', () => {
    assert.equal(jsonValue({ metadata: { encoding: btoa('binary/plain') }, data: 'e30=' }), undefined);
    assert.equal(jsonValue({ metadata: { encoding: btoa('json/plain') }, data: btoa('{') }), undefined);
    assert.equal(jsonValue({ metadata: { encoding: btoa('json/plain') }, data: '!' }), undefined);
    assert.equal(jsonValue(undefined), undefined);
  });

  it('are found whether a field holds one or several', () => {
    assert.equal(payloadsOf(payloads(1, 2)).length, 2);
    assert.equal(payloadsOf(payload(1)).length, 1);
    assert.equal(payloadsOf({}).length, 0);
    assert.equal(payloadsOf(undefined).length, 0);
  });

  it('are the same if bytes and metadata are', () => {
    assert.ok(samePayloads([payload(1)], [payload(1)]));
    assert.ok(!samePayloads([payload(1)], [payload(2)]));
    assert.ok(!samePayloads([payload(1)], [payload(1), payload(1)]));
    assert.ok(!samePayloads([payload(1)], [{ data: payload(1).data ?? '', metadata: { encoding: 'eA==' } }]));
  });
});

describe('valuesOrSize', () => {
  const written = (text: string) => ({ ...payload(0), data: btoa(text) });

  it('shows values that are short enough', () => {
    assert.equal(valuesOrSize([payload(1), payload({ a: 'b' })], 12), '1, {"a":"b"}');
    assert.equal(valuesOrSize([payload(1), payload({ a: 'b' })], 11), '10 B');
    assert.equal(valuesOrSize([{ metadata: { encoding: btoa('binary/null') } }], 9), 'null');
  });

  it('shows them as they were written, on one line', () => {
    assert.equal(valuesOrSize([written('12345678901234567890')], 20), '12345678901234567890');
    assert.equal(valuesOrSize([written('{\n  "a": 1e400\n}\n')], 20), '{ "a": 1e400 }');
  });

  it('shows nothing of what is no JSON', () => {
    assert.equal(valuesOrSize([payload(1), { data: btoa('ab') }], 20), '3 B');
  });
});

describe('sizeWords', () => {
  for (const [bytes, words] of [
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1 kB'],
    [1590, '1.5 kB'],
    [999_999, '999.9 kB'],
    [1_000_000, '1 MB'],
  ] as const) {
    it(`says ${words}`, () => assert.equal(sizeWords(bytes), words));
  }
});
