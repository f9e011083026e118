import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { Backlog } from './backlog.ts';
import type { TaskRef } from './task.ts';

const RUN = { namespaceId: 'namespace', workflowId: 'workflow', runId: 'run' };

function task(n: number, priorityKey = 0, fairnessKey = '', fairnessWeight = 0): TaskRef {
  const priority = priorityKey === 0 && fairnessKey === '' ? undefined : { priorityKey, fairnessKey, fairnessWeight };
  return { kind: 'activity', run: RUN, scheduledEventId: n, attempt: 1, stamp: 0, priority, sinceMs: 1000 + n };
}

function backlogOf(tasks: readonly TaskRef[], weights: ReadonlyMap<string, number> = new Map()): Backlog {
  const backlog = new Backlog((key) => weights.get(key));
  for (const ref of tasks) backlog.push(ref);
  return backlog;
}

const numbers = (refs: readonly TaskRef[]) => refs.map((ref) => (ref.kind === 'query' ? 0 : ref.scheduledEventId));
const keys = (refs: readonly TaskRef[]) => refs.map((ref) => ref.priority?.fairnessKey ?? '').join('');
const many = (count: number, from: number, key: string, weight = 1) =>
  Array.from({ length: count }, (_, n) => task(from + n, 0, key, weight));

describe('priority', () => {
  test('levels come one after the other, each in the order of arrival', () => {
    const backlog = backlogOf([task(1, 5), task(2, 1), task(3), task(4, 3), task(5, 1), task(6, 4)]);
    assert.deepEqual(numbers(backlog.takeAll()), [2, 5, 3, 4, 6, 1]);
  });

  test('what is below the last level is in the last level', () => {
    assert.deepEqual(numbers(backlogOf([task(1, 99), task(2, 5), task(3, 4)]).takeAll()), [3, 1, 2]);
  });

  test('each level says how much waits in it, and since when', () => {
    const backlog = backlogOf([task(1, 2), task(2, 2), task(3, 2)]);
    backlog.shift();
    assert.deepEqual(
      [...backlog.stats()],
      [
        [2, { count: 2, oldestMs: 1002 }],
        [3, { count: 0, oldestMs: undefined }],
      ],
    );
  });
});

describe('fairness', () => {
  test('keys take turns, however many tasks each has', () => {
    const backlog = backlogOf([...many(4, 1, 'a'), ...many(2, 11, 'b')]);
    assert.equal(keys(backlog.takeAll()), 'ababaa');
  });

  test('within a key tasks keep their order, and those without a key are one of the keys', () => {
    const backlog = backlogOf([task(1), task(2), ...many(2, 11, 'a'), task(3)]);
    assert.deepEqual(numbers(backlog.takeAll()), [1, 11, 2, 12, 3]);
  });

  test('a key with twice the weight has twice as many turns', () => {
    const taken = keys(backlogOf([...many(40, 1, 'a', 2), ...many(40, 101, 'b', 1)]).takeAll()).slice(0, 30);
    assert.equal(taken.replaceAll('b', '').length, 20);
  });

  test('the weight of the configuration is stronger than that of the tasks', () => {
    const tasks = [...many(40, 1, 'a', 2), ...many(40, 101, 'b', 1)];
    const taken = keys(backlogOf(tasks, new Map([['b', 6]])).takeAll()).slice(0, 40);
    assert.equal(taken.replaceAll('a', '').length, 30);
  });

  test('a key that comes later begins at the present', () => {
    const backlog = backlogOf(many(100, 1, 'a'));
    for (let n = 0; n < 50; n++) backlog.shift();
    for (const ref of many(50, 201, 'b')) backlog.push(ref);
    assert.equal(keys(backlog.takeAll()).slice(0, 6).replaceAll('a', '').length, 3);
  });

  test('a key that comes back for each task has no more turns than one with a backlog', () => {
    const backlog = backlogOf([...many(20, 1, 'a'), task(101, 0, 'b', 1)]);
    let taken = '';
    for (let n = 0; n < 20; n++) {
      const ref = backlog.shift();
      const key = ref?.priority?.fairnessKey ?? '';
      taken += key;
      if (key === 'b') backlog.push(task(102 + n, 0, 'b', 1));
    }
    assert.equal(taken.replaceAll('a', '').length, 10);
  });

  test('it holds within a level; levels come first', () => {
    const backlog = backlogOf([task(1, 4, 'a'), task(2, 4, 'a'), task(3, 4, 'b'), task(4, 2)]);
    assert.deepEqual(numbers(backlog.takeAll()), [4, 1, 3, 2]);
  });

  test('what no longer waits is dropped, and the order of the rest stays', () => {
    const backlog = backlogOf([...many(3, 1, 'a'), ...many(3, 11, 'b'), ...many(1, 21, 'c')]);
    backlog.keep((ref) => ref.kind !== 'query' && ref.scheduledEventId !== 21 && ref.scheduledEventId !== 2);
    assert.equal(backlog.length, 5);
    assert.deepEqual(numbers(backlog.takeAll()), [1, 11, 3, 12, 13]);
  });
});

test('nothing is lost, doubled or out of its order, whatever comes and goes', () => {
  const push = fc.record({
    priority: fc.nat({ max: 6 }),
    key: fc.constantFrom('', 'a', 'b', 'c'),
    weight: fc.constantFrom(0, 0.5, 3),
  });
  const operation = fc.oneof({ weight: 3, arbitrary: push }, fc.constant('shift' as const));
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 200 }), (operations) => {
      const backlog = backlogOf([]);
      const waiting = new Set<number>();
      const lastOf = new Map<string, number>();
      let next = 1;
      const take = () => {
        const ref = backlog.shift();
        assert.equal(ref === undefined, waiting.size === 0);
        if (ref === undefined || ref.kind === 'query') return;
        assert.ok(waiting.delete(ref.scheduledEventId));
        const group = `${Math.min(ref.priority?.priorityKey || 3, 5)} ${ref.priority?.fairnessKey ?? ''}`;
        assert.ok((lastOf.get(group) ?? 0) < ref.scheduledEventId, 'out of order');
        lastOf.set(group, ref.scheduledEventId);
      };
      for (const item of operations) {
        if (item === 'shift') take();
        else {
          waiting.add(next);
          backlog.push(task(next++, item.priority, item.key, item.weight));
        }
        assert.equal(backlog.length, waiting.size);
      }
      while (waiting.size > 0) take();
    }),
  );
});
