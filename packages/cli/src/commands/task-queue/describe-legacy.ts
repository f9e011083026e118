// `task-queue describe --legacy-mode`: pollers by partition, as command lines asked for them before build ids.

import type { JsonObject } from '../../client/client.ts';
import type { Message } from '../../client/message.ts';
import type { Context } from '../../context.ts';
import { enumJson } from '../../output/texts.ts';
import { printConfig, type QueueConfig } from './config.ts';
import { type Poller, rateText } from './queue.ts';

interface Described {
  readonly taskQueueStatus?: JsonObject;
  readonly pollers?: readonly (Poller & JsonObject)[];
  readonly versioningInfo?: JsonObject;
}

export async function describeLegacy(context: Context): Promise<undefined> {
  const { given, out } = context;
  const partitions: Message<Described>[] = [];
  for (let partition = 0; partition < (given.number('partitions-legacy') ?? 1); partition++) {
    partitions.push(await describePartition(context, partition));
  }
  const config = given.isOn('report-config') ? partitions[0]?.item<QueueConfig>('config') : undefined;
  const pollers = partitions.flatMap(({ value }, partition) => {
    return (value.pollers ?? []).map((poller) => Object.assign({ partition }, poller));
  });
  const shown = {
    taskQueues: partitions.map(({ value }, partition) => ({ partition, ...value.taskQueueStatus })),
    pollers,
    config,
    versioning_info: partitions[0]?.value.versioningInfo,
  };
  await out.object(shown, async () => {
    const rows = pollers.map((poller) => [
      poller.identity ?? '',
      out.time(poller.lastAccessTime),
      rateText(poller.ratePerSecond),
    ]);
    await out.table('Pollers', ['Identity', 'LastAccessTime', 'RatePerSecond'], rows);
    if (config !== undefined) await printConfig(out, config.value, 'Task Queue Configuration');
  });
}

async function describePartition(context: Context, partition: number): Promise<Message<Described>> {
  const { given } = context;
  const client = await context.client();
  const name = given.text('task-queue');
  return client.call<Described>('DescribeTaskQueue', {
    namespace: client.namespace,
    taskQueue: {
      name: partition === 0 ? name : `/_sys/${name}/${partition}`,
      kind: 'TASK_QUEUE_KIND_NORMAL',
    },
    taskQueueType: enumJson('TASK_QUEUE_TYPE', given.last('task-queue-type-legacy') ?? 'workflow'),
    includeTaskQueueStatus: true,
    reportConfig: given.isOn('report-config'),
  });
}
