// `task-queue describe`: what waits, and who polls.

import type { Context } from '../../context.ts';
import { durationText } from '../../output/durations.ts';
import type { Printable } from '../../output/json.ts';
import type { Output } from '../../output/output.ts';
import { printConfig } from './config.ts';
import { buildIdOf, type Queue, type QueuePart, rateText, readQueue } from './queue.ts';

export async function describe(context: Context): Promise<undefined> {
  const { given, out } = context;
  if (given.isOn('legacy-mode')) return (await import('./describe-legacy.ts')).describeLegacy(context);
  const queue = await readQueue(context);
  const shown = {
    reachability: given.isOn('report-reachability') ? queue.reachability : [],
    pollers: queue.parts.flatMap(pollersOf),
    stats: given.isOn('disable-stats') ? [] : queue.parts.map(statsOf),
    config: given.isOn('report-config') ? configsOf(queue) : undefined,
  };
  await out.object(shown, () => printQueue(context, queue, shown));
}

function pollersOf(part: QueuePart) {
  return part.pollers.map((poller) => ({
    buildId: buildIdOf(poller, part),
    taskQueueType: part.type,
    identity: poller.identity ?? '',
    lastAccessTime: poller.lastAccessTime,
    ratePerSecond: poller.ratePerSecond ?? 0,
  }));
}

function statsOf({ buildId, type, stats }: QueuePart) {
  const { approximateBacklogCount = '0', approximateBacklogAge, tasksAddRate = 0, tasksDispatchRate = 0 } = stats;
  return {
    buildId,
    taskQueueType: type,
    approximateBacklogCount: Number(approximateBacklogCount),
    approximateBacklogAge: durationText(wholeSeconds(approximateBacklogAge)),
    backlogIncreaseRate: tasksAddRate - tasksDispatchRate,
    tasksAddRate,
    tasksDispatchRate,
  };
}

/** An age is not known better than that, unless it is less. */
function wholeSeconds(age = '0s'): string {
  return age.replace(/^([1-9]\d*)\.\d+s$/, '$1s');
}

function configsOf({ parts }: Queue): Printable {
  return Object.fromEntries(parts.flatMap(({ type, config }) => (config === undefined ? [] : [[type, config]])));
}

interface Shown {
  readonly reachability: Queue['reachability'];
  readonly pollers: readonly ReturnType<typeof pollersOf>[number][];
  readonly stats: readonly ReturnType<typeof statsOf>[];
}

async function printQueue(
  { given, out }: Context,
  queue: Queue,
  { reachability, pollers, stats }: Shown,
): Promise<void> {
  if (given.isOn('report-reachability')) {
    const rows = reachability.map((one) => [one.buildId, one.reachability]);
    await out.table('Task Reachability', ['BuildID', 'Reachability'], rows);
    await out.line();
  }
  if (!given.isOn('disable-stats')) {
    await printStats(out, stats);
    await out.line();
  }
  await out.table(
    'Pollers',
    ['BuildID', 'TaskQueueType', 'Identity', 'LastAccessTime', 'RatePerSecond'],
    pollers.map(({ buildId, taskQueueType, identity, lastAccessTime, ratePerSecond }) => [
      ...[buildId, taskQueueType, identity, out.time(lastAccessTime), rateText(ratePerSecond)],
    ]),
  );
  if (!given.isOn('report-config')) return;
  for (const { type, config } of queue.parts) {
    if (config === undefined) continue;
    await out.line();
    await printConfig(out, config.value, `Configuration of ${type} tasks`);
  }
}

/** Rates are shown if the server counts them. */
async function printStats(out: Output, stats: Shown['stats']): Promise<void> {
  const hasRates = stats.some(({ tasksAddRate, tasksDispatchRate }) => tasksAddRate > 0 || tasksDispatchRate > 0);
  const names = ['BuildID', 'TaskQueueType', 'ApproximateBacklogCount', 'ApproximateBacklogAge'];
  const rateNames = ['BacklogIncreaseRate', 'TasksAddRate', 'TasksDispatchRate'];
  const rows = stats.map((one) => {
    const rates = [one.backlogIncreaseRate, one.tasksAddRate, one.tasksDispatchRate].map((rate) => rate.toFixed(2));
    const backlog = [String(one.approximateBacklogCount), one.approximateBacklogAge];
    return [one.buildId, one.taskQueueType, ...backlog, ...(hasRates ? rates : [])];
  });
  await out.table('Task Queue Statistics', [...names, ...(hasRates ? rateNames : [])], rows);
}
