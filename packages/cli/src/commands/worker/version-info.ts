// What `worker deployment describe-version` prints: the object that programs expect of the official command, and texts.

import type { Context } from '../../context.ts';
import { durationText } from '../../output/durations.ts';
import type { Printable } from '../../output/json.ts';
import { enumText, type PayloadJson, payloadText } from '../../output/texts.ts';
import { drainageText } from './deployment-info.ts';

interface Stats {
  readonly approximateBacklogCount?: string;
  readonly approximateBacklogAge?: string;
  readonly tasksAddRate?: number;
  readonly tasksDispatchRate?: number;
}

interface TaskQueue {
  readonly name?: string;
  readonly type?: string;
  readonly stats?: Stats;
  readonly statsByPriorityKey?: Readonly<Record<string, Stats>>;
}

interface ScalingGroup {
  readonly provider?: { readonly type?: string };
  readonly scaler?: { readonly type?: string; readonly details?: PayloadJson };
}

export interface VersionReply {
  readonly workerDeploymentVersionInfo?: {
    readonly deploymentVersion?: { readonly deploymentName?: string; readonly buildId?: string };
    readonly createTime?: string;
    readonly routingChangedTime?: string;
    readonly currentSinceTime?: string;
    readonly rampingSinceTime?: string;
    readonly rampPercentage?: number;
    readonly drainageInfo?: {
      readonly status?: string;
      readonly lastChangedTime?: string;
      readonly lastCheckedTime?: string;
    };
    readonly metadata?: { readonly entries?: Readonly<Record<string, PayloadJson>> };
    readonly computeConfig?: { readonly scalingGroups?: Readonly<Record<string, ScalingGroup>> };
  };
  readonly versionTaskQueues?: readonly TaskQueue[];
}

export function versionJson(
  { workerDeploymentVersionInfo: info = {}, versionTaskQueues }: VersionReply,
  stats: boolean,
) {
  const { scalingGroups } = info.computeConfig ?? {};
  return {
    deploymentName: info.deploymentVersion?.deploymentName,
    BuildID: info.deploymentVersion?.buildId,
    createTime: info.createTime,
    routingChangedTime: info.routingChangedTime,
    currentSinceTime: info.currentSinceTime,
    rampingSinceTime: info.rampingSinceTime,
    rampPercentage: info.rampPercentage ?? 0,
    drainageInfo: {
      drainageStatus: info.drainageInfo === undefined ? '' : drainageText(info.drainageInfo.status),
      lastChangedTime: info.drainageInfo?.lastChangedTime,
      lastCheckedTime: info.drainageInfo?.lastCheckedTime,
    },
    taskQueuesInfos: (versionTaskQueues ?? []).map((queue) => taskQueueJson(queue, stats)),
    metadata: (info.metadata?.entries ?? null) as Printable,
    computeConfig:
      scalingGroups === undefined
        ? undefined
        : {
            scalingGroups: Object.fromEntries(
              Object.entries(scalingGroups).map(([name, one]) => [name, groupJson(one)]),
            ),
          },
  };
}

function taskQueueJson({ name, type, stats, statsByPriorityKey = {} }: TaskQueue, withStats: boolean) {
  const byPriority = Object.entries(statsByPriorityKey).map(([key, each]) => [key, statsJson(each)] as const);
  return {
    name,
    type: enumText('TASK_QUEUE_TYPE', type).toLowerCase() || 'unspecified',
    stats: withStats ? statsJson(stats) : undefined,
    statsByPriorityKey: withStats && byPriority.length > 0 ? Object.fromEntries(byPriority) : undefined,
  };
}

/** Ages in nanoseconds, as programs have them of the official command. */
function statsJson(stats: Stats = {}) {
  const { tasksAddRate = 0, tasksDispatchRate = 0, approximateBacklogAge = '0s' } = stats;
  return {
    approximateBacklogCount: Number(stats.approximateBacklogCount ?? 0),
    approximateBacklogAge: Math.round(Number(approximateBacklogAge.replace(/s$/, '')) * 1e9),
    backlogIncreaseRate: tasksAddRate - tasksDispatchRate,
    tasksAddRate,
    tasksDispatchRate,
  };
}

function groupJson({ provider, scaler }: ScalingGroup) {
  return {
    provider: provider && { type: provider.type },
    scaler: scaler && { type: scaler.type, ...settings(scaler.details) },
  };
}

/** What is known of the settings; others may write other details. */
function settings(details: PayloadJson | undefined) {
  if (details === undefined) return {};
  const known: unknown = JSON.parse(payloadText(details));
  const found = (typeof known === 'object' && known !== null ? known : {}) as Readonly<Record<string, unknown>>;
  const number = (key: string) => (typeof found[key] === 'number' ? found[key] : undefined);
  return {
    minInstances: number('min_count'),
    maxInstances: number('max_count'),
    initialInstances: number('initial_count'),
    utilizationTarget: number('utilization_target'),
  };
}

export async function showVersion({ out }: Context, reply: VersionReply, withStats: boolean): Promise<void> {
  const { workerDeploymentVersionInfo: info = {}, versionTaskQueues: queues = [] } = reply;
  const groups = Object.values(info.computeConfig?.scalingGroups ?? {});
  await out.card('Worker Deployment Version', [
    ['DeploymentName', info.deploymentVersion?.deploymentName],
    ['BuildID', info.deploymentVersion?.buildId],
    ['CreateTime', out.time(info.createTime)],
    ['RoutingChangedTime', out.time(info.routingChangedTime)],
    ['CurrentSinceTime', out.time(info.currentSinceTime)],
    ['RampingSinceTime', out.time(info.rampingSinceTime)],
    ['RampPercentage', info.rampPercentage ?? 0],
    ['DrainageStatus', info.drainageInfo && drainageText(info.drainageInfo.status)],
    ['DrainageLastChangedTime', out.time(info.drainageInfo?.lastChangedTime)],
    ['DrainageLastCheckedTime', out.time(info.drainageInfo?.lastCheckedTime)],
    ['ComputeConfig', groups.map(groupText).join(', ')],
    ...Object.entries(info.metadata?.entries ?? {}).map(
      ([key, value]) => [`Metadata.${key}`, payloadText(value)] as const,
    ),
  ]);
  if (queues.length === 0) return;
  await out.line();
  const names = ['Name', 'Type', ...(withStats ? ['Backlog', 'BacklogAge', 'AddRate', 'DispatchRate'] : [])];
  await out.table(
    'Task Queues',
    names,
    queues.map((queue) => queueCells(queue, withStats)),
  );
}

function queueCells({ name = '', type, stats }: TaskQueue, withStats: boolean): string[] {
  const cells = [name, enumText('TASK_QUEUE_TYPE', type).toLowerCase()];
  return withStats ? [...cells, ...statsCells(stats)] : cells;
}

function statsCells(stats: Stats = {}): string[] {
  const { approximateBacklogCount = '0', approximateBacklogAge, tasksAddRate = 0, tasksDispatchRate = 0 } = stats;
  return [
    approximateBacklogCount,
    durationText(approximateBacklogAge),
    String(tasksAddRate),
    String(tasksDispatchRate),
  ];
}

function groupText({ provider, scaler }: ScalingGroup): string {
  const known = Object.entries(settings(scaler?.details)).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name} ${value}`],
  );
  return `${provider?.type ?? ''}${known.length === 0 ? '' : ` (${known.join(', ')})`}`;
}
