// Throughput, latency and server CPU per workflow with a number of workflows in flight.

import { percentile } from '../stats.ts';
import { BaseLoad } from './base-load.ts';
import { delay, type Target } from './session.ts';

/** A server so slow that fewer workflows close in the window gets more time: a few would be chance. */
const workflowsMin = 50;
const windowsMax = 8;

export interface InFlight {
  readonly workflows_per_second: number;
  /** Null when the server's process is not known. */
  readonly server_cpu_us_per_workflow: number | null;
  readonly start_to_close_ms_p50: number;
  readonly start_to_close_ms_p99: number;
  /** What the generator itself used: when it nears 1,000,000 / workflows_per_second, the generator is the limit. */
  readonly generator_cpu_us_per_workflow: number;
}

export async function measureInFlight(
  target: Target,
  inFlight: number,
  sizes: { readonly warmUpMs: number; readonly windowMs: number },
): Promise<InFlight> {
  const load = await BaseLoad.open(target, inFlight);
  try {
    const stop = new AbortController();
    const window = observe(target, load, sizes).finally(() => stop.abort());
    const [figures] = await Promise.all([window, load.run(inFlight, stop.signal)]);
    return figures;
  } finally {
    load.close();
  }
}

async function observe(
  target: Target,
  load: BaseLoad,
  sizes: { readonly warmUpMs: number; readonly windowMs: number },
): Promise<InFlight> {
  await delay(sizes.warmUpMs);
  const from = counters(target, load);
  let to = from;
  for (let window = 0; window < windowsMax && to.closed - from.closed < workflowsMin; window++) {
    await delay(sizes.windowMs);
    to = counters(target, load);
  }
  const workflows = to.closed - from.closed;
  if (workflows === 0) throw new Error(`no workflow closed within ${sizes.windowMs * windowsMax} ms`);
  const latencies = load.startToCloseMs.slice(from.closed, to.closed);
  const cpuMs = from.cpuMs === undefined || to.cpuMs === undefined ? undefined : to.cpuMs - from.cpuMs;
  return {
    workflows_per_second: (workflows / (to.atMs - from.atMs)) * 1000,
    server_cpu_us_per_workflow: cpuMs === undefined ? null : (cpuMs * 1000) / workflows,
    start_to_close_ms_p50: percentile(latencies, 50),
    start_to_close_ms_p99: percentile(latencies, 99),
    generator_cpu_us_per_workflow: (to.ownCpuUs - from.ownCpuUs) / workflows,
  };
}

function counters(target: Target, load: BaseLoad) {
  const own = process.cpuUsage();
  return {
    atMs: performance.now(),
    closed: load.startToCloseMs.length,
    cpuMs: target.cpuMs?.(),
    ownCpuUs: own.user + own.system,
  };
}
