// The hidden commands for sets of compatible build ids, the first generation of worker versioning.

import type { JsonObject } from '../../client/client.ts';
import type { Context } from '../../context.ts';
import { enumJson, enumText } from '../../output/texts.ts';

interface Sets {
  readonly majorVersionSets?: readonly { readonly buildIds?: readonly string[] }[];
}

export async function getBuildIds(context: Context): Promise<undefined> {
  const { given, out } = context;
  const client = await context.client();
  const { value } = await client.call<Sets>('GetWorkerBuildIdCompatibility', {
    namespace: client.namespace,
    taskQueue: given.text('task-queue'),
    maxSets: given.number('max-sets'),
  });
  const sets = (value.majorVersionSets ?? []).map(({ buildIds = [] }, at, all) => ({
    buildIds,
    defaultForSet: buildIds.at(-1) ?? '',
    isDefaultSet: at === all.length - 1,
  }));
  await out.list(sets, [
    { name: 'BuildIds', of: ({ buildIds }) => buildIds.join(', ') },
    { name: 'DefaultForSet', of: ({ defaultForSet }) => defaultForSet },
    { name: 'IsDefaultSet', of: ({ isDefaultSet }) => String(isDefaultSet) },
  ]);
}

interface Reachabilities {
  readonly buildIdReachability?: readonly {
    readonly buildId?: string;
    readonly taskQueueReachability?: readonly {
      readonly taskQueue?: string;
      readonly reachability?: readonly string[];
    }[];
  }[];
}

export async function getReachability(context: Context): Promise<undefined> {
  const { given, out } = context;
  const client = await context.client();
  const { value } = await client.call<Reachabilities>('GetWorkerTaskReachability', {
    namespace: client.namespace,
    buildIds: given.all('build-id'),
    taskQueues: given.all('task-queue'),
    reachability: enumJson('TASK_REACHABILITY', `${given.last('reachability-type') ?? 'existing'}Workflows`),
  });
  const rows = (value.buildIdReachability ?? []).flatMap(({ buildId = '', taskQueueReachability = [] }) =>
    taskQueueReachability.map(({ taskQueue = '', reachability = [] }) => ({
      buildId,
      taskQueue,
      reachability: reachability.map((one) => enumText('TASK_REACHABILITY', one)),
    })),
  );
  await out.list(rows, [
    { name: 'BuildId', of: ({ buildId }) => buildId },
    { name: 'TaskQueue', of: ({ taskQueue }) => taskQueue },
    { name: 'Reachability', of: ({ reachability }) => reachability.join(', ') },
  ]);
}

export function addNewDefault(context: Context): Promise<undefined> {
  return update(context, { addNewBuildIdInNewDefaultSet: context.given.text('build-id') });
}

export function addNewCompatible(context: Context): Promise<undefined> {
  const { given } = context;
  return update(context, {
    addNewCompatibleBuildId: {
      newBuildId: given.text('build-id'),
      existingCompatibleBuildId: given.text('existing-compatible-build-id'),
      makeSetDefault: given.isOn('set-as-default'),
    },
  });
}

export function promoteIdInSet(context: Context): Promise<undefined> {
  return update(context, { promoteBuildIdWithinSet: context.given.text('build-id') });
}

export function promoteSet(context: Context): Promise<undefined> {
  return update(context, { promoteSetByBuildId: context.given.text('build-id') });
}

async function update(context: Context, operation: JsonObject): Promise<undefined> {
  const { given, out } = context;
  const client = await context.client();
  const reply = await client.call('UpdateWorkerBuildIdCompatibility', {
    namespace: client.namespace,
    taskQueue: given.text('task-queue'),
    ...operation,
  });
  await out.object(reply, () => out.line('Successfully updated task queue build IDs'));
}
