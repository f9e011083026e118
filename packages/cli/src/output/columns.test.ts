import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cutTo, widthOf } from './columns.ts';

test('a text that fits stays, one that does not ends in an ellipsis', () => {
  assert.equal(cutTo('order', 5), 'order');
  assert.equal(cutTo('orders', 5), 'orde…');
  assert.equal(cutTo('注文注文', 8), '注文注文');
  assert.equal(cutTo('注文注文', 7), '注文注…');
  assert.equal(cutTo('注文注文', 6), '注文…');
});

test('no text is wider than it may be', () => {
  const text = fc.string({ unit: fc.constantFrom('a', '注', '🙂', ' ') });
  fc.assert(fc.property(text, fc.integer({ min: 1, max: 20 }), (one, width) => widthOf(cutTo(one, width)) <= width));
});
