// Which requests of completion callbacks are made when: never before the close is durable, a few for each destination.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Callback } from '@perdure/api/common';
import { CallbackState } from '@perdure/api/enums';
import type { CallbackAnswer, CompletionCallback } from '@perdure/core';
import { createLogger } from '../logging/logger.ts';
import { CallbackSender } from './callback-sender.ts';
import { Run } from './run.ts';

const log = createLogger({ level: 'error', format: 'json', write: () => undefined });

let runs = 0;

/** A run that has ended, with callbacks to these URLs. */
function ended(...urls: readonly string[]): Run {
  const id = runs++;
  const run = new Run(id, 'namespace', `workflow-${id}`, `run-${id}`);
  for (const url of urls) {
    const callback: CompletionCallback = {
      id: run.state.callbacks.size + 1,
      callback: Callback.encode({ nexus: { url } }),
      ...{ requestId: '', registeredMs: 0, state: CallbackState.SCHEDULED, attempt: 0, lastAttemptMs: 0 },
      ...{ lastFailure: undefined, nextAttemptMs: 0 },
    };
    run.state.callbacks.set(callback.id, callback);
    run.state.scheduledCallbackCount++;
  }
  return run;
}

function bench() {
  const asked: { readonly url: string; readonly answer: (answer: CallbackAnswer) => void }[] = [];
  const recorded: Run[] = [];
  const settled = Promise.withResolvers<void>();
  const engine = {
    log,
    settled: () => settled.promise,
    transact: (run: Run) => {
      recorded.push(run);
      return Promise.resolve();
    },
  };
  const sender = new CallbackSender(engine as never, (_run, { callback }) => {
    const url = Callback.decode(callback).nexus?.url ?? '';
    return new Promise((answer) => asked.push({ url, answer }));
  });
  return { sender, asked, recorded, settle: settled.resolve };
}

/** Until everything that can go on has gone on. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
}

const ok = { problem: undefined, isRetryable: false };

test('nothing is said before the close is durable, and nothing twice', async () => {
  const { sender, asked, recorded, settle } = bench();
  const run = ended('http://a/1', 'http://a/2');
  sender.attend(run);
  sender.attend(run);
  await turns();
  assert.equal(asked.length, 0);
  settle();
  await turns();
  assert.deepEqual(
    asked.map(({ url }) => url),
    ['http://a/1', 'http://a/2'],
  );
  assert.deepEqual([...run.calling], [1, 2]);
  asked[0]?.answer(ok);
  await turns();
  assert.deepEqual(recorded, [run]);
  assert.deepEqual([...run.calling], [2]);
});

test('a destination that hangs holds up only its own', async () => {
  const { sender, asked, settle } = bench();
  settle();
  for (let n = 0; n < 15; n++) sender.attend(ended(`http://slow/${n}`));
  sender.attend(ended('http://other/'));
  await turns();
  assert.equal(asked.length, 11);
  assert.equal(asked[10]?.url, 'http://other/');
  asked[3]?.answer({ problem: 'down', isRetryable: true });
  await turns();
  assert.equal(asked.length, 12);
  assert.equal(asked[11]?.url, 'http://slow/10');
});

test('only so many requests are under way in all', async () => {
  const { sender, asked, settle } = bench();
  settle();
  for (let n = 0; n < 120; n++) sender.attend(ended(`http://host-${n}/`));
  await turns();
  assert.equal(asked.length, 100);
  asked[0]?.answer(ok);
  await turns();
  assert.equal(asked.length, 101);
});

test('a run whose state was lost is left alone: it is read back with its callbacks', async () => {
  const { sender, asked, recorded, settle } = bench();
  const [before, after] = [ended('http://a/'), ended('http://b/')];
  sender.attend(before);
  before.dropped = true;
  settle();
  sender.attend(after);
  await turns();
  assert.deepEqual(
    asked.map(({ url }) => url),
    ['http://b/'],
  );
  after.dropped = true;
  asked[0]?.answer(ok);
  await turns();
  assert.deepEqual(recorded, []);
});

test('nothing begins after the end, and what comes of requests under way is not recorded', async () => {
  const { sender, asked, recorded, settle } = bench();
  settle();
  for (let n = 0; n < 12; n++) sender.attend(ended(`http://a/${n}`));
  await turns();
  sender.stop();
  asked[0]?.answer(ok);
  sender.attend(ended('http://b/'));
  await turns();
  assert.equal(asked.length, 10);
  assert.deepEqual(recorded, []);
});
