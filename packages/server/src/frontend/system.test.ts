import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as api from '@perdure/api/workflowservice';
import { VERSION } from '../version.ts';
import { systemRpcs } from './system.ts';
import { testFrontend } from './testing.ts';

test('the system info has a version that clients compare, and claims only what works', async () => {
  const { call } = await testFrontend();
  const { GetSystemInfoRequest, GetSystemInfoResponse } = api;
  const info = await call(systemRpcs, 'GetSystemInfo', GetSystemInfoRequest, GetSystemInfoResponse, {});
  assert.match(info.serverVersion, /^1\.\d+\.\d+$/);
  assert.equal(info.capabilities?.internalErrorDifferentiation, true);
  assert.equal(info.capabilities.encodedFailureAttributes, true);
  assert.equal(info.capabilities.supportsSchedules, true);
  assert.equal(info.capabilities.countGroupByExecutionStatus, true);
  assert.equal(info.capabilities.nexus, false);
});

test('the cluster info has our own version, and an identity that stays', async () => {
  const { call, store } = await testFrontend();
  const { GetClusterInfoRequest, GetClusterInfoResponse } = api;
  const read = (ask: typeof call) =>
    ask(systemRpcs, 'GetClusterInfo', GetClusterInfoRequest, GetClusterInfoResponse, {});
  const info = await read(call);
  assert.equal(info.versionInfo?.current?.version, VERSION);
  assert.match(info.clusterId, /^[0-9a-f-]{36}$/);
  assert.equal(info.clusterName, 'active');
  assert.equal(info.persistenceStore, 'memory');
  assert.equal(info.supportedClients.get('temporal-typescript'), '<2.0.0');
  const restarted = await testFrontend({ store });
  assert.equal((await read(restarted.call)).clusterId, info.clusterId);
});
