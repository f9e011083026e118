// Nexus operations and endpoints, against a server that has them.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { atEnd } from '../e2e/harness.ts';
import { commandOf } from './command.ts';
import { jsonPayload, stubServer } from './stub.ts';

test('a Nexus operation from its start to its result', async () => {
  let outcome: object = { result: jsonPayload(7), runId: 'r1' };
  const info = { operationId: 'o1', runId: 'r1', endpoint: 'e', service: 's', operation: 'op', attempt: 2 };
  const server = await stubServer({
    StartNexusOperationExecution: { runId: 'r1', started: true },
    PollNexusOperationExecution: () => ({ ...outcome }),
    DescribeNexusOperationExecution: { info },
    RequestCancelNexusOperationExecution: {},
    TerminateNexusOperationExecution: {},
    ListNexusOperationExecutions: {
      operations: [{ ...info, attempt: undefined, status: 'NEXUS_OPERATION_EXECUTION_STATUS_RUNNING' }],
    },
    CountNexusOperationExecutions: { count: '3' },
  });
  const cli = commandOf(server);
  const nexus = (...args: string[]) => cli.run(['nexus', 'operation', ...args]);
  const start = ['--endpoint', 'e', '--service', 's', '--operation', 'op', '--operation-id', 'o1'];
  const options = [
    '--id-conflict-policy',
    'useexisting',
    '--static-summary',
    'why',
    '--schedule-to-close-timeout',
    '90s',
  ];
  const started = {
    endpoint: 'e',
    service: 's',
    operation: 'op',
    operationId: 'o1',
    runId: 'r1',
    namespace: 'default',
  };
  const text = await nexus(
    'start',
    ...start,
    '--input',
    '7',
    ...options,
    '--search-attribute',
    'City="Paris"',
    '-o',
    'json',
  );
  assert.deepEqual(JSON.parse(text.stdout), started);
  const [asked] = server.asked();
  assert.partialDeepStrictEqual(asked?.request, {
    ...{ endpoint: 'e', operationId: 'o1', scheduleToCloseTimeout: '90s' },
    ...{ input: jsonPayload(7), idConflictPolicy: 'NEXUS_OPERATION_ID_CONFLICT_POLICY_USE_EXISTING' },
    ...{
      userMetadata: { summary: jsonPayload('why') },
      searchAttributes: { indexedFields: { City: jsonPayload('Paris') } },
    },
  });
  assert.match((await nexus('start', ...start, '-i', '1', '-i', '2')).stderr, /one argument, there are 2/);
  const done = await nexus('execute', ...start, '-o', 'json');
  assert.deepEqual(JSON.parse(done.stdout), { operationId: 'o1', runId: 'r1', status: 'COMPLETED', result: 7 });
  outcome = { failure: { message: 'no money' }, runId: 'r1' };
  const failed = await nexus('result', '--operation-id', 'o1');
  assert.deepEqual([failed.exitCode, failed.stdout], [4, 'Results:\n  Status   FAILED\n  Failure  no money\n']);
  assert.match((await nexus('describe', '--operation-id', 'o1')).stdout, /OperationId +o1\n[^]*Attempt +2\n/);
  assert.deepEqual(JSON.parse((await nexus('describe', '--operation-id', 'o1', '--raw')).stdout), info);
  server.asked();
  assert.equal((await nexus('cancel', '--operation-id', 'o1', '--reason', 'late')).stdout, 'Cancellation requested\n');
  assert.equal(server.asked()[0]?.request['reason'], 'late');
  assert.equal((await nexus('terminate', '--operation-id', 'o1')).stdout, 'Nexus Operation terminated\n');
  assert.match(String(server.asked()[0]?.request['reason']), /^Requested from CLI by /);
  assert.match((await nexus('list')).stdout, /^Status +OperationId[^]*\nRunning +o1 +e +s +op\n$/);
  assert.equal((await nexus('count')).stdout, 'Total: 3\n');
});

test('a Nexus endpoint is created, changed in part, and deleted', async () => {
  const endpoint = {
    ...{ id: 'i1', version: '4' },
    spec: { name: 'pay', description: jsonPayload('old'), target: { worker: { namespace: 'n', taskQueue: 'q' } } },
  };
  const endpoints = [endpoint];
  const server = await stubServer({
    CreateNexusEndpoint: {},
    ListNexusEndpoints: () => ({ endpoints }),
    UpdateNexusEndpoint: {},
    DeleteNexusEndpoint: {},
  });
  const cli = commandOf(server);
  const run = (...args: string[]) => cli.run(['operator', 'nexus', 'endpoint', ...args]);
  const folder = mkdtempSync(join(tmpdir(), 'perdure-endpoint-'));
  atEnd(async () => rmSync(folder, { recursive: true }));
  const file = join(folder, 'about.md');
  writeFileSync(file, '# Pay');
  const worker = ['--target-namespace', 'n', '--target-task-queue', 'q'];
  assert.equal((await run('create', '--name', 'pay', ...worker, '--description-file', file)).exitCode, 0);
  assert.deepEqual(server.asked()[0]?.request, {
    spec: { name: 'pay', description: jsonPayload('# Pay'), target: { worker: { namespace: 'n', taskQueue: 'q' } } },
  });
  for (const wrong of [[], worker.slice(2), [...worker, '--target-url', 'https://pay.example']]) {
    assert.equal((await run('create', '--name', 'pay', ...wrong)).exitCode, 2, wrong.join(' '));
  }
  assert.equal((await run('update', '--name', 'pay', '--target-task-queue', 'q2')).exitCode, 0);
  assert.deepEqual(server.asked()[1]?.request, {
    ...{ id: 'i1', version: '4' },
    spec: { ...endpoint.spec, target: { worker: { namespace: 'n', taskQueue: 'q2' } } },
  });
  assert.equal(
    (await run('update', '--name', 'pay', '--unset-description', '--target-url', 'https://pay.example')).exitCode,
    0,
  );
  assert.deepEqual(server.asked()[1]?.request['spec'], {
    name: 'pay',
    target: { external: { url: 'https://pay.example' } },
  });
  assert.match((await run('get', '--name', 'pay')).stdout, /Target.Worker.TaskQueue +q\n {2}Description +old\n/);
  assert.deepEqual(await cli.json('operator', 'nexus', 'endpoint', 'get', '--name', 'pay'), {
    ...endpoint,
    spec: { ...endpoint.spec, description: 'old' },
  });
  assert.match((await run('list')).stdout, /^pay +n\/q +i1\n$/m);
  server.asked();
  assert.equal((await run('delete', '--name', 'pay')).stdout, 'Endpoint pay successfully deleted (ID i1).\n');
  assert.deepEqual(server.asked()[1]?.request, { id: 'i1', version: '4' });
  endpoints.pop();
  assert.equal((await run('get', '--name', 'pay')).exitCode, 3);
});
