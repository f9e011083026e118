import assert from 'node:assert/strict';
import { test } from 'node:test';
import { promisify } from 'node:util';
import fc from 'fast-check';
import type { EventStream } from './event-stream.ts';
import { Positions } from './positions.ts';
import type { Reads } from './reads.ts';
import { batches, RunTopic } from './run-topic.ts';

test('batches hold all events in order, each as many as fit, or one', () => {
  const anyEvents = fc.array(fc.string({ maxLength: 20 }), { maxLength: 50 });
  fc.assert(
    fc.property(anyEvents, fc.integer({ min: 1, max: 30 }), (events, lengthMax) => {
      const all = batches(events, lengthMax);
      assert.deepEqual(all.flat(), events);
      for (const [at, batch] of all.entries()) {
        const length = batch.join('').length;
        assert.ok(batch.length === 1 || length <= lengthMax);
        const next = all[at + 1]?.[0];
        if (next !== undefined) assert.ok(length + next.length > lengthMax, 'the next one would have fitted');
      }
    }),
  );
});

const nextTurn = promisify(setImmediate);

test('a closed run that leaves the memory is described once more, and then no more', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const ended = new AbortController();
  const sent: string[] = [];
  const server = { transition: 7 as number | undefined, description: 'closed' };
  let asked = 0;
  const describe = async () => {
    asked++;
    return { json: server.description, runId: 'r', historyLength: 2, status: 2 };
  };
  const send = async (event: string, data: string) => void sent.push(`${event} ${data}`);
  const topic = new RunTopic({
    stream: { signal: ended.signal, send } as Partial<EventStream> as EventStream,
    reads: { describe, eventsFrom: async () => ({ events: [], isEnd: true }) } as Partial<Reads> as Reads,
    run: { workflowId: 'w', runId: 'r' },
    positions: new Positions(),
    afterEventId: 2,
    described: await describe(),
    lastTransition: () => server.transition,
  });
  const following = topic.follow();
  const pass = async () => {
    for (let turn = 0; turn < 3; turn++) await nextTurn();
    t.mock.timers.tick(250);
    for (let turn = 0; turn < 3; turn++) await nextTurn();
  };
  await pass();
  server.transition = undefined;
  server.description = 'closed, callback delivered';
  await pass();
  const askedThen = asked;
  for (let passed = 0; passed < 5; passed++) await pass();
  assert.equal(asked, askedThen);
  ended.abort();
  await following;
  assert.deepEqual(sent, [
    'describe closed',
    'closed {"runId":"r","status":"WORKFLOW_EXECUTION_STATUS_COMPLETED"}',
    'describe closed, callback delivered',
  ]);
});
