import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { EntityKind, type RunRow } from '@perdure/store';
import { createLogger } from '../../logging/logger.ts';
import { DueScan } from './due-scan.ts';

const nextTurn = promisify(setImmediate);

/** Rows by the time at which they wake; what was loaded, in turn. */
class Scene {
  readonly wakes = new Map<string, number>();
  readonly unreadable = new Set<string>();
  readonly #loaded: string[] = [];
  readonly scan: DueScan;
  readonly #t: TestContext;

  constructor(t: TestContext) {
    this.#t = t;
    t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 0 });
    this.scan = new DueScan({
      ...{ shard: 1, kind: EntityKind.SCHEDULE, clock: { now: () => Date.now() } },
      log: createLogger({ level: 'error', format: 'text', write: () => undefined }),
      store: {
        dueRuns: async (_shard, _kind, untilMs, after) =>
          this.#rows((ms) => ms > (after?.wakeAtMs ?? -1) && ms <= untilMs),
        nextWakeAt: async (_shard, _kind, afterMs) => this.#rows((ms) => ms > afterMs)[0]?.wakeAtMs,
      },
      load: async ({ workflowId }) => {
        this.#loaded.push(workflowId);
        if (this.unreadable.has(workflowId)) throw new Error('damaged');
      },
    });
  }

  #rows(wants: (ms: number) => boolean): RunRow[] {
    const found = [...this.wakes].filter(([, ms]) => wants(ms)).toSorted((a, b) => a[1] - b[1]);
    return found.map(([workflowId, wakeAtMs], key) => ({ workflowId, wakeAtMs, key }) as RunRow);
  }

  /** What is loaded until then. */
  async until(ms: number): Promise<string[]> {
    this.#loaded.length = 0;
    do {
      this.#t.mock.timers.tick(Math.min(100, Math.max(0, ms - Date.now())));
      for (let turn = 0; turn < 5; turn++) await nextTurn();
    } while (Date.now() < ms);
    return [...this.#loaded];
  }
}

test('what is due is read once, a little before its time', async (t) => {
  const scene = new Scene(t);
  scene.wakes.set('past', 0).set('soon', 4000).set('later', 60_000);
  scene.scan.recover();
  assert.deepEqual(await scene.until(1000), ['past', 'soon']);
  assert.deepEqual(await scene.until(50_000), []);
  assert.deepEqual(await scene.until(60_000), ['later']);
  // They may wake again and again, in memory.
  scene.wakes.set('later', 61_000);
  assert.deepEqual(await scene.until(120_000), []);
  scene.scan.recover();
  assert.deepEqual(await scene.until(121_000), ['past', 'soon', 'later']);
});

test('one that has left the memory is read again when it wakes', async (t) => {
  const scene = new Scene(t);
  scene.wakes.set('a', 1000).set('b', 2000).set('c', 30_000);
  scene.scan.recover();
  assert.deepEqual(await scene.until(100), ['a', 'b']);
  scene.wakes.set('a', 20_000);
  scene.scan.left(20_000);
  assert.deepEqual(await scene.until(20_000), ['a']);
  assert.deepEqual(await scene.until(30_000), ['c']);
});

test('one that cannot be read keeps no other from its work, and is tried again', async (t) => {
  const scene = new Scene(t);
  scene.wakes.set('a', 0).set('b', 1);
  scene.unreadable.add('a');
  scene.scan.recover();
  assert.deepEqual(await scene.until(1000), ['a', 'b']);
  scene.unreadable.clear();
  assert.ok((await scene.until(120_000)).includes('a'));
  assert.deepEqual(await scene.until(300_000), []);
});
