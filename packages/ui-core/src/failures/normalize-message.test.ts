import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { normalizeMessage } from './normalize-message.ts';

describe('normalizeMessage', () => {
  for (const [message, normal] of [
    ['order 17 is 3.5 kg', 'order <n> is <n> kg'],
    ['order-17 not found', 'order-<n> not found'],
    ['no run 019a0d20-e490-775a-aff9-bd0aacd4efe6', 'no run <id>'],
    ['commit deadbeef1 at 0xFF', 'commit <id> at <id>'],
    ['decade facade effaced1', 'decade facade <id>'],
    ['effaced', 'effaced'],
    ['at 1700000000000', 'at <n>'],
    ['no "Zoë", `x` or \'y z\'', 'no "…", "…" or "…"'],
    ["can't find what isn't there", "can't find what isn't there"],
    ['first\n at line 3', 'first'],
    ['', ''],
  ] as const) {
    it(`makes "${normal}" of "${message.split('\n', 1)[0]}"`, () => assert.equal(normalizeMessage(message), normal));
  }

  it('does not care which number or id it was', () => {
    const text = (n: number, id: string) => `order ${n} of "${id}" in run ${id} failed`;
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.uuid(), fc.uuid(), (n, m, id, other) =>
        assert.equal(normalizeMessage(text(n, id)), normalizeMessage(text(m, other))),
      ),
    );
  });
});
