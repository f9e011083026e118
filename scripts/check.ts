// `npm run check`: every static check of the repository, side by side, one line each, full output of those that fail.
//
// Each check is a maintained tool run as its own process; this file only knows how they are called.
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

interface Check {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

interface Outcome {
  readonly check: Check;
  readonly passed: boolean;
  readonly output: string;
  readonly durationMs: number;
}

const ROOT = fileURLToPath(new URL('..', import.meta.url));

const CHECKS: readonly Check[] = [
  { name: 'format', command: 'biome', args: ['check', '--error-on-warnings', '.'] },
  { name: 'lint', command: 'oxlint', args: ['--type-aware', '--deny-warnings', '--report-unused-disable-directives'] },
  { name: 'types', command: 'tsc', args: ['-p', '.'] },
  { name: 'ui types', command: 'tsc', args: ['-p', 'packages/ui'] },
  { name: 'dead code', command: 'knip', args: [] },
  { name: 'tidy', command: 'node', args: ['--test', 'tests/tidy.test.ts'] },
];

async function run(check: Check): Promise<Outcome> {
  const startedMs = performance.now();
  // npm has put node_modules/.bin first in PATH.
  const child = spawn(check.command, check.args, {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
  return { check, passed: code === 0, output: stdout + stderr, durationMs: performance.now() - startedMs };
}

const outcomes = await Promise.all(CHECKS.map(run));
for (const { check, passed, output, durationMs } of outcomes) {
  if (!passed) process.stdout.write(`\n--- ${check.name} ---\n${output.trimEnd()}\n\n`);
  process.stdout.write(
    `${passed ? 'ok    ' : 'FAILED'} ${check.name.padEnd(10)} ${(durationMs / 1000).toFixed(1)} s\n`,
  );
}
const failed = outcomes.filter((outcome) => !outcome.passed).length;
process.stdout.write(`${outcomes.length - failed} checks passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
