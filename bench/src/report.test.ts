import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyReport, toJson, toTable } from './report.ts';

const run = {
  quick: true,
  server: 'perdure',
  cpus: 2,
  cpu_model: 'Some CPU',
  node: 'v24',
  open_workflows_large: 20_000,
  listed_executions: 22_000,
  seconds: 41.7,
};

test('every field is present, measured or not', () => {
  const parsed: unknown = JSON.parse(toJson(emptyReport(run)));
  assert.deepEqual(parsed, {
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
  });
});

test('the table and the JSON show the same digits', () => {
  const report = emptyReport({ ...run });
  report.in_flight['64'] = {
    workflows_per_second: 4321.09,
    server_cpu_us_per_workflow: 198.765,
    start_to_close_ms_p50: 12.3456,
    start_to_close_ms_p99: 40,
    generator_cpu_us_per_workflow: 99.99,
  };
  report.growth.pending_2000_vs_1 = 1.0345;
  const table = toTable(report).split('\n');
  assert.deepEqual(table[3]?.trim().split(/\s+/), ['64', '4,320', '199', '12.3', '40', '100']);
  assert.match(toTable(report), /2,000 : 1 pending activities\s+1\.03$/m);
  assert.match(toTable(report), /20,000 : 1,000 open ones\s+-$/m);
  assert.match(toJson(report), /"workflows_per_second": 4320,/);
});
