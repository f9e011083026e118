// Which version of a deployment gets new work, and who may say so. Each change names the state that it was decided on by the
// server's conflict token, and shows that state before it asks.

import { code, StatusError } from '@perdure/api';
import type { Context } from '../../context.ts';
import { type DeploymentInfo, showDeployment } from './deployment-info.ts';

interface Described {
  readonly conflictToken?: string;
  readonly workerDeploymentInfo?: DeploymentInfo;
}

export async function setCurrentVersion(context: Context): Promise<undefined> {
  const { out } = context;
  const buildId = buildIdOf(context);
  const client = await context.client();
  const request = { ...(await versionRequest(context, 'the current version')), buildId };
  const reply = await client.call('SetWorkerDeploymentCurrentVersion', request);
  await out.object(reply, () => out.line('Successfully set the current worker deployment version'));
  return undefined;
}

export async function setRampingVersion(context: Context): Promise<undefined> {
  const { given, out } = context;
  const isEnd = given.isOn('delete');
  const buildId = isEnd ? given.last('build-id') : buildIdOf(context);
  const percentage = isEnd ? 0 : (given.number('percentage') ?? 0);
  if (percentage < 0 || percentage > 100) throw context.wrong(`--percentage is from 0 to 100, it is ${percentage}`);
  const client = await context.client();
  const request = { ...(await versionRequest(context, 'the ramping version')), buildId, percentage };
  const reply = await client.call('SetWorkerDeploymentRampingVersion', request);
  await out.object(reply, () => out.line('Successfully set the ramping worker deployment version'));
  return undefined;
}

export async function setManager(context: Context): Promise<undefined> {
  const { given } = context;
  const managerIdentity = given.last('manager-identity');
  const self = given.isOn('self');
  if (self === (managerIdentity !== undefined)) throw context.wrong('say either --manager-identity TEXT or --self');
  return changeManager(context, self ? { self } : { managerIdentity });
}

export async function unsetManager(context: Context): Promise<undefined> {
  return changeManager(context, { managerIdentity: '' });
}

async function changeManager(
  context: Context,
  manager: { readonly self: boolean } | { readonly managerIdentity: string | undefined },
): Promise<undefined> {
  const { given, out } = context;
  const client = await context.client();
  const { namespace, identity } = client;
  const deploymentName = given.text('deployment-name');
  const conflictToken = await seenState(context, 'the manager identity');
  const reply = await client.call<{ readonly previousManagerIdentity?: string }>('SetWorkerDeploymentManager', {
    ...{ namespace, identity, deploymentName, conflictToken },
    ...manager,
  });
  const before = reply.value.previousManagerIdentity ?? '';
  const now = 'self' in manager ? identity : (manager.managerIdentity ?? '');
  await out.object(reply, () => out.line(`The manager identity is "${now}", it was "${before}".`));
  return undefined;
}

/** Undefined: workers without a version. */
function buildIdOf(context: Context): string | undefined {
  const { given } = context;
  const buildId = given.last('build-id');
  if (given.isOn('unversioned') === (buildId !== undefined)) {
    throw context.wrong('say either --build-id ID or --unversioned');
  }
  return buildId;
}

async function versionRequest(context: Context, what: string) {
  const { given } = context;
  const { namespace, identity } = await context.client();
  const conflictToken = await seenState(context, what);
  return {
    ...{ namespace, identity, conflictToken },
    deploymentName: given.text('deployment-name'),
    ignoreMissingTaskQueues: given.isOn('ignore-missing-task-queues'),
    allowNoPollers: given.isOn('allow-no-pollers'),
  };
}

/** Undefined: there is no such deployment yet, and --allow-no-pollers makes one. */
async function seenState(context: Context, what: string): Promise<string | undefined> {
  const { given, out } = context;
  const client = await context.client();
  const deploymentName = given.text('deployment-name');
  let described: Described;
  try {
    const request = { namespace: client.namespace, deploymentName };
    described = (await client.call<Described>('DescribeWorkerDeployment', request)).value;
  } catch (error) {
    const isMade = given.knows('allow-no-pollers') && given.isOn('allow-no-pollers');
    if (!isMade || !(error instanceof StatusError) || error.code !== code.NOT_FOUND) throw error;
    return undefined;
  }
  if (!given.isOn('yes')) {
    const { workerDeploymentInfo = {} } = described;
    if (out.isText) await showDeployment(context, 'Worker Deployment Before Update', workerDeploymentInfo);
    await context.confirm(`Set ${what} of ${deploymentName}?`);
  }
  return described.conflictToken;
}
