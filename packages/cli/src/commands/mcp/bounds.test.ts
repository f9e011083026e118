import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bounded } from './bounds.ts';

test('a text at the limit stays whole; one byte more is cut', () => {
  assert.equal(bounded('abcd', 4), 'abcd');
  assert.equal(bounded('abcde', 4), 'abcd\n… 1 more bytes are cut off: ask for less (limit, type, event_id).');
});

test('no character is cut in two', () => {
  for (const bytesMax of [3, 4, 5, 6]) {
    const [shown = ''] = bounded('a€𝄞b', bytesMax).split('\n');
    assert.ok('a€𝄞b'.startsWith(shown) && !shown.includes('\ufffd'), `${bytesMax}: ${shown}`);
  }
});
