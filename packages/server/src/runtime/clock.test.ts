import assert from 'node:assert/strict';
import { it } from 'node:test';
import { randomIds } from './clock.ts';

it('makes UUIDs that begin with the time', () => {
  const nowMs = Date.UTC(2030, 0, 2, 3, 4, 5, 678);
  const ids = new Set<string>();
  for (let i = 0; i < 2000; i++) ids.add(randomIds.timeUuid(nowMs));
  assert.equal(ids.size, 2000);
  for (const id of ids) {
    assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.equal(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16), nowMs);
  }
  assert(randomIds.timeUuid(nowMs) < randomIds.timeUuid(nowMs + 1));
});
