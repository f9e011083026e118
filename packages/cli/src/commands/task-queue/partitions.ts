// `task-queue list-partition`.

import type { Context } from '../../context.ts';

interface Partition {
  readonly key?: string;
  readonly ownerHostName?: string;
}

interface Partitions {
  readonly activityTaskQueuePartitions?: readonly Partition[];
  readonly workflowTaskQueuePartitions?: readonly Partition[];
}

export async function listPartitions(context: Context): Promise<undefined> {
  const { given, out } = context;
  const client = await context.client();
  const reply = await client.call<Partitions>('ListTaskQueuePartitions', {
    namespace: client.namespace,
    taskQueue: { name: given.text('task-queue'), kind: 'TASK_QUEUE_KIND_NORMAL' },
  });
  const { workflowTaskQueuePartitions = [], activityTaskQueuePartitions = [] } = reply.value;
  const table = (heading: string, partitions: readonly Partition[]) =>
    out.table(
      heading,
      ['Key', 'OwnerHostName'],
      partitions.map(({ key = '', ownerHostName = '' }) => [key, ownerHostName]),
    );
  await out.object(reply, async () => {
    await table('Workflow Task Queue Partitions', workflowTaskQueuePartitions);
    await table('Activity Task Queue Partitions', activityTaskQueuePartitions);
  });
}
