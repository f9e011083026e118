import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Output } from './output.ts';
import { Screen } from './screen.ts';

function screenOf(rows: number) {
  const written: string[] = [];
  const out = { write: async (text: string) => void written.push(text) } as unknown as Output;
  return { screen: new Screen(out, { rows }), written };
}

test('what was drawn before is drawn over', async () => {
  const { screen, written } = screenOf(10);
  await screen.draw(['a', 'b']);
  await screen.draw(['c']);
  assert.deepEqual(written, ['a\nb\n', '\u001b[2A\r\u001b[J', 'c\n']);
});

test('no more is drawn than fits, as what scrolls away cannot be drawn over', async () => {
  const { screen, written } = screenOf(4);
  await screen.draw(['1', '2', '3']);
  await screen.draw(['1', '2', '3', '4']);
  assert.deepEqual(written, ['1\n2\n3\n', '\u001b[3A\r\u001b[J', '1\n2\n… 2 more\n']);
});
