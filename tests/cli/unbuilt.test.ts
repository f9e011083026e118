// Commands whose RPCs our server does not have: what it answers is what they say.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sharedServer } from '../e2e/harness.ts';
import { commandOf } from './command.ts';

test('our server says what it does not have, by its name', async () => {
  const cli = commandOf(await sharedServer());
  for (const [line, method] of [
    ['worker list', 'ListWorkers'],
    ['worker deployment describe --name orders', 'DescribeWorkerDeployment'],
    ['worker deployment set-current-version --deployment-name orders --build-id 1 --yes', 'DescribeWorkerDeployment'],
    ['nexus operation describe --operation-id OrderId-1', 'DescribeNexusOperationExecution'],
    ['operator nexus endpoint list', 'ListNexusEndpoints'],
    ['operator cluster list', 'ListClusters'],
  ] as const) {
    const { exitCode, stderr } = await cli.run([...line.split(' '), '-o', 'json']);
    assert.equal(exitCode, 1, line);
    const { error } = JSON.parse(stderr) as { error: { code: string; message: string } };
    assert.equal(error.code, 'UNIMPLEMENTED', line);
    assert.ok(error.message.includes(method), error.message);
  }
});
