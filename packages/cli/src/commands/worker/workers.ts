// `worker list`, `count` and `describe`.

import type { Context } from '../../context.ts';
import { durationText } from '../../output/durations.ts';
import { listed } from '../../output/listing.ts';
import type { Row } from '../../output/output.ts';
import { enumText } from '../../output/texts.ts';

interface Slots {
  readonly currentAvailableSlots?: number;
  readonly currentUsedSlots?: number;
  readonly slotSupplierKind?: string;
  readonly totalProcessedTasks?: number;
  readonly totalFailedTasks?: number;
}

interface Poller {
  readonly currentPollers?: number;
  readonly lastSuccessfulPollTime?: string;
  readonly isAutoscaling?: boolean;
}

interface WorkerInfo {
  readonly workerHeartbeat?: {
    readonly workerInstanceKey?: string;
    readonly workerIdentity?: string;
    readonly status?: string;
    readonly taskQueue?: string;
    readonly deploymentVersion?: { readonly deploymentName?: string; readonly buildId?: string };
    readonly sdkName?: string;
    readonly sdkVersion?: string;
    readonly startTime?: string;
    readonly heartbeatTime?: string;
    readonly elapsedSinceLastHeartbeat?: string;
    readonly hostInfo?: {
      readonly hostName?: string;
      readonly processId?: string;
      readonly currentHostCpuUsage?: number;
      readonly currentHostMemUsage?: number;
    };
    readonly workflowTaskSlotsInfo?: Slots;
    readonly activityTaskSlotsInfo?: Slots;
    readonly nexusTaskSlotsInfo?: Slots;
    readonly localActivitySlotsInfo?: Slots;
    readonly workflowPollerInfo?: Poller;
    readonly workflowStickyPollerInfo?: Poller;
    readonly activityPollerInfo?: Poller;
    readonly nexusPollerInfo?: Poller;
    readonly totalStickyCacheHit?: number;
    readonly totalStickyCacheMiss?: number;
    readonly currentStickyCacheSize?: number;
    readonly plugins?: readonly { readonly name?: string; readonly version?: string }[];
  };
}

type Heartbeat = NonNullable<WorkerInfo['workerHeartbeat']>;

export async function list(context: Context): Promise<undefined> {
  const { out } = context;
  const client = await context.client();
  const pages = client.pages('ListWorkers', { namespace: client.namespace, ...filterOf(context) });
  await listed<WorkerInfo>(context, pages, 'workersInfo', [
    { name: 'WorkerInstanceKey', of: ({ value }) => value.workerHeartbeat?.workerInstanceKey },
    { name: 'Status', of: ({ value }) => enumText('WORKER_STATUS', value.workerHeartbeat?.status) },
    { name: 'TaskQueue', of: ({ value }) => value.workerHeartbeat?.taskQueue },
    { name: 'WorkerIdentity', of: ({ value }) => value.workerHeartbeat?.workerIdentity },
    { name: 'HostName', of: ({ value }) => value.workerHeartbeat?.hostInfo?.hostName },
    { name: 'Deployment', of: ({ value }) => deploymentText(value.workerHeartbeat) },
    { name: 'HeartbeatTime', of: ({ value }) => out.time(value.workerHeartbeat?.heartbeatTime) },
  ]);
  return undefined;
}

export async function count(context: Context): Promise<undefined> {
  const { out } = context;
  const client = await context.client();
  const request = { namespace: client.namespace, ...filterOf(context) };
  const reply = await client.call<{ readonly count?: string }>('CountWorkers', request);
  await out.object(reply, () => out.line(reply.value.count ?? '0'));
  return undefined;
}

export async function describe(context: Context): Promise<undefined> {
  const { given, out } = context;
  const client = await context.client();
  const workerInstanceKey = given.text('worker-instance-key');
  const reply = await client.call('DescribeWorker', { namespace: client.namespace, workerInstanceKey });
  const worker = reply.item<WorkerInfo>('workerInfo');
  const heartbeat = worker?.value.workerHeartbeat ?? {};
  await out.object(worker ?? {}, () => out.card('', rowsOf(context, heartbeat)));
  return undefined;
}

function filterOf({ given }: Context) {
  return { query: given.last('query'), includeSystemWorkers: given.isOn('include-system-workers') };
}

function rowsOf({ out }: Context, beat: Heartbeat): readonly Row[] {
  return [
    ['WorkerInstanceKey', beat.workerInstanceKey],
    ['WorkerIdentity', beat.workerIdentity],
    ['Status', enumText('WORKER_STATUS', beat.status)],
    ['TaskQueue', beat.taskQueue],
    ['DeploymentVersion', deploymentText(beat)],
    ['Sdk', [beat.sdkName, beat.sdkVersion].filter(Boolean).join(' ')],
    ['StartTime', out.time(beat.startTime)],
    ['HeartbeatTime', out.time(beat.heartbeatTime)],
    ['ElapsedSinceLastHeartbeat', durationText(beat.elapsedSinceLastHeartbeat)],
    ['HostName', beat.hostInfo?.hostName],
    ['ProcessId', beat.hostInfo?.processId],
    ['HostCpuUsage', beat.hostInfo?.currentHostCpuUsage],
    ['HostMemUsage', beat.hostInfo?.currentHostMemUsage],
    ['WorkflowTaskSlots', slotsText(beat.workflowTaskSlotsInfo)],
    ['ActivityTaskSlots', slotsText(beat.activityTaskSlotsInfo)],
    ['NexusTaskSlots', slotsText(beat.nexusTaskSlotsInfo)],
    ['LocalActivitySlots', slotsText(beat.localActivitySlotsInfo)],
    ['WorkflowPollers', pollerText(out.time.bind(out), beat.workflowPollerInfo)],
    ['WorkflowStickyPollers', pollerText(out.time.bind(out), beat.workflowStickyPollerInfo)],
    ['ActivityPollers', pollerText(out.time.bind(out), beat.activityPollerInfo)],
    ['NexusPollers', pollerText(out.time.bind(out), beat.nexusPollerInfo)],
    ['StickyCacheSize', beat.currentStickyCacheSize],
    ['StickyCacheHits', beat.totalStickyCacheHit],
    ['StickyCacheMisses', beat.totalStickyCacheMiss],
    ['Plugins', beat.plugins?.map(({ name, version }) => `${name} ${version ?? ''}`.trim()).join(', ')],
  ];
}

function slotsText(slots: Slots | undefined): string | undefined {
  if (slots === undefined) return undefined;
  const { currentUsedSlots = 0, currentAvailableSlots = 0, totalProcessedTasks = 0, totalFailedTasks = 0 } = slots;
  const kind = slots.slotSupplierKind ?? '';
  return `${currentUsedSlots} used, ${currentAvailableSlots} free${kind && ` (${kind})`}; ${totalProcessedTasks} tasks done, ${totalFailedTasks} failed`;
}

function pollerText(time: (text: string | undefined) => string, poller: Poller | undefined): string | undefined {
  if (poller === undefined) return undefined;
  const last = time(poller.lastSuccessfulPollTime);
  return `${poller.currentPollers ?? 0}${poller.isAutoscaling === true ? ', autoscaling' : ''}${last && `; last poll ${last}`}`;
}

function deploymentText(beat: Heartbeat | undefined): string {
  const { deploymentName, buildId } = beat?.deploymentVersion ?? {};
  return [deploymentName, buildId].filter(Boolean).join('@');
}
