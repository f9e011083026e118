// The figures of one run, and their two forms: a table to read and a JSON object for programs.
// Names of JSON fields carry their unit. Null means: not measurable here (see the README), or not asked for.

import type { InFlight } from './load/in-flight.ts';
import { significant } from './stats.ts';
import type { UiFigures } from './ui/measure.ts';

export interface Report {
  in_flight: Record<string, InFlight>;
  signals_per_second_one_workflow: number | null;
  continue_as_new_per_second: number | null;
  children_per_second: number | null;
  updates_per_second_one_workflow: number | null;
  activity_dispatch_ms_p50: number | null;
  timer_late_ms_p99: number | null;
  /** With as many executions as `listed_executions` says; the slowest kind of list, and of count. */
  list_ms_p50_1m: number | null;
  count_ms_p50_1m: number | null;
  /** In a browser, with as many executions in the list; null: no browser is installed. */
  ui: UiFigures | null;
  batch_ops_per_second: number | null;
  schedules_fired_per_second: number | null;
  startup_ms: number | null;
  idle_rss_mb: number | null;
  bytes_on_disk_per_workflow: number | null;
  growth: {
    history_10000_vs_100: number | null;
    pending_2000_vs_1: number | null;
    open_200000_vs_1000: number | null;
  };
  /** What makes figures comparable: machine, duration, and numbers that a quick run makes smaller. */
  run: {
    readonly quick: boolean;
    readonly server: string;
    readonly cpus: number;
    readonly cpu_model: string;
    readonly node: string;
    readonly open_workflows_large: number;
    readonly listed_executions: number;
    seconds: number;
  };
}

export function emptyReport(run: Report['run']): Report {
  return {
    in_flight: {},
    signals_per_second_one_workflow: null,
    continue_as_new_per_second: null,
    children_per_second: null,
    updates_per_second_one_workflow: null,
    activity_dispatch_ms_p50: null,
    timer_late_ms_p99: null,
    list_ms_p50_1m: null,
    count_ms_p50_1m: null,
    ui: null,
    batch_ops_per_second: null,
    schedules_fired_per_second: null,
    startup_ms: null,
    idle_rss_mb: null,
    bytes_on_disk_per_workflow: null,
    growth: { history_10000_vs_100: null, pending_2000_vs_1: null, open_200000_vs_1000: null },
    run,
  };
}

/** Every figure to three significant digits, so that both forms show the same. */
export function toJson(report: Report): string {
  return `${JSON.stringify(report, (_, value: unknown) => (typeof value === 'number' ? rounded(value) : value), 2)}\n`;
}

export function toTable(report: Report): string {
  const heads = ['in flight', 'workflows/s', 'server CPU µs', 'p50 ms', 'p99 ms', 'generator CPU µs'];
  const loads = Object.entries(report.in_flight).map(([inFlight, figures]) => [
    inFlight,
    show(figures.workflows_per_second),
    show(figures.server_cpu_us_per_workflow),
    show(figures.start_to_close_ms_p50),
    show(figures.start_to_close_ms_p99),
    show(figures.generator_cpu_us_per_workflow),
  ]);
  const { growth, run } = report;
  const single: [string, number | null][] = [
    ['signals per second into one workflow', report.signals_per_second_one_workflow],
    ['runs continued as new per second', report.continue_as_new_per_second],
    ['children per second', report.children_per_second],
    ['updates per second of one workflow', report.updates_per_second_one_workflow],
    ['activity dispatch, p50 ms', report.activity_dispatch_ms_p50],
    ['timer lateness, p99 ms', report.timer_late_ms_p99],
    [`list of ${run.listed_executions.toLocaleString('en')} executions, p50 ms`, report.list_ms_p50_1m],
    [`count of ${run.listed_executions.toLocaleString('en')} executions, p50 ms`, report.count_ms_p50_1m],
    ...uiRows(report),
    ['operations of a batch per second', report.batch_ops_per_second],
    ['schedules fired per second', report.schedules_fired_per_second],
    ['startup, median ms', report.startup_ms],
    ['idle memory, MiB', report.idle_rss_mb],
    ['disk per workflow, bytes', report.bytes_on_disk_per_workflow],
    ['cost of a step, history of 10,000 : 100 events', growth.history_10000_vs_100],
    ['cost of a step, 2,000 : 1 pending activities', growth.pending_2000_vs_1],
    [
      `cost of a workflow, ${run.open_workflows_large.toLocaleString('en')} : 1,000 open ones`,
      growth.open_200000_vs_1000,
    ],
  ];
  return [
    `${run.server}; ${run.cpus} × ${run.cpu_model}; ${run.quick ? 'quick run, ' : ''}${Math.round(run.seconds)} s`,
    '',
    ...(loads.length > 0 ? [...aligned([heads, ...loads], 'right'), ''] : []),
    ...aligned(
      single.map(([name, value]) => [name, show(value)]),
      'left',
    ),
  ].join('\n');
}

function uiRows({ ui, run }: Report): [string, number | null][] {
  if (ui === null) return [['Web UI, in a browser', null]];
  const list = `Web UI, list of ${run.listed_executions.toLocaleString('en')}`;
  return [
    ['Web UI, browser slower than the reference by', ui.slowdown],
    [`${list}: first rows, ms (budget 500)`, ui.list_first_rows_ms],
    [`${list}: filter by a status, ms`, ui.list_filter_ms],
    [`${list}: sort by the slowest indexed column, ms`, ui.list_sort_ms],
    [`${list}: scrolling, frames/s (budget 55)`, ui.list_frames_per_second],
    [`${list}: main thread while others are executed, %`, ui.list_live_main_thread_percent],
    ['Web UI, 50,000 events: first rows, ms (budget 1,000)', ui.run_first_rows_ms],
    ['Web UI, 50,000 events: all rows, ms', ui.run_whole_ms],
    ['Web UI, 50,000 events: main thread, CPU ms', ui.run_main_thread_ms],
    ['Web UI, 50,000 events: scrolling, frames/s (budget 55)', ui.run_frames_per_second],
    ['Web UI, 50,000 events: heap, MB (budget 150)', ui.run_heap_mb],
  ];
}

function rounded(value: number): number {
  return Number.isInteger(value) ? value : significant(value);
}

function show(value: number | null): string {
  return value === null ? '-' : rounded(value).toLocaleString('en', { maximumSignificantDigits: 3 });
}

/** Columns of equal width; the first one is a name, aligned as told, the others are numbers. */
function aligned(rows: readonly (readonly string[])[], first: 'left' | 'right'): string[] {
  const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  const pad = (cell: string, column: number) =>
    column === 0 && first === 'left' ? cell.padEnd(width(column)) : cell.padStart(width(column));
  return rows.map((row) => row.map(pad).join('   '));
}
