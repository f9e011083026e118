import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { append, closeRun, insertRun, runRow } from '../../conformance/fixtures.ts';
import { ByteReader, ByteWriter } from './bytes.ts';
import { encodeCommit, op } from './commit.ts';
import { decodeRows, decodeRun, encodeRows } from './rows.ts';
import type { Row } from './values.ts';
import { readRow } from './values.ts';

const value = fc.oneof(
  fc.constant(null),
  fc.double({ noNaN: true }),
  fc.maxSafeInteger(),
  fc.string({ unit: 'grapheme', maxLength: 3000 }),
  fc.uint8Array({ maxLength: 3000 }),
);
const rows = fc.array(fc.array(value, { maxLength: 20 }), { maxLength: 20 });

test('rows of values come back as they were written', () => {
  fc.assert(
    fc.property(rows, (given) => {
      assert.deepEqual(
        decodeRows(encodeRows(given), (row) => row),
        given,
      );
    }),
  );
});

test('a buffer that was estimated too small grows, and ends where the data ends', () => {
  const writer = new ByteWriter(1);
  writer.text('größer ✓'.repeat(100));
  writer.f64(-0.5);
  writer.u32(0xffff_ffff);
  writer.bytes(new Uint8Array(1000).fill(9));
  const buffer = writer.finish();
  assert.equal(buffer.byteLength, 4 + Buffer.byteLength('größer ✓') * 100 + 8 + 4 + 4 + 1000);
  const reader = new ByteReader(buffer);
  assert.equal(reader.text(), 'größer ✓'.repeat(100));
  assert.equal(reader.f64(), -0.5);
  assert.equal(reader.u32(), 0xffff_ffff);
  assert.deepEqual(reader.bytes(), new Uint8Array(1000).fill(9));
  assert.ok(reader.isAtEnd);
});

test('a commit is who commits, then statements with their parameters', () => {
  const row = runRow(7, { closeMs: 5, status: 2, rootWorkflowId: 'root', rootRunId: 'root run' });
  const buffer = encodeCommit({
    shard: 3,
    epoch: 2 ** 40,
    writes: [append(7, { seq: 1 }), closeRun(7, 99), insertRun(row)],
  });
  const reader = new ByteReader(buffer);
  assert.deepEqual([reader.f64(), reader.f64()], [3, 2 ** 40]);
  assert.equal(reader.u8(), op.append);
  assert.deepEqual(readRow(reader).slice(0, 4), [7, 1, 1, 1]);
  assert.equal(reader.u8(), op.closeAndSetWakeAt);
  assert.deepEqual(readRow(reader), [7, 2, 99, 11, 1100, 4, null]);
  assert.equal(reader.u8(), op.insertRun);
  const written: Row = readRow(reader);
  assert.deepEqual(decodeRun(written), row);
  assert.ok(reader.isAtEnd);
});
