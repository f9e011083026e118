import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DeadlineHeap, type DeadlineKind } from './deadlines.ts';

const entry = fc.record({
  atMs: fc.nat({ max: 50 }),
  kind: fc.integer({ min: 1, max: 7 }),
  eventId: fc.nat({ max: 6 }),
});

test('entries leave by time, then by event id; each thing has its earliest one', () => {
  fc.assert(
    fc.property(fc.array(fc.option(entry, { freq: 4, nil: undefined }), { maxLength: 80 }), (steps) => {
      const heap = new DeadlineHeap();
      const model = new Map<string, number>();
      for (const step of steps) {
        if (step === undefined) {
          const popped = heap.pop();
          if (popped !== undefined) assert.ok(model.delete(`${popped.eventId}/${popped.kind}/${popped.atMs}`));
          else assert.equal(model.size, 0);
        } else {
          heap.add(step.atMs, step.kind as DeadlineKind, step.eventId);
          const thing = `${step.eventId}/${step.kind}/`;
          const known = [...model].find(([key]) => key.startsWith(thing));
          if (known === undefined || known[1] > step.atMs) model.set(`${thing}${step.atMs}`, step.atMs);
          if (known !== undefined && known[1] > step.atMs) model.delete(known[0]);
        }
        assert.equal(heap.size, model.size);
        assert.equal(heap.peek()?.atMs, model.size === 0 ? undefined : Math.min(...model.values()));
      }
      let previous = { atMs: -1, eventId: -1 };
      for (let next = heap.pop(); next !== undefined; next = heap.pop()) {
        const inOrder = next.atMs > previous.atMs || (next.atMs === previous.atMs && next.eventId >= previous.eventId);
        assert.ok(inOrder);
        previous = next;
      }
    }),
  );
});
