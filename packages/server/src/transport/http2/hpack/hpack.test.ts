import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ConnectionError, ErrorCode } from '../errors.ts';
import { HpackDecoder } from './decoder.ts';
import { HpackEncoder, Indexing, type OutgoingField, PreparedBlock } from './encoder.ts';

const LIST_BYTES_MAX = 65_536;

const latin1 = fc.string({
  unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
  maxLength: 300,
});
const field: fc.Arbitrary<OutgoingField> = fc.record({
  name: fc.oneof(fc.constantFrom('x', 'y', ':path', 'content-type', 'grpc-timeout'), latin1),
  value: fc.oneof(fc.constantFrom('', '1', '2', '/', 'application/grpc'), latin1),
  indexing: fc.constantFrom(Indexing.keep, Indexing.keep, Indexing.once, Indexing.never),
});
type Step = { readonly block: readonly OutgoingField[] } | { readonly limit: number };
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ block: fc.array(field, { maxLength: 12 }) }) },
  { weight: 1, arbitrary: fc.record({ limit: fc.integer({ min: 0, max: 5000 }) }) },
);

function decode(decoder: HpackDecoder, bytes: Uint8Array): [string, string][] {
  const copy = Buffer.from(bytes);
  return decoder.decode(copy, 0, copy.length).fields.map(({ name, value }) => [name, value]);
}

function fails(hex: string, decoder = new HpackDecoder(LIST_BYTES_MAX)): void {
  const bytes = Buffer.from(hex, 'hex');
  assert.throws(
    () => decoder.decode(bytes, 0, bytes.length),
    (error) => error instanceof ConnectionError && error.code === ErrorCode.compressionError,
  );
}

describe('HPACK', () => {
  it('decodes what it encodes, through any history of tables and limits', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.boolean(), (steps, huffman) => {
        const encoder = new HpackEncoder({ huffman });
        const decoder = new HpackDecoder(Infinity);
        for (const next of steps) {
          if ('limit' in next) encoder.setPeerLimit(next.limit);
          else {
            const pairs = next.block.map(({ name, value }) => [name, value]);
            assert.deepEqual(decode(decoder, encoder.encode(next.block)), pairs);
            assert.equal(decoder.dynamicBytes, encoder.dynamicBytes);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('sends prepared blocks again unchanged as long as they mean the same', () => {
    const encoder = new HpackEncoder({ huffman: false });
    const decoder = new HpackDecoder(LIST_BYTES_MAX);
    const prepared = new PreparedBlock([{ name: 'a', value: 'b', indexing: Indexing.keep }]);
    const send = (): string => {
      const bytes = Buffer.from(prepared.bytesFor(encoder));
      assert.deepEqual(decode(decoder, bytes), [['a', 'b']]);
      return bytes.toString('hex');
    };
    assert.equal(send(), '4001610162');
    assert.equal(send(), 'be');
    assert.equal(send(), 'be');
    decode(decoder, encoder.encode([{ name: 'c', value: 'd', indexing: Indexing.keep }]));
    assert.equal(send(), 'bf');
    encoder.setPeerLimit(0);
    assert.equal(send(), '200001610162');
    assert.equal(send(), '0001610162');
  });

  it('never gives an old meaning to a repeated block after the table has changed', () => {
    const decoder = new HpackDecoder(LIST_BYTES_MAX);
    const insert = (name: string): unknown =>
      decode(decoder, Buffer.from(`4001${Buffer.from(name).toString('hex')}0131`, 'hex'));
    insert('a');
    assert.deepEqual(decode(decoder, Buffer.from('be', 'hex')), [['a', '1']]);
    assert.deepEqual(decode(decoder, Buffer.from('be', 'hex')), [['a', '1']]);
    insert('b');
    assert.deepEqual(decode(decoder, Buffer.from('be', 'hex')), [['b', '1']]);
    assert.deepEqual(decode(decoder, Buffer.from('20', 'hex')), []);
    fails('be', decoder);
  });

  it('shares the list of equal blocks that are made of table references', () => {
    const decoder = new HpackDecoder(LIST_BYTES_MAX);
    const bytes = Buffer.from('008286', 'hex');
    assert.equal(decoder.decode(bytes, 1, 3), decoder.decode(bytes, 1, 3));
    assert.notEqual(decoder.decode(bytes, 1, 3), decoder.decode(bytes, 2, 3));
  });

  it('stops collecting a list that is too large, and keeps the table right', () => {
    const decoder = new HpackDecoder(100);
    const encoder = new HpackEncoder();
    const block = (...names: string[]): OutgoingField[] =>
      names.map((name) => ({ name, value: 'v', indexing: Indexing.keep }));
    const large = Buffer.from(encoder.encode(block('a', 'b', 'c', 'd')));
    const list = decoder.decode(large, 0, large.length);
    assert.equal(list.tooLarge, true);
    assert.equal(list.fields.length, 2);
    assert.deepEqual(decode(decoder, encoder.encode(block('d', 'c'))), [
      ['d', 'v'],
      ['c', 'v'],
    ]);
  });

  it('refuses what is not HPACK', () => {
    fails('80'); // index 0
    fails('be'); // an empty dynamic table
    fails('ff'); // ends inside an integer
    fails('ffffffffff7f'); // an integer that overflows
    fails('3fe21f'); // a table above the announced size
    fails('8220'); // a size update after a field
    fails('40'); // ends before the name
    fails('400161'); // ends before the value
    fails('400561'); // ends inside the name
    fails('0081ff0161'); // padding of eight bits
    fails('0084ffffffff00'); // end of string inside a string
    fails('008100'.concat('00')); // padding that is not all ones
  });

  it('survives random blocks: a list, or a compression error', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { minLength: 1, maxLength: 5 }), (blocks) => {
        const decoder = new HpackDecoder(4096);
        for (const block of blocks) {
          try {
            assert.ok(decode(decoder, block).length <= 128);
          } catch (error) {
            assert.ok(error instanceof ConnectionError && error.code === ErrorCode.compressionError, String(error));
            return;
          }
          assert.ok(decoder.dynamicBytes <= 4096);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
