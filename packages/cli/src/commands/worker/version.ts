// `worker deployment ...-version`.

import { randomUUID } from 'node:crypto';
import type { Client, JsonObject } from '../../client/client.ts';
import type { Context } from '../../context.ts';
import type { Printable } from '../../output/json.ts';
import { type PayloadJson, payloadText } from '../../output/texts.ts';
import { namedPayloads } from '../inputs.ts';
import { SCALING_GROUP, scalingGroup, updatedPaths } from './compute.ts';
import { showVersion, type VersionReply, versionJson } from './version-info.ts';

export async function create(context: Context): Promise<undefined> {
  const { out } = context;
  const group = scalingGroup(context);
  if (group?.provider === undefined) {
    throw context.wrong('--aws-lambda-function-arn or --gcp-cloud-run-worker-pool must be given');
  }
  const client = await context.client();
  const reply = await client.call('CreateWorkerDeploymentVersion', {
    ...change(context, client),
    requestId: randomUUID(),
    computeConfig: { scalingGroups: { [SCALING_GROUP]: group } },
  });
  await out.object(reply, () => out.line('Successfully created worker deployment version'));
  return undefined;
}

export async function describe(context: Context): Promise<undefined> {
  const { given, out } = context;
  const client = await context.client();
  const reportTaskQueueStats = given.isOn('report-task-queue-stats');
  const { namespace } = client;
  const request = { namespace, deploymentVersion: version(context), reportTaskQueueStats };
  const { value } = await client.call<VersionReply>('DescribeWorkerDeploymentVersion', request);
  await out.object(versionJson(value, reportTaskQueueStats), () => showVersion(context, value, reportTaskQueueStats));
  return undefined;
}

export async function remove(context: Context): Promise<undefined> {
  const { given, out } = context;
  const client = await context.client();
  const request = { ...change(context, client), skipDrainage: given.isOn('skip-drainage') };
  const reply = await client.call('DeleteWorkerDeploymentVersion', request);
  await out.object(reply, () => out.line('Successfully deleted worker deployment version'));
  return undefined;
}

export async function updateMetadata(context: Context): Promise<undefined> {
  const { given, out } = context;
  const upsertEntries = namedPayloads(context, 'metadata');
  const removeEntries = given.all('remove-entries');
  if (upsertEntries === undefined && removeEntries.length === 0) {
    throw context.wrong('--metadata KEY=JSON or --remove-entries KEY must be given');
  }
  const client = await context.client();
  const { value } = await client.call<{ readonly metadata?: { readonly entries?: Record<string, PayloadJson> } }>(
    'UpdateWorkerDeploymentVersionMetadata',
    { ...change(context, client), upsertEntries, removeEntries },
  );
  const entries = value.metadata?.entries ?? {};
  const metadata = entries as Readonly<Record<string, Printable>>;
  await out.object({ metadata }, async () => {
    await out.card(
      'Metadata',
      Object.entries(entries).map(([key, payload]) => [key, payloadText(payload)]),
    );
    await out.line('Successfully updated metadata of worker deployment version');
  });
  return undefined;
}

export async function updateCompute(context: Context): Promise<undefined> {
  const { given, out } = context;
  const group = scalingGroup(context);
  const isRemoval = given.isOn('remove');
  if (isRemoval && group !== undefined) {
    throw context.wrong('--remove does not go with --aws-lambda-* and --gcp-cloud-run-*');
  }
  if (!isRemoval && group === undefined) throw context.wrong('say what to change, or --remove');
  const client = await context.client();
  const changes =
    group === undefined
      ? { removeComputeConfigScalingGroups: [SCALING_GROUP] }
      : {
          computeConfigScalingGroups: {
            [SCALING_GROUP]: { scalingGroup: group, updateMask: updatedPaths(group).join(',') },
          },
        };
  const request = { ...change(context, client), requestId: randomUUID(), ...changes };
  const reply = await client.call('UpdateWorkerDeploymentVersionComputeConfig', request);
  const done = isRemoval ? 'removed' : 'updated';
  await out.object(reply, () => out.line(`Successfully ${done} worker deployment version compute config`));
  return undefined;
}

function version({ given }: Context): JsonObject {
  return { deploymentName: given.text('deployment-name'), buildId: given.text('build-id') };
}

function change(context: Context, { namespace, identity }: Client): JsonObject {
  return { namespace, identity, deploymentVersion: version(context) };
}
