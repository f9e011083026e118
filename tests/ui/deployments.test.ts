// Worker deployments, which our server does not have: the pages get the answers that a Temporal server gave (1.31.2).
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { type Answer, answerWith, type Sent } from './answers.ts';
import { axeProblems, browserTest, overflowPx, type Tab } from './browser.ts';
import { open } from './world.ts';

const LIST = '/namespaces/default/worker-deployments';
const ONE = `${LIST}/orders-service`;
const API = 'namespaces/default/worker-deployments';
const VERSIONS = 'namespaces/default/worker-deployment-versions/orders-service';
const TOKEN = 'AQAAAA7inoIvAbvdhv//';
const IDENTITY = 'perdure-web-ui';
const NEVER_MIND = { ignoreMissingTaskQueues: false, allowNoPollers: false };

const version = (buildId: string) => ({ deploymentName: 'orders-service', buildId });

const ROUTING = {
  ...{ currentVersion: 'orders-service.1.0', currentDeploymentVersion: version('1.0') },
  ...{ rampingVersion: 'orders-service.2.0', rampingDeploymentVersion: version('2.0'), rampingVersionPercentage: 33.3 },
  ...{ currentVersionChangedTime: '2026-11-29T20:29:34.178237613Z', revisionNumber: '2' },
  ...{ rampingVersionChangedTime: '2026-11-29T20:29:35.029089158Z' },
};
const RAMPING = {
  ...{ version: 'orders-service.2.0', deploymentVersion: version('2.0') },
  ...{ status: 'WORKER_DEPLOYMENT_VERSION_STATUS_RAMPING', createTime: '2026-11-29T20:26:25.529003313Z' },
  ...{ rampingSinceTime: '2026-11-29T20:29:35.029089158Z', routingUpdateTime: '2026-11-29T20:29:35.029089158Z' },
};
const CURRENT = {
  ...{ version: 'orders-service.1.0', deploymentVersion: version('1.0') },
  ...{ status: 'WORKER_DEPLOYMENT_VERSION_STATUS_CURRENT', createTime: '2026-11-29T20:26:24.868143044Z' },
  ...{ currentSinceTime: '2026-11-29T20:29:34.178237613Z', lastCurrentTime: '2026-11-29T20:29:34.178237613Z' },
  drainageInfo: {
    lastChangedTime: '2026-11-29T20:29:34.178237613Z',
    lastCheckedTime: '2026-11-29T20:29:34.178237613Z',
  },
};
const DRAINING = {
  ...{ version: 'orders-service.0.9', deploymentVersion: version('0.9') },
  ...{ status: 'WORKER_DEPLOYMENT_VERSION_STATUS_DRAINING', drainageStatus: 'VERSION_DRAINAGE_STATUS_DRAINING' },
  ...{ createTime: '2026-11-28T20:26:24.868143044Z', lastDeactivationTime: '2026-11-29T20:29:34.178237613Z' },
  drainageInfo: { status: 'VERSION_DRAINAGE_STATUS_DRAINING', lastChangedTime: '2026-11-29T20:29:34.178237613Z' },
};
const INFO = {
  ...{ name: 'orders-service', createTime: '2026-11-29T20:26:24.868143044Z', routingConfig: ROUTING },
  versionSummaries: [RAMPING, CURRENT, DRAINING],
  ...{ lastModifierIdentity: IDENTITY, routingConfigUpdateState: 'ROUTING_CONFIG_UPDATE_STATE_COMPLETED' },
};
const queue = (type: string) => ({
  ...{ name: 'orders-v', type: `TASK_QUEUE_TYPE_${type}` },
  stats: { approximateBacklogCount: '7', approximateBacklogAge: '0s', tasksAddRate: 1.25, tasksDispatchRate: 0.5 },
});
const json = (text: string) => ({ metadata: { encoding: base64('json/plain') }, data: base64(text) });
const VERSION = {
  workerDeploymentVersionInfo: {
    ...{ version: 'orders-service.2.0', deploymentVersion: version('2.0'), status: RAMPING.status },
    ...{ createTime: RAMPING.createTime, rampPercentage: 33.3, rampingSinceTime: RAMPING.rampingSinceTime },
    taskQueueInfos: [{ name: 'orders-v', type: 'TASK_QUEUE_TYPE_WORKFLOW' }],
    metadata: { entries: { commit: json('"4f2a"'), ticket: json('9007199254740993') } },
    computeConfig: {
      scalingGroups: {
        default: {
          taskQueueTypes: ['TASK_QUEUE_TYPE_WORKFLOW'],
          provider: { type: 'aws-lambda', details: json('{"arn":"arn:aws:lambda:orders"}') },
          scaler: { type: 'no-sync' },
        },
      },
    },
  },
  versionTaskQueues: [queue('WORKFLOW'), queue('ACTIVITY')],
};
const poller = (identity: string, buildId: string) => ({
  ...{ identity, lastAccessTime: '2026-11-29T20:28:24.999490825Z', ratePerSecond: 100000 },
  workerVersionCapabilities: { buildId },
  deploymentOptions: { ...version(buildId), workerVersioningMode: 'WORKER_VERSIONING_MODE_VERSIONED' },
});

const answer = (name: string, body: object, requested = false): Answer => ({
  ...{ type: `workflowservice.v1.${name}Response`, body },
  ...(requested ? { requestType: `workflowservice.v1.${name}Request` } : {}),
});
const SET_RAMP = `POST ${API}/orders-service/set-ramping-version`;
const ANSWERS: Readonly<Record<string, Answer>> = {
  [`GET ${API}`]: answer('ListWorkerDeployments', {
    workerDeployments: [
      { name: INFO.name, createTime: INFO.createTime, routingConfig: ROUTING, latestVersionSummary: RAMPING },
      { name: 'billing', createTime: INFO.createTime, routingConfig: { currentVersion: '__unversioned__' } },
    ],
  }),
  [`GET ${API}/orders-service`]: answer('DescribeWorkerDeployment', {
    conflictToken: TOKEN,
    workerDeploymentInfo: INFO,
  }),
  [`GET ${VERSIONS}/2.0`]: answer('DescribeWorkerDeploymentVersion', VERSION),
  'GET namespaces/default/task-queues/orders-v': answer('DescribeTaskQueue', {
    pollers: [poller('1@vm', '1.0'), poller('2@vm', '2.0'), poller('3@vm', '2.0')],
  }),
  [`POST ${API}/orders-service/set-current-version`]: answer('SetWorkerDeploymentCurrentVersion', {}, true),
  [SET_RAMP]: answer('SetWorkerDeploymentRampingVersion', { conflictToken: TOKEN }, true),
  [`POST ${API}/orders-service/set-manager`]: answer('SetWorkerDeploymentManager', { conflictToken: TOKEN }, true),
  [`DELETE ${VERSIONS}/0.9`]: answer('DeleteWorkerDeploymentVersion', {}),
  [`POST ${VERSIONS}/2.0/update-metadata`]: answer('UpdateWorkerDeploymentVersionMetadata', {}, true),
  [`POST ${API}/fresh`]: answer('CreateWorkerDeployment', { conflictToken: TOKEN }, true),
  [`GET ${API}/fresh`]: answer('DescribeWorkerDeployment', { workerDeploymentInfo: { name: 'fresh' } }),
  [`DELETE ${API}/fresh`]: answer('DeleteWorkerDeployment', {}),
};

browserTest('deployments are listed, with where new workflows go', async ({ page }) => {
  await answerWith(page, ANSWERS);
  await open(page, LIST);
  const row = page.getByRole('row').filter({ has: page.getByRole('link', { name: 'orders-service' }) });
  await row.getByText('33.3 % to 2.0').waitFor();
  await row.getByText('1.0', { exact: true }).waitFor();
  await page.getByRole('row', { name: /billing.*Workers without a version/ }).waitFor();
  await row.getByRole('link').click();
  const traffic = page.getByRole('region', { name: 'Where new workflows go' });
  await traffic.getByText('66.7 % to 1.0').waitFor();
  await traffic.getByText('33.3 % to 2.0').waitFor();
  await page.getByRole('region', { name: '0.9' }).getByText('Draining').waitFor();
});

browserTest('a version opens to its queues, workers, metadata and compute, and stands in the address', async (tab) => {
  const { page } = tab;
  await answerWith(page, ANSWERS);
  await open(page, ONE);
  await page.getByRole('button', { name: 'Details of 2.0' }).click();
  await page.getByRole('row', { name: 'orders-v workflow 7 1.3 0.5 2 pollers' }).waitFor();
  await page.waitForURL('**#2.0');
  await page.reload();
  await page.getByText('9007199254740993').waitFor();
  await page.getByText('aws-lambda').waitFor();
  await looksWell(tab);
  const link = page.getByRole('region', { name: '2.0' }).getByRole('link', { name: 'Show its workflows' });
  const query = 'TemporalWorkerDeploymentVersion = "orders-service:2.0"';
  assert.equal(new URL((await link.getAttribute('href')) ?? '', page.url()).searchParams.get('query'), query);
});

browserTest('a version is made current, as its command says', async ({ page }) => {
  const sent = await answerWith(page, ANSWERS);
  await open(page, ONE);
  await page.getByRole('button', { name: 'Set current version' }).click();
  const dialog = page.getByRole('dialog');
  assert.equal(await dialog.getByLabel('Version', { exact: true }).inputValue(), '2.0');
  await dialog.getByLabel('Also if none of its workers polls').check();
  await says(page, 'set-current-version --deployment-name orders-service --build-id 2.0 --allow-no-pollers');
  await dialog.getByRole('button', { name: 'Set current version' }).click();
  await dialog.waitFor({ state: 'detached' });
  const body = { ...NEVER_MIND, buildId: '2.0', allowNoPollers: true, conflictToken: TOKEN, identity: IDENTITY };
  assert.deepEqual(sent, [{ call: `POST ${API}/orders-service/set-current-version`, query: {}, body }]);
});

browserTest('a version gets a part of the new workflows, and the ramp ends', async ({ page }) => {
  const sent = await answerWith(page, ANSWERS);
  await open(page, ONE);
  await page.getByRole('button', { name: 'Actions of 0.9' }).click();
  await page.getByRole('menuitem', { name: 'Ramp to it' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Percentage').fill('100.5');
  assert.ok(await dialog.getByRole('button', { name: 'Set ramp' }).isDisabled());
  await dialog.getByLabel('Percentage').fill('12.5');
  await says(page, 'set-ramping-version --deployment-name orders-service --build-id 0.9 --percentage 12.5');
  await dialog.getByRole('button', { name: 'Set ramp' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'End the ramp' }).click();
  await says(page, 'set-ramping-version --deployment-name orders-service --delete');
  await dialog.getByRole('button', { name: 'End the ramp' }).click();
  await dialog.waitFor({ state: 'detached' });
  const common = { ...NEVER_MIND, conflictToken: TOKEN, identity: IDENTITY };
  assert.deepEqual(
    sent.map(({ body }) => body),
    [
      { ...common, buildId: '0.9', percentage: 12.5 },
      { ...common, buildId: '', percentage: 0 },
    ],
  );
});

browserTest('a deployment gets a manager, and loses a version', async ({ page }) => {
  const sent = await answerWith(page, ANSWERS);
  await open(page, ONE);
  const dialog = page.getByRole('dialog');
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Set manager' }).click();
  await dialog.getByLabel('Identity of the manager').fill('deploy@ci');
  await says(page, 'manager-identity set --deployment-name orders-service --manager-identity deploy@ci');
  await dialog.getByRole('button', { name: 'Set manager' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Actions of 0.9' }).click();
  await page.getByRole('menuitem', { name: 'Delete version' }).click();
  await dialog.getByLabel(/^Also if workflows are still pinned/).check();
  await says(page, 'delete-version --deployment-name orders-service --build-id 0.9 --skip-drainage');
  await dialog.getByRole('button', { name: 'Delete version' }).click();
  await dialog.waitFor({ state: 'detached' });
  const manager = { managerIdentity: 'deploy@ci', conflictToken: TOKEN, identity: IDENTITY };
  assert.deepEqual(sent, [
    { call: `POST ${API}/orders-service/set-manager`, query: {}, body: manager },
    { call: `DELETE ${VERSIONS}/0.9`, query: { identity: IDENTITY, skipDrainage: 'true' }, body: {} },
  ]);
});

browserTest('metadata of a version are changed, added and removed, and nothing else is sent', async ({ page }) => {
  const sent = await answerWith(page, ANSWERS);
  await open(page, `${ONE}#2.0`);
  await page.getByRole('button', { name: 'Edit metadata' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Remove commit' }).click();
  await dialog.getByRole('button', { name: 'Add an entry' }).click();
  await dialog.getByLabel('Key 2', { exact: true }).fill('owner');
  await dialog.getByLabel('Value 2 (JSON)').fill('Ada');
  assert.ok(await dialog.getByRole('button', { name: 'Save' }).isDisabled());
  await dialog.getByLabel('Value 2 (JSON)').fill('"Ada"');
  await says(page, `--build-id 2.0 --metadata 'owner="Ada"' --remove-entries commit`);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'detached' });
  const body = { upsertEntries: { owner: json('"Ada"') }, removeEntries: ['commit'], identity: IDENTITY };
  assert.deepEqual(sent, [{ call: `POST ${VERSIONS}/2.0/update-metadata`, query: {}, body }]);
});

browserTest('a deployment is made before its workers, and removed by who types its name', async ({ page }) => {
  const sent = await answerWith(page, ANSWERS);
  await open(page, LIST);
  await page.getByRole('button', { name: 'Create deployment' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('fresh');
  await says(page, 'worker deployment create --name fresh');
  await dialog.getByRole('button', { name: 'Create deployment' }).click();
  await page.waitForURL('**/fresh');
  await page.getByText('100 % to Workers without a version').waitFor();
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Delete deployment' }).click();
  const remove = dialog.getByRole('button', { name: 'Delete deployment' });
  assert.ok(await remove.isDisabled());
  await dialog.getByLabel('Type fresh to confirm').fill('fresh');
  await remove.click();
  await page.waitForURL(`**${LIST}`);
  assert.deepEqual(sent.map(callOf), [`POST ${API}/fresh`, `DELETE ${API}/fresh`]);
});

async function says(page: Page, command: string): Promise<void> {
  const line = await page.getByRole('dialog').getByRole('group', { name: 'The same on the command line' }).innerText();
  assert.ok(line.includes(command), line);
}

function callOf({ call }: Sent): string {
  return call;
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

async function looksWell({ page }: Tab): Promise<void> {
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      assert.equal(await overflowPx(page), 0);
      assert.deepEqual(await axeProblems(page), []);
    }
  }
}
