// What is said of workers and their deployments, against a server that has them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandOf } from './command.ts';
import { base64, stubServer } from './stub.ts';

test('workers are listed, counted and shown', async () => {
  const heartbeat = {
    ...{ workerInstanceKey: 'k1', workerIdentity: 'w@h', status: 'WORKER_STATUS_RUNNING', taskQueue: 'orders' },
    deploymentVersion: { deploymentName: 'shop', buildId: '2' },
    hostInfo: { hostName: 'h' },
    workflowTaskSlotsInfo: { currentUsedSlots: 1, currentAvailableSlots: 9, slotSupplierKind: 'Fixed' },
    workflowPollerInfo: { currentPollers: 2, isAutoscaling: true },
  };
  const workersInfo = [{ workerHeartbeat: heartbeat }, { workerHeartbeat: { ...heartbeat, workerInstanceKey: 'k2' } }];
  const server = await stubServer({
    ListWorkers: { workersInfo },
    CountWorkers: { count: '2' },
    DescribeWorker: { workerInfo: workersInfo[0] },
  });
  const cli = commandOf(server);
  const list = await cli.text('worker', 'list', '--limit', '1', '--query', 'q', '--include-system-workers');
  assert.match(list, /^WorkerInstanceKey +Status +TaskQueue[^]*\nk1 +Running +orders +w@h +h +shop@2\n$/);
  assert.deepEqual(server.asked()[0]?.request, { namespace: 'default', query: 'q', includeSystemWorkers: true });
  assert.deepEqual(await cli.json('worker', 'list'), workersInfo);
  assert.equal(await cli.text('worker', 'count'), '2\n');
  assert.deepEqual(await cli.json('worker', 'count'), { count: '2' });
  const described = await cli.text('worker', 'describe', '--worker-instance-key', 'k1');
  assert.match(
    described,
    /WorkflowTaskSlots +1 used, 9 free \(Fixed\); 0 tasks done, 0 failed\n {2}WorkflowPollers +2, autoscaling\n/,
  );
  assert.deepEqual(await cli.json('worker', 'describe', '--worker-instance-key', 'k1'), workersInfo[0]);
});

const DEPLOYMENT = {
  ...{ name: 'orders', createTime: '2026-01-01T00:00:00Z', managerIdentity: 'me' },
  routingConfig: {
    currentDeploymentVersion: { deploymentName: 'orders', buildId: '1' },
    rampingVersionPercentage: 5,
  },
  versionSummaries: [
    {
      deploymentVersion: { deploymentName: 'orders', buildId: '1' },
      drainageStatus: 'VERSION_DRAINAGE_STATUS_DRAINED',
    },
  ],
};

/** @param isKnown whether the deployment is there */
async function deploymentServer(isKnown: () => boolean = () => true) {
  const server = await stubServer({
    CreateWorkerDeployment: {},
    DescribeWorkerDeployment: () =>
      isKnown()
        ? { conflictToken: base64('seen'), workerDeploymentInfo: DEPLOYMENT }
        : { code: 'NOT_FOUND', message: 'no such deployment' },
    ListWorkerDeployments: { workerDeployments: [{ name: 'orders', routingConfig: DEPLOYMENT.routingConfig }] },
    DeleteWorkerDeployment: {},
    SetWorkerDeploymentCurrentVersion: {},
    SetWorkerDeploymentRampingVersion: {},
    SetWorkerDeploymentManager: { previousManagerIdentity: 'me' },
  });
  const cli = commandOf(server);
  return {
    ...{ server, cli },
    deployment: (...args: string[]) => cli.run(['worker', 'deployment', ...args, '--identity', 'tester']),
  };
}

test('a deployment is created, shown, listed and deleted', async () => {
  const { server, cli, deployment } = await deploymentServer();
  assert.equal((await deployment('create', '-d', 'orders')).stdout, 'Successfully created worker deployment\n');
  const [created] = server.asked();
  assert.equal(created?.request['deploymentName'], 'orders');
  assert.match(String(created?.request['requestId']), /^[0-9a-f-]{36}$/);
  const described = await cli.json<Record<string, unknown>>('worker', 'deployment', 'describe', '--name', 'orders');
  assert.deepEqual(described, {
    name: 'orders',
    createTime: '2026-01-01T00:00:00Z',
    lastModifierIdentity: '',
    routingConfig: {
      ...{ currentVersionDeploymentName: 'orders', currentVersionBuildID: '1' },
      ...{ rampingVersionDeploymentName: '', rampingVersionBuildID: '', rampingVersionPercentage: 5 },
    },
    versionSummaries: [{ deploymentName: 'orders', BuildID: '1', drainageStatus: 'drained' }],
    managerIdentity: 'me',
  });
  assert.match(
    await cli.text('worker', 'deployment', 'describe', '--name', 'orders'),
    /Version Summaries:\n[^]*1 +drained/,
  );
  assert.match(await cli.text('worker', 'deployment', 'list'), /^Name +CreateTime[^]*\norders +1 +5\n$/);
  assert.equal((await deployment('delete', '--name', 'orders')).exitCode, 0);
});

test('its routing is changed on the state that was seen', async () => {
  let isKnown = true;
  const { server, deployment } = await deploymentServer(() => isKnown);
  const current = ['set-current-version', '--deployment-name', 'orders'];
  assert.equal((await deployment(...current, '--build-id', '2', '-y', '--allow-no-pollers')).exitCode, 0);
  assert.deepEqual(server.asked()[1]?.request, {
    ...{ namespace: 'default', deploymentName: 'orders', identity: 'tester', conflictToken: base64('seen') },
    ...{ buildId: '2', allowNoPollers: true },
  });
  for (const wrong of [['--build-id', '2', '--unversioned'], []]) {
    assert.match((await deployment(...current, ...wrong)).stderr, /say either --build-id ID or --unversioned/);
  }
  assert.match((await deployment(...current, '--build-id', '2')).stdout, /^Worker Deployment Before Update:\n/);
  const ramp = ['set-ramping-version', '--deployment-name', 'orders', '-y'];
  assert.equal((await deployment(...ramp, '--build-id', '2', '--percentage', '100')).exitCode, 0);
  assert.match((await deployment(...ramp, '--build-id', '2', '--percentage', '101')).stderr, /from 0 to 100/);
  const asked = server.asked().find(({ method }) => method === 'SetWorkerDeploymentRampingVersion');
  assert.equal(asked?.request['percentage'], 100);
  const manager = ['manager-identity', 'set', '--deployment-name', 'orders', '-y'];
  assert.equal((await deployment(...manager, '--self')).stdout, 'The manager identity is "tester", it was "me".\n');
  assert.match((await deployment(...manager)).stderr, /say either/);
  const unset = await deployment('manager-identity', 'unset', '--deployment-name', 'orders', '-y');
  assert.equal(unset.stdout, 'The manager identity is "", it was "me".\n');
  isKnown = false;
  assert.equal((await deployment(...current, '--build-id', '2', '-y')).exitCode, 3);
  assert.equal((await deployment(...current, '--build-id', '2', '-y', '--allow-no-pollers')).exitCode, 0);
});
