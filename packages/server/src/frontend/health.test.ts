import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HealthCheckRequest, HealthCheckResponse } from '@perdure/api/health';
import { Health } from './health.ts';
import { TestStream, testFrontend } from './testing.ts';

const SERVICE = 'temporal.api.workflowservice.v1.WorkflowService';
const SERVING = 1;
const NOT_SERVING = 2;
const SERVICE_UNKNOWN = 3;

function watch(health: Health, service: string) {
  const stream = new TestStream(HealthCheckRequest.encode({ service }));
  const [rpc] = health.streams;
  assert.ok(rpc);
  const ended = rpc.stream(stream);
  const statuses = () => stream.sent.map((message) => HealthCheckResponse.decode(message).status);
  return { stream, ended, statuses };
}

test('a check tells whether requests are taken, for the server and for its main service', async () => {
  const { call } = await testFrontend();
  const health = new Health();
  const check = async (service: string) =>
    (await call(health.rpcs, 'Check', HealthCheckRequest, HealthCheckResponse, { service })).status;
  assert.equal(await check(''), NOT_SERVING);
  health.setServing(true);
  assert.equal(await check(''), SERVING);
  assert.equal(await check(SERVICE), SERVING);
  await assert.rejects(check('other'), { code: 5, message: 'unknown service' });
  health.stop();
  health.setServing(true);
  assert.equal(await check(SERVICE), NOT_SERVING);
});

test('a watcher hears the status at once and every change, until it goes away', async () => {
  const health = new Health();
  const { stream, ended, statuses } = watch(health, SERVICE);
  await stream.sentAtLeast(1);
  health.setServing(true);
  await stream.sentAtLeast(2);
  health.setServing(true);
  health.setServing(false);
  await stream.sentAtLeast(3);
  stream.cancel();
  await ended;
  assert.deepEqual(statuses(), [NOT_SERVING, SERVING, NOT_SERVING]);
});

test('a watcher of an unknown service hears that, and waits', async () => {
  const health = new Health();
  const { stream, ended, statuses } = watch(health, 'other');
  await stream.sentAtLeast(1);
  health.setServing(true);
  stream.cancel();
  await ended;
  assert.deepEqual(statuses(), [SERVICE_UNKNOWN]);
});

test('watchers are let go when the server stops', async () => {
  const health = new Health();
  health.setServing(true);
  const watchers = [watch(health, ''), watch(health, 'other')];
  await Promise.all(watchers.map(({ stream }) => stream.sentAtLeast(1)));
  health.stop();
  await Promise.all(watchers.map(({ ended }) => ended));
  assert.deepEqual(
    watchers.map(({ statuses }) => statuses()),
    [[SERVING, NOT_SERVING], [SERVICE_UNKNOWN]],
  );
});
