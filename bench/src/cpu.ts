// CPU time and memory of the process under test, read from outside it, so that the server needs no help from us.
// Never samples in the background: a measurement reads the counter before and after its window.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** The kernel reports in USER_HZ, which is 100 on every Linux architecture that Node runs on: a step of 10 ms. */
const TICK_MS = 10;

/** CPU time, user and system, that all threads of a process have used since its start, ms. */
export function processCpuMs(pid: number): number {
  return process.platform === 'linux'
    ? parseProcStat(readFileSync(`/proc/${pid}/stat`, 'utf8'))
    : parsePsTime(ps(pid, 'time'));
}

/** Resident memory of a process, MiB. */
export function processRssMb(pid: number): number {
  if (process.platform !== 'linux') return Number(ps(pid, 'rss')) / 1024;
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  if (kib === undefined) throw new Error(`/proc/${pid}/status has no VmRSS`);
  return Number(kib) / 1024;
}

/** Fields 14 and 15 of /proc/<pid>/stat. The command name before them may hold spaces and parentheses. */
export function parseProcStat(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** `ps -o time=`: `[[days-]hours:]minutes:seconds[.hundredths]`, by system. */
export function parsePsTime(text: string): number {
  const [clock = '', days = '0'] = text.trim().split('-').toReversed();
  const seconds = clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return (Number(days) * 86_400 + seconds) * 1000;
}

function ps(pid: number, column: string): string {
  return execFileSync('ps', ['-o', `${column}=`, '-p', String(pid)], { encoding: 'utf8' });
}
