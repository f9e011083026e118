// What is said of versions of worker deployments, against a server that has them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandOf } from './command.ts';
import { jsonPayload, stubServer } from './stub.ts';

const VERSION = ['--deployment-name', 'orders', '--build-id', '1'];

async function versionServer() {
  const server = await stubServer({
    CreateWorkerDeploymentVersion: {},
    DeleteWorkerDeploymentVersion: {},
    UpdateWorkerDeploymentVersionComputeConfig: {},
    UpdateWorkerDeploymentVersionMetadata: { metadata: { entries: { commit: jsonPayload('4f2a') } } },
    DescribeWorkerDeploymentVersion: {
      workerDeploymentVersionInfo: {
        deploymentVersion: { deploymentName: 'orders', buildId: '1' },
        computeConfig: {
          scalingGroups: {
            default: {
              provider: { type: 'gcp-cloud-run' },
              scaler: { type: 'rate-based', details: jsonPayload({ min_count: 1, utilization_target: 0.5 }) },
            },
          },
        },
      },
      versionTaskQueues: [
        {
          name: 'orders',
          type: 'TASK_QUEUE_TYPE_WORKFLOW',
          stats: {
            approximateBacklogCount: '3',
            approximateBacklogAge: '1.5s',
            tasksAddRate: 2,
            tasksDispatchRate: 0.5,
          },
        },
      ],
    },
  });
  const cli = commandOf(server);
  return {
    ...{ server, cli },
    run: (command: string, ...args: string[]) => cli.run(['worker', 'deployment', command, ...VERSION, ...args]),
  };
}

const CLOUD_RUN = ['project', 'region', 'worker-pool', 'service-account'].flatMap((name) => [
  `--gcp-cloud-run-${name}`,
  name,
]);
const instances = (min: number, max: number, initial: number, target: number) =>
  Object.entries({
    'min-instances': min,
    'max-instances': max,
    'initial-instances': initial,
    'utilization-target': target,
  }).flatMap(([name, value]) => [`--gcp-cloud-run-${name}`, String(value)]);
const ARN = ['--aws-lambda-function-arn', 'arn:1'];
const NO_ROLE = '--aws-lambda-skip-role-and-external-id';

test('a version is shown, its metadata changed, and it is deleted', async () => {
  const { cli, run } = await versionServer();
  const described = await cli.json<Record<string, unknown>>(
    ...['worker', 'deployment', 'describe-version', ...VERSION, '--report-task-queue-stats'],
  );
  assert.deepEqual(described['taskQueuesInfos'], [
    {
      ...{ name: 'orders', type: 'workflow' },
      stats: {
        ...{ approximateBacklogCount: 3, approximateBacklogAge: 1_500_000_000, backlogIncreaseRate: 1.5 },
        ...{ tasksAddRate: 2, tasksDispatchRate: 0.5 },
      },
    },
  ]);
  assert.deepEqual(described['computeConfig'], {
    scalingGroups: {
      default: {
        provider: { type: 'gcp-cloud-run' },
        scaler: { type: 'rate-based', minInstances: 1, utilizationTarget: 0.5 },
      },
    },
  });
  const text = (await run('describe-version', '--report-task-queue-stats')).stdout;
  assert.match(
    text,
    /ComputeConfig +gcp-cloud-run \(minInstances 1, utilizationTarget 0.5\)\n[^]*orders +workflow +3 +1s 500ms +2 +0.5\n/,
  );
  assert.match(
    (await run('update-version-metadata', '--metadata', 'commit="4f2a"')).stdout,
    /Metadata:\n {2}commit {2}"4f2a"\n/,
  );
  assert.equal((await run('update-version-metadata')).exitCode, 2);
  assert.equal((await run('delete-version', '--skip-drainage')).exitCode, 0);
});

test('a version is created with who starts its workers', async () => {
  const { server, run } = await versionServer();
  assert.equal((await run('create-version', ...CLOUD_RUN, ...instances(0, 1, 1, 1))).exitCode, 0);
  const [created] = server.asked();
  assert.deepEqual(created?.request['computeConfig'], {
    scalingGroups: {
      default: {
        provider: {
          type: 'gcp-cloud-run',
          details: jsonPayload({
            project: 'project',
            region: 'region',
            worker_pool: 'worker-pool',
            service_account: 'service-account',
          }),
        },
        scaler: {
          type: 'rate-based',
          details: jsonPayload({ min_count: 0, max_count: 1, initial_count: 1, utilization_target: 1 }),
        },
      },
    },
  });
});

test('what does not make one provider is refused', async () => {
  const { run } = await versionServer();
  for (const [args, message] of [
    [[], /must be given/],
    [[...ARN], /--aws-lambda-assume-role-arn must be given as well/],
    [[...ARN, NO_ROLE, '--aws-lambda-assume-role-arn', 'r'], /must not be given as well/],
    [[...ARN, NO_ROLE, ...CLOUD_RUN], /one provider/],
    [CLOUD_RUN.slice(2), /--gcp-cloud-run-project must be given as well/],
    [[...CLOUD_RUN, ...instances(2, 1, 1, 1)], /must not be above/],
    [[...CLOUD_RUN, ...instances(0, 1, 2, 1)], /between/],
    [[...CLOUD_RUN, ...instances(0, 0, 0, 1)], /at least 1/],
    [[...CLOUD_RUN, ...instances(0, 1, 1, 0)], /above 0/],
    [[...CLOUD_RUN, ...instances(0, 1, 1, 1.01)], /above 0/],
    [[...ARN, NO_ROLE, ...instances(0, 1, 1, 1)], /go with --gcp-cloud-run-worker-pool only/],
  ] as const) {
    const { exitCode, stderr } = await run('create-version', ...args);
    assert.equal(exitCode, 2, stderr);
    assert.match(stderr, message);
  }
});

test('who starts the workers is changed in part, or taken away', async () => {
  const { server, run } = await versionServer();
  for (const [args, mask] of [
    [[...ARN, NO_ROLE], 'provider.type,provider.details,scaler.type,scaler.details'],
    [CLOUD_RUN, 'provider.type,provider.details,scaler.type'],
    [instances(0, 1, 1, 1), 'scaler.details'],
  ] as const) {
    assert.equal((await run('update-version-compute-config', ...args)).exitCode, 0);
    const groups = server.asked()[0]?.request['computeConfigScalingGroups'] as { default: { updateMask: string } };
    assert.equal(groups.default.updateMask, mask);
  }
  assert.equal((await run('update-version-compute-config', '--remove')).exitCode, 0);
  assert.deepEqual(server.asked()[0]?.request['removeComputeConfigScalingGroups'], ['default']);
  assert.equal((await run('update-version-compute-config', '--remove', ...ARN, NO_ROLE)).exitCode, 2);
});
