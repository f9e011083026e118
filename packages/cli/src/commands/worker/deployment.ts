// `worker deployment create`, `describe`, `list` and `delete`.

import { randomUUID } from 'node:crypto';
import type { Context } from '../../context.ts';
import { type DeploymentInfo, deploymentJson, showDeployment } from './deployment-info.ts';

export async function create(context: Context): Promise<undefined> {
  const { given, out } = context;
  const client = await context.client();
  const { namespace, identity } = client;
  const request = { namespace, identity, deploymentName: given.text('name'), requestId: randomUUID() };
  const reply = await client.call('CreateWorkerDeployment', request);
  await out.object(reply, () => out.line('Successfully created worker deployment'));
  return undefined;
}

export async function describe(context: Context): Promise<undefined> {
  const { given, out } = context;
  const client = await context.client();
  const request = { namespace: client.namespace, deploymentName: given.text('name') };
  const reply = await client.call<{ readonly workerDeploymentInfo?: DeploymentInfo }>(
    'DescribeWorkerDeployment',
    request,
  );
  const info = reply.value.workerDeploymentInfo ?? {};
  await out.object(deploymentJson(info), () => showDeployment(context, 'Worker Deployment', info));
  return undefined;
}

export async function list(context: Context): Promise<undefined> {
  const { out } = context;
  const client = await context.client();
  async function* deployments() {
    const pages = client.pages<{ readonly workerDeployments?: readonly DeploymentInfo[] }>('ListWorkerDeployments', {
      namespace: client.namespace,
    });
    for await (const { value } of pages) yield* (value.workerDeployments ?? []).map(deploymentJson);
  }
  await out.list(deployments(), [
    { name: 'Name', of: ({ name }) => name },
    { name: 'CreateTime', of: ({ createTime }) => out.time(createTime) },
    { name: 'CurrentVersionBuildID', of: ({ routingConfig }) => routingConfig.currentVersionBuildID },
    { name: 'RampingVersionBuildID', of: ({ routingConfig }) => routingConfig.rampingVersionBuildID },
    { name: 'RampingVersionPercentage', of: ({ routingConfig }) => routingConfig.rampingVersionPercentage },
  ]);
  return undefined;
}

export async function remove(context: Context): Promise<undefined> {
  const { given, out } = context;
  const client = await context.client();
  const { namespace, identity } = client;
  const reply = await client.call('DeleteWorkerDeployment', {
    namespace,
    identity,
    deploymentName: given.text('name'),
  });
  await out.object(reply, () => out.line('Successfully deleted worker deployment'));
  return undefined;
}
