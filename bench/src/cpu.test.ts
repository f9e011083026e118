import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseProcStat, parsePsTime, processCpuMs, processRssMb } from './cpu.ts';

test('user and system ticks are found behind a command name with spaces and parentheses', () => {
  const stat = '42 (a (b) c) S 1 42 42 0 -1 4194304 100 0 0 0 123 77 5 6 20 0 11 0 4000 1000 200';
  assert.equal(parseProcStat(stat), 2000);
});

test('ps prints hours, days and hundredths depending on the system', () => {
  assert.equal(parsePsTime('   0:01.25\n'), 1250);
  assert.equal(parsePsTime('01:02:03'), 3_723_000);
  assert.equal(parsePsTime('2-00:00:01'), 172_801_000);
});

test('the CPU time of this process agrees with its own count', () => {
  const until = process.cpuUsage().user + 60_000;
  while (process.cpuUsage().user < until);
  const own = process.cpuUsage();
  assert.ok(Math.abs(processCpuMs(process.pid) - (own.user + own.system) / 1000) <= 60);
  assert.ok(processRssMb(process.pid) > 10);
});
