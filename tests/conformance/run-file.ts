// Runs one test file of the SDK in a process group of its own, and ends the group when it does not end itself. A test that
// hangs holds up those behind it, and a slow machine fails tests that wait for a while only: what failed without a known
// reason is run once more, one test at a time, as long as the time lasts.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { delimiter, dirname } from 'node:path';
import { finished } from 'node:stream/promises';
import { UNEXPLAINED, whyItFails } from './reasons.ts';
import { INACTIVE, parseTap, type TestResult } from './tap.ts';

export interface FileResult {
  readonly file: string;
  /** The day on which it ran, as YYYY-MM-DD in UTC. */
  readonly day: string;
  readonly tests: readonly TestResult[];
  readonly problems: readonly string[];
  readonly unreached: number;
  readonly seconds: number;
}

export interface Place {
  readonly testPackage: string;
  /** Where the SDK finds the server that it thinks it has downloaded. */
  readonly temporaryFolder: string;
  readonly logFolder: string;
  /** How long one test file may take. */
  readonly fileLimitMs: number;
}

const SINGLE_TEST_LIMIT_MS = 90_000;
/** Given to the runner to end itself, once it has given up. */
const GRACE_MS = 10_000;

export async function runFile(place: Place, file: string): Promise<FileResult> {
  const startedMs = performance.now();
  const remainingMs = (): number => place.fileLimitMs - (performance.now() - startedMs);
  const whole = await runAva(place, file, [], place.fileLimitMs, `${file}.tap`);
  const { tests, problems, unreached } = parseTap(whole.output);
  const results = new Map(tests.map((result) => [result.title, result]));
  const doubtful = tests.filter(
    ({ outcome, title }) => outcome === 'failed' && whyItFails(file, title) === UNEXPLAINED,
  );
  for (const { title } of doubtful) {
    if (remainingMs() <= 0) break;
    const limitMs = Math.min(SINGLE_TEST_LIMIT_MS, remainingMs());
    const alone = await runAva(place, file, ['--match', pattern(title)], limitMs, `${file}.again.tap`);
    const result = parseTap(alone.output).tests.find((other) => other.title === title);
    if (result !== undefined) results.set(title, { ...result, again: true });
  }
  const seconds = Math.round((performance.now() - startedMs) / 1000);
  const late = whole.ended === 'killed' ? ['the file did not end by itself'] : [];
  const day = new Date().toISOString().slice(0, 'YYYY-MM-DD'.length);
  return { file, day, tests: [...results.values()], problems: [...problems, ...late], unreached, seconds };
}

interface AvaRun {
  readonly output: string;
  readonly ended: 'itself' | 'killed';
}

async function runAva(
  { testPackage, temporaryFolder, logFolder }: Place,
  file: string,
  args: readonly string[],
  limitMs: number,
  logName: string,
): Promise<AvaRun> {
  const log = createWriteStream(`${logFolder}/${logName}`);
  // By its own starter: it sets the paths on which the SDK's packages find each other. The Node.js is ours.
  const child = spawn('node_modules/.bin/ava', ['--tap', ...args, `lib/${file}.js`], {
    cwd: testPackage,
    env: {
      ...process.env,
      PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH']}`,
      TMPDIR: temporaryFolder,
      RUN_INTEGRATION_TESTS: 'true',
      REUSE_V8_CONTEXT: 'true',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let ended: AvaRun['ended'] = 'itself';
  const endGroup = (): void => killGroup(child.pid);
  const giveUp = (): void => {
    ended = 'killed';
    endGroup();
  };
  process.once('exit', endGroup);
  const timers = [setTimeout(giveUp, limitMs)];
  const decoder = new TextDecoder();
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += decoder.decode(chunk, { stream: true });
    if (timers.length === 1 && output.includes(INACTIVE)) timers.push(setTimeout(giveUp, GRACE_MS));
    log.write(chunk);
  });
  child.stderr.on('data', (chunk: Buffer) => log.write(chunk));
  await once(child, 'exit');
  // What the tests have started and left behind ends now, which also closes their ends of the pipes.
  endGroup();
  if (!child.stdout.readableEnded) await once(child.stdout, 'close');
  process.off('exit', endGroup);
  for (const timer of timers) clearTimeout(timer);
  log.end();
  await finished(log);
  return { output, ended };
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // Nobody of the group is left.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** Matches this title alone; AVA reads asterisks and a leading exclamation mark. */
function pattern(title: string): string {
  return title.replaceAll('\\', '\\\\').replaceAll('*', '\\*').replace(/^!/, '\\!');
}
