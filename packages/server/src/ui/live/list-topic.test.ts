import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { StatusError } from '@perdure/api';
import type { EventStream } from './event-stream.ts';
import { ListTopic } from './list-topic.ts';
import type { Reads } from './reads.ts';

const nextTurn = promisify(setImmediate);

/** A list of a store that tells how often it was asked, with time that moves when it is told to. */
function watched(t: TestContext, answer: () => Promise<Map<string, string>> | Map<string, string>) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const ended = new AbortController();
  const sent: string[] = [];
  const asked: string[] = [];
  const namespace = { changes: 0 };
  const send = async (event: string, data: string) => void sent.push(`${event} ${data}`);
  const reads = {
    list: async (query: string) => {
      asked.push(`list ${query}`);
      return answer();
    },
    countByStatus: async (query: string) => {
      asked.push(`count ${query}`);
      return '{"count":"1"}';
    },
  };
  const topic = new ListTopic({
    stream: { signal: ended.signal, send } as Partial<EventStream> as EventStream,
    reads: reads as Partial<Reads> as Reads,
    query: 'q ORDER BY x',
    pageSize: 2,
    page: new Map([['a', '1']]),
    counted: 'q',
    changes: () => namespace.changes,
    changesBefore: 0,
  });
  const following = topic.follow();
  const pass = async (ms: number) => {
    await nextTurn();
    t.mock.timers.tick(ms);
    await nextTurn();
    await nextTurn();
  };
  const end = () => {
    ended.abort();
    return following;
  };
  return { sent, asked, namespace, pass, end };
}

test('a list is not asked for again while nothing in the namespace changes, nor more than once in a second', async (t) => {
  const { asked, namespace, pass, end } = watched(t, () => new Map([['a', '1']]));
  await pass(0);
  assert.deepEqual(asked.splice(0), ['count q']);
  for (let second = 0; second < 5; second++) await pass(1000);
  assert.deepEqual(asked, []);
  for (let change = 0; change < 10; change++) {
    namespace.changes++;
    await pass(99);
  }
  assert.deepEqual(asked, []);
  await pass(10);
  assert.deepEqual(asked.splice(0), ['list q ORDER BY x', 'count q']);
  await pass(1000);
  assert.deepEqual(asked, []);
  await end();
});

test('what is the same as before is not sent', async (t) => {
  let page = new Map([['a', '1']]);
  const { sent, namespace, pass, end } = watched(t, () => page);
  await pass(0);
  assert.deepEqual(sent.splice(0), [
    'list {"full":true,"changed":[1],"removed":[],"order":["a"]}',
    'counts {"count":"1"}',
  ]);
  const after = async (changed: Map<string, string>) => {
    page = changed;
    namespace.changes++;
    await pass(1000);
    return sent.splice(0);
  };
  assert.deepEqual(await after(new Map([['a', '1']])), []);
  assert.deepEqual(await after(new Map([['a', '2']])), ['list {"changed":[2],"removed":[]}']);
  const both = new Map([
    ['b', '3'],
    ['a', '2'],
  ]);
  assert.deepEqual(await after(both), ['list {"changed":[3],"removed":[],"order":["b","a"]}']);
  assert.deepEqual(await after(new Map([...both].toReversed())), [
    'list {"changed":[],"removed":[],"order":["a","b"]}',
  ]);
  assert.deepEqual(await after(new Map()), ['list {"changed":[],"removed":["a","b"],"order":[]}']);
  await end();
});

test('one list is under way at a time, and one that fails for a while is asked for again', async (t) => {
  const slow = Promise.withResolvers<Map<string, string>>();
  const answers = [() => slow.promise, () => Promise.reject(new StatusError(14, 'later')), () => new Map([['b', '2']])];
  const { sent, asked, namespace, pass, end } = watched(t, () => answers.shift()?.() ?? assert.fail('asked again'));
  await pass(0);
  namespace.changes++;
  await pass(1000);
  namespace.changes++;
  for (let second = 0; second < 5; second++) await pass(1000);
  assert.equal(asked.filter((one) => one.startsWith('list')).length, 1);
  slow.resolve(new Map([['a', '1']]));
  // As long as it takes to make up for what the slow one has cost.
  await pass(60_000);
  await pass(60_000);
  assert.equal(asked.filter((one) => one.startsWith('list')).length, 3);
  assert.equal(sent.at(-1), 'list {"changed":[2],"removed":["a"],"order":["b"]}');
  await end();
});
