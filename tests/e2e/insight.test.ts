// What user interfaces make of the JSON of a real server, with workflows of the official SDK.

import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import {
  EventGroups,
  explain,
  explanationLines,
  type HistoryEvent,
  normalizeHistory,
  type WorkflowDescription,
  waterfall,
  waterfallLines,
} from '@perdure/ui-core';
import { atEnd, eventually, freePort, TestServer, unique } from './harness.ts';
import { runWorker } from './sdk/worker.ts';

let server: TestServer;
let base: string;
let taskQueue: string;

before(async () => {
  const port = await freePort();
  server = await TestServer.start({ args: ['--http-port', String(port)] });
  atEnd(() => server.dispose());
  base = `http://127.0.0.1:${port}/api/v1/namespaces/default/workflows`;
  taskQueue = unique('insight');
  await runWorker(server.address, taskQueue);
});

async function call(verb: 'GET' | 'POST', path: string, body?: unknown): Promise<unknown> {
  const headers = { accept: 'application/json+no-payload-shorthand' };
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const response = await fetch(`${base}/${path}`, { method: verb, headers, ...sent });
  assert.equal(response.status, 200, path);
  return response.json();
}

async function start(type: string, ...input: readonly unknown[]): Promise<string> {
  const workflowId = unique('insight');
  await call('POST', workflowId, { workflowType: { name: type }, taskQueue: { name: taskQueue }, input });
  return workflowId;
}

async function described(workflowId: string): Promise<WorkflowDescription> {
  return (await call('GET', workflowId)) as WorkflowDescription;
}

async function historyOf(workflowId: string): Promise<HistoryEvent[]> {
  return normalizeHistory(await call('GET', `${workflowId}/history`));
}

async function linesOf(workflowId: string): Promise<string[]> {
  const [description, history] = [await described(workflowId), await historyOf(workflowId)];
  return explanationLines(explain({ description, history, nowMs: Date.now() })).slice(1);
}

const SLOW_RETRY = { startToCloseTimeout: '10s', retry: { initialInterval: '1h' } };
const ONCE = { startToCloseTimeout: '10s', retry: { maximumAttempts: 1 } };

describe('insight into a run', () => {
  it('tells of the failed attempt of an activity that backs off', async () => {
    const workflowId = await start('runActivity', 'failUntil', SLOW_RETRY, 2);
    await eventually('the second attempt waits', async () => {
      const { pendingActivities } = await described(workflowId);
      return pendingActivities?.find(({ attempt }) => attempt === 2);
    });
    const [line, ...more] = await linesOf(workflowId);
    assert.match(
      line ?? '',
      /^ {2}activity failUntil, attempt 2, next attempt in (59 minutes|1 hour); last failure: .+/,
    );
    assert.deepEqual(more, []);
    const groups = new EventGroups();
    groups.ingest(await historyOf(workflowId));
    groups.describe(await described(workflowId));
    const activity = groups.groups.find(({ kind }) => kind === 'activity');
    assert.deepEqual([activity?.status, activity?.segments.at(-1)?.kind], ['backingOff', 'backingOff']);
    const drawn = waterfallLines(waterfall(groups.groups, { width: 80, nowMs: Date.now() }));
    assert.match(drawn.join('\n'), /activity failUntil .*↻/);
  });

  it('tells which activity a run failed of', async () => {
    const workflowId = await start('runActivity', 'failForGood', ONCE, 'Hopeless');
    await eventually('it fails', async () => (await described(workflowId)).workflowExecutionInfo?.closeTime);
    assert.deepEqual(await linesOf(workflowId), [
      '  activity failForGood failed, non retryable failure',
      '    hopeless',
    ]);
  });
});
