// The process: CPU, memory, garbage collection, delay of the event loop, open files, versions. Under the names that are
// usual for Node.js programs. Only a server that is scraped watches its event loop and garbage collector: the watching
// would wake an idle one fifty times a second.

import { readdir } from 'node:fs/promises';
import {
  constants,
  monitorEventLoopDelay,
  type PerformanceEntry,
  PerformanceObserver,
  performance,
} from 'node:perf_hooks';
import { COMPATIBLE_VERSION, VERSION } from '../version.ts';
import type { Registry } from './registry.ts';

/** How often the event loop is looked at. */
const RESOLUTION_MS = 20;
const GC_SECONDS = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2];

/** Starts to watch; returns what stops it. */
export function addProcessMetrics(registry: Registry): () => void {
  addUsage(registry);
  addVersions(registry);
  if (process.platform === 'linux') addOpenFiles(registry);
  const stops = [watchEventLoop(registry), watchGarbageCollector(registry)];
  return () => stops.forEach((stop) => stop());
}

function addUsage(registry: Registry): void {
  const counter = (name: string, help: string, value: () => number) =>
    registry.collected('counter', { name, help, labels: [] }, (report) => report(value()));
  const gauge = (name: string, help: string, value: () => number) =>
    registry.collected('gauge', { name, help, labels: [] }, (report) => report(value()));
  counter('process_cpu_user_seconds_total', 'CPU time of the process itself.', () => process.cpuUsage().user / 1e6);
  counter('process_cpu_system_seconds_total', 'CPU time for the process in the system.', () => {
    return process.cpuUsage().system / 1e6;
  });
  const started = performance.timeOrigin / 1000;
  gauge('process_start_time_seconds', 'When the process started, seconds since 1970.', () => started);
  gauge('process_uptime_seconds', 'For how long the process has been running.', () => process.uptime());
  gauge('process_resident_memory_bytes', 'Memory of the process.', () => process.memoryUsage.rss());
  gauge('memory_heap', 'Bytes of the JavaScript heap that are reserved.', () => process.memoryUsage().heapTotal);
  gauge('memory_heapinuse', 'Bytes of the JavaScript heap that are in use.', () => process.memoryUsage().heapUsed);
  gauge('nodejs_external_memory_bytes', 'Memory outside the JavaScript heap.', () => process.memoryUsage().external);
}

function addVersions(registry: Registry): void {
  registry.collected(
    'gauge',
    {
      name: 'build_information',
      help: 'Always 1. The labels say which version this is.',
      labels: ['version', 'temporal_version', 'node_version'],
    },
    (report) => report(1, VERSION, COMPATIBLE_VERSION, process.version),
  );
  registry.counter({ name: 'restarts', help: 'Always 1: each process counts its start.', labels: [] }).of().add();
}

function addOpenFiles(registry: Registry): void {
  let count = 0;
  registry.beforeScrape(async () => {
    count = (await readdir('/proc/self/fd')).length;
  });
  const help = 'Open files and sockets.';
  registry.collected('gauge', { name: 'process_open_fds', help, labels: [] }, (report) => report(count));
}

function watchEventLoop(registry: Registry): () => void {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  // What is measured is the time from one look to the next.
  const seconds = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS) / 1000;
  registry.collected(
    'gauge',
    {
      name: 'nodejs_eventloop_delay_seconds',
      help: 'How late the event loop was since the scrape before.',
      labels: ['statistic'],
    },
    (report) => {
      // Of nothing, the library says its largest or smallest number.
      const seen = delay.count > 0;
      for (const percent of [50, 90, 99]) report(seen ? seconds(delay.percentile(percent)) : 0, `p${percent}`);
      report(seen ? seconds(delay.max) : 0, 'max');
      delay.reset();
    },
  );
  let before = performance.eventLoopUtilization();
  registry.collected(
    'gauge',
    {
      name: 'nodejs_eventloop_utilization',
      help: 'Share of the time in which the event loop was busy, since the scrape before.',
      labels: [],
    },
    (report) => {
      const now = performance.eventLoopUtilization();
      report(performance.eventLoopUtilization(now, before).utilization);
      before = now;
    },
  );
  return () => delay.disable();
}

const GC_KINDS: ReadonlyMap<unknown, string> = new Map([
  [constants.NODE_PERFORMANCE_GC_MAJOR, 'major'],
  [constants.NODE_PERFORMANCE_GC_MINOR, 'minor'],
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL, 'incremental'],
  [constants.NODE_PERFORMANCE_GC_WEAKCB, 'weakcb'],
]);

function watchGarbageCollector(registry: Registry): () => void {
  const help = 'Seconds of pauses for garbage collection, by kind.';
  const family = registry.histogram({ name: 'nodejs_gc_duration_seconds', help, labels: ['kind'] }, GC_SECONDS);
  const byKind = new Map([...GC_KINDS].map(([kind, name]) => [kind, family.of(name)]));
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) byKind.get(kindOf(entry))?.observe(entry.duration / 1000);
  });
  observer.observe({ entryTypes: ['gc'] });
  return () => observer.disconnect();
}

/** The type declarations do not know the details of entries. */
function kindOf(entry: PerformanceEntry): unknown {
  const { detail } = entry as PerformanceEntry & { readonly detail?: { readonly kind?: unknown } };
  return detail?.kind;
}
