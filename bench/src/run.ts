// Which measurement runs when, and against which server. Some want fresh servers of their own; all the others share one,
// the growing ones last, because they leave much behind.

import { rm } from 'node:fs/promises';
import { connectRpc } from '@perdure/server';
import { processCpuMs, processRssMb } from './cpu.ts';
import { measureActivityDispatch } from './load/activity-dispatch.ts';
import { BaseLoad } from './load/base-load.ts';
import { measureBatch } from './load/batch.ts';
import { measureChildren } from './load/children.ts';
import { measureContinueAsNew } from './load/continue-as-new.ts';
import { measureGrowthHistory } from './load/growth-history.ts';
import { measureGrowthOpen } from './load/growth-open.ts';
import { measureGrowthPending } from './load/growth-pending.ts';
import { measureInFlight } from './load/in-flight.ts';
import { fillDatabase, measureLists } from './load/lists.ts';
import { describeNamespace } from './load/messages.ts';
import { measureSchedules } from './load/schedules.ts';
import { delay, serviceMethod, type Target } from './load/session.ts';
import { measureSignals } from './load/signals.ts';
import { measureTimers } from './load/timers.ts';
import { measureUpdates } from './load/updates.ts';
import type { Group, Options, StartedServer } from './options.ts';
import type { Report } from './report.ts';
import { databaseIn, freePort, newDirectory, ServerProcess } from './server-process.ts';
import type { Sizes } from './sizes.ts';
import { median } from './stats.ts';
import { measureUi } from './ui/measure.ts';

/** Servers let the runs of a chain follow each other once a second at most, unless they are told otherwise. */
const UNSLOWED = ['--dynamic-config-value', 'history.workflowIdReuseMinimalInterval="1ms"'];

const namespaceTimeoutMs = 20_000;

/** Fills in the report. `progress` is told what is being measured. */
export async function run(
  options: Options,
  sizes: Sizes,
  report: Report,
  progress: (what: string) => void,
): Promise<void> {
  const { server } = options;
  if (server.kind === 'running') {
    const pid = server.pid;
    const target: Target = {
      namespace: options.namespace,
      connect: () => connectRpc({ host: server.host, port: server.port }),
      cpuMs: pid === undefined ? undefined : () => processCpuMs(pid),
    };
    await measure(options, sizes, report, progress, target);
    if (options.groups.has('schedules')) await measureFiring(sizes, report, progress, target);
    return;
  }
  const emptyBytes =
    options.groups.has('startup') || options.groups.has('disk')
      ? await measureStartup(server, sizes, report, progress)
      : 0;
  if (options.groups.has('disk')) {
    progress('disk');
    report.bytes_on_disk_per_workflow = await bytesPerWorkflow(options, server, sizes, emptyBytes);
  }
  if (options.groups.has('continue-as-new')) {
    progress('continue-as-new');
    const extraArguments = [...server.extraArguments, ...UNSLOWED];
    await withServer(options, { ...server, extraArguments }, async (target) => {
      await namespaceExists(target);
      report.continue_as_new_per_second = await measureContinueAsNew(target, sizes.continueAsNew);
    });
  }
  // The database of another server's making could not be filled.
  if ((options.groups.has('lists') || options.groups.has('ui')) && server.command === undefined) {
    await measureListsOfMany(options, server, sizes, report, progress);
  }
  if (options.groups.has('schedules')) {
    await withServer(options, server, (target) => measureFiring(sizes, report, progress, target));
  }
  await withServer(options, server, (target) => measure(options, sizes, report, progress, target));
}

/** Leaves many schedules and open workflows behind. */
async function measureFiring(
  sizes: Sizes,
  report: Report,
  progress: (what: string) => void,
  target: Target,
): Promise<void> {
  progress('schedules');
  await namespaceExists(target);
  report.schedules_fired_per_second = await measureSchedules(target, sizes.schedules);
}

async function measureListsOfMany(
  options: Options,
  server: StartedServer,
  sizes: Sizes,
  report: Report,
  progress: (what: string) => void,
): Promise<void> {
  const directory = await newDirectory(server);
  try {
    // The first server makes the namespace.
    await withServer(options, server, namespaceExists, directory);
    progress(`${report.run.listed_executions.toLocaleString('en')} executions to list`);
    await fillDatabase(databaseIn(directory), options.namespace, sizes.lists);
    if (options.groups.has('lists')) {
      progress('lists and counts');
      await withServer(
        options,
        server,
        async (target) => {
          const { listMs, countMs } = await measureLists(target, sizes.lists);
          report.list_ms_p50_1m = listMs;
          report.count_ms_p50_1m = countMs;
        },
        directory,
      );
    }
    if (options.groups.has('ui')) {
      progress('the Web UI in a browser');
      const uiPort = await freePort();
      const measureIt = async (target: Target) => {
        report.ui = (await measureUi(target, `http://127.0.0.1:${uiPort}`, sizes.ui)) ?? null;
      };
      await withServer(options, server, measureIt, directory, uiPort);
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function measure(
  options: Options,
  sizes: Sizes,
  report: Report,
  progress: (what: string) => void,
  target: Target,
): Promise<void> {
  const asked = (group: Group) => options.groups.has(group);
  await namespaceExists(target);
  if (asked('in-flight')) {
    for (const inFlight of options.inFlight) {
      progress(`${inFlight} in flight`);
      report.in_flight[String(inFlight)] = await measureInFlight(target, inFlight, sizes.inFlight);
    }
  }
  if (asked('signals')) {
    progress('signals');
    report.signals_per_second_one_workflow = await measureSignals(target, sizes.signals);
  }
  if (asked('children')) {
    progress('children');
    report.children_per_second = await measureChildren(target, sizes.children);
  }
  if (asked('updates')) {
    progress('updates');
    report.updates_per_second_one_workflow = await measureUpdates(target, sizes.updates);
  }
  if (asked('dispatch')) {
    progress('activity dispatch');
    report.activity_dispatch_ms_p50 = await measureActivityDispatch(target, sizes.dispatch);
  }
  if (asked('timers')) {
    progress('timers');
    report.timer_late_ms_p99 = await measureTimers(target, sizes.timers);
  }
  if (asked('batch')) {
    progress('batch operation');
    report.batch_ops_per_second = await measureBatch(target, sizes.batch);
  }
  const { cpuMs } = target;
  if (asked('growth') && cpuMs !== undefined) {
    progress('growth with the history');
    report.growth.history_10000_vs_100 = await measureGrowthHistory(target, cpuMs, sizes.history);
    progress('growth with pending activities');
    report.growth.pending_2000_vs_1 = await measureGrowthPending(target, cpuMs, sizes.pending);
    progress('growth with open workflows');
    report.growth.open_200000_vs_1000 = await measureGrowthOpen(target, cpuMs, sizes.open);
  }
}

/** Returns the size of an empty database. */
async function measureStartup(
  server: StartedServer,
  sizes: Sizes,
  report: Report,
  progress: (what: string) => void,
): Promise<number> {
  const startupMs: number[] = [];
  const rssMb: number[] = [];
  const bytes: number[] = [];
  for (let index = 0; index < sizes.startups; index++) {
    progress(`startup ${index + 1} of ${sizes.startups}`);
    const started = await ServerProcess.start(server);
    startupMs.push(started.startupMs);
    await delay(sizes.idleMs);
    rssMb.push(processRssMb(started.pid));
    bytes.push(await started.stop());
  }
  report.startup_ms = median(startupMs);
  report.idle_rss_mb = median(rssMb);
  return median(bytes);
}

async function bytesPerWorkflow(
  options: Options,
  server: StartedServer,
  sizes: Sizes,
  emptyBytes: number,
): Promise<number> {
  const workflows = sizes.diskWorkflows;
  const bytes = await withServer(options, server, async (target) => {
    await namespaceExists(target);
    const load = await BaseLoad.open(target, 64);
    try {
      await load.runCount(64, workflows);
    } finally {
      load.close();
    }
  });
  return (bytes - emptyBytes) / workflows;
}

/** Returns the size of the database after the server's clean shutdown. */
async function withServer(
  options: Options,
  server: StartedServer,
  use: (target: Target) => Promise<void>,
  kept?: string,
  uiPort?: number,
): Promise<number> {
  const started = await ServerProcess.start(server, kept, uiPort);
  try {
    await use({
      namespace: options.namespace,
      connect: () => connectRpc({ host: started.host, port: started.port }),
      cpuMs: () => processCpuMs(started.pid),
    });
  } catch (error) {
    const log = started.logTail();
    await started.stop();
    throw new Error(`the measurement failed. The end of the server's log:\n${log}`, { cause: error });
  }
  return started.stop();
}

/** Servers may answer before their default namespace is there. */
async function namespaceExists(target: Target): Promise<void> {
  const client = await target.connect();
  const until = performance.now() + namespaceTimeoutMs;
  try {
    for (;;) {
      try {
        await client.unary(serviceMethod('DescribeNamespace'), describeNamespace(target.namespace), {
          timeoutMs: 1000,
        });
        return;
      } catch (error) {
        if (performance.now() > until) throw new Error(`namespace ${target.namespace} is not there`, { cause: error });
      }
      await delay(50);
    }
  } finally {
    client.close();
  }
}
