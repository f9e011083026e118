// What the server tells about a task queue, in the same form whichever way it was asked: by type of tasks, or by build id
// as well.

import type { Client, JsonObject } from '../../client/client.ts';
import type { Message } from '../../client/message.ts';
import type { Context } from '../../context.ts';
import { enumJson } from '../../output/texts.ts';
import type { QueueConfig } from './config.ts';

export interface Poller {
  readonly identity?: string;
  readonly lastAccessTime?: string;
  readonly ratePerSecond?: number;
  readonly workerVersionCapabilities?: { readonly buildId?: string };
  readonly deploymentOptions?: { readonly buildId?: string };
}

export interface Stats {
  readonly approximateBacklogCount?: string;
  readonly approximateBacklogAge?: string;
  readonly tasksAddRate?: number;
  readonly tasksDispatchRate?: number;
}

/** Tasks of one type and one build id. */
export interface QueuePart {
  readonly buildId: string;
  readonly type: string;
  readonly pollers: readonly Poller[];
  readonly stats: Stats;
  readonly config?: Message<QueueConfig> | undefined;
}

export interface Queue {
  readonly parts: readonly QueuePart[];
  readonly reachability: readonly { readonly buildId: string; readonly reachability: string }[];
}

const UNVERSIONED = 'UNVERSIONED';
/** By their numbers in the API. */
const TYPES = ['unspecified', 'workflow', 'activity', 'nexus'] as const;
const NEXUS = 'nexus';

/** Build ids and reachability are told by a way of asking of its own. */
export async function readQueue(context: Context): Promise<Queue> {
  const { given } = context;
  const names = ['select-build-id', 'select-unversioned', 'select-all-active', 'report-reachability'];
  const client = await context.client();
  return names.some((name) => given.has(name)) ? readByBuildId(context, client) : readByType(context, client);
}

async function readByType({ given }: Context, client: Client): Promise<Queue> {
  const asked = given.all('task-queue-type');
  const types = asked.length > 0 ? asked : TYPES.slice(1);
  const parts = await Promise.all(
    types.map((type) => readType(client, typeRequest(given.text('task-queue'), type), type)),
  );
  return {
    parts: parts.filter((part) => asked.length > 0 || part.type !== NEXUS || part.pollers.length > 0),
    reachability: [],
  };
}

function typeRequest(name: string, type: string): JsonObject {
  return {
    taskQueue: { name, kind: 'TASK_QUEUE_KIND_NORMAL' },
    taskQueueType: enumJson('TASK_QUEUE_TYPE', type),
    ...{ reportStats: true, reportConfig: true },
  };
}

interface Described {
  readonly pollers?: readonly Poller[];
  readonly stats?: Stats;
  readonly versionsInfo?: Readonly<Record<string, VersionInfo>>;
}

interface VersionInfo {
  readonly typesInfo?: Readonly<Record<string, { readonly pollers?: readonly Poller[]; readonly stats?: Stats }>>;
  readonly taskReachability?: string;
}

async function readType(client: Client, request: JsonObject, type: string): Promise<QueuePart> {
  const reply = await client.call<Described>('DescribeTaskQueue', { namespace: client.namespace, ...request });
  const { pollers = [], stats = {} } = reply.value;
  return { buildId: UNVERSIONED, type, pollers, stats, config: reply.item<QueueConfig>('config') };
}

async function readByBuildId({ given }: Context, client: Client): Promise<Queue> {
  const { value } = await client.call<Described>('DescribeTaskQueue', {
    namespace: client.namespace,
    taskQueue: { name: given.text('task-queue'), kind: 'TASK_QUEUE_KIND_NORMAL' },
    apiMode: 'DESCRIBE_TASK_QUEUE_MODE_ENHANCED',
    taskQueueTypes: given.all('task-queue-type').map((type) => enumJson('TASK_QUEUE_TYPE', type)),
    versions: {
      buildIds: given.all('select-build-id'),
      unversioned: given.isOn('select-unversioned'),
      allActive: given.isOn('select-all-active'),
    },
    reportPollers: true,
    reportStats: !given.isOn('disable-stats'),
    reportTaskReachability: given.isOn('report-reachability'),
  });
  const versions = Object.entries(value.versionsInfo ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  const nameOf = (buildId: string) => (buildId === '' ? UNVERSIONED : buildId);
  return {
    parts: versions.flatMap(([buildId, { typesInfo = {} }]) =>
      Object.entries(typesInfo).map(([type, { pollers = [], stats = {} }]) => {
        return { buildId: nameOf(buildId), type: TYPES[Number(type)] ?? type, pollers, stats };
      }),
    ),
    reachability: versions.map(([buildId, { taskReachability }]) => {
      return { buildId: nameOf(buildId), reachability: reachabilityText(taskReachability) };
    }),
  };
}

/** As programs know it: `closedWorkflowsOnly`. */
function reachabilityText(reachability = ''): string {
  const words = reachability.replace('BUILD_ID_TASK_REACHABILITY_', '').toLowerCase();
  return words.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()) || 'unspecified';
}

export function buildIdOf(poller: Poller, { buildId }: QueuePart): string {
  return poller.deploymentOptions?.buildId || poller.workerVersionCapabilities?.buildId || buildId;
}

/** A poller that says no rate takes what comes. */
export function rateText(perSecond = 0): string {
  return perSecond === 0 ? 'unlimited' : String(perSecond);
}
