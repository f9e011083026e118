import assert from 'node:assert/strict';
import { it } from 'node:test';
import { UNEXPLAINED } from './reasons.ts';
import { report, totals } from './report.ts';
import type { FileResult } from './run-file.ts';
import type { Outcome } from './tap.ts';

function fileResult(
  file: string,
  tests: Readonly<Record<string, Outcome>>,
  problems: string[] = [],
  unreached = 0,
): FileResult {
  const results = Object.entries(tests).map(([title, outcome]) => ({ title, outcome, diagnosis: '' }));
  return { file, tests: results, problems, unreached, seconds: 1 };
}

const RESULTS = [
  fileResult('test-nexus-handler', { 'handles `all`': 'failed', 'needs no server': 'passed' }),
  fileResult('test-a', { adds: 'failed', multiplies: 'passed', 'is planned': 'skipped' }),
  fileResult('test-b', {}, ['lib/test-b.js exited due to SIGABRT\nmore of it']),
  fileResult('test-c', { adds: 'failed' }, ['before hook'], 12),
];

it('adds up all files; one that broke down without a failing test counts as a failure', () => {
  assert.deepEqual(totals(RESULTS), { passed: 2, failed: 16, skipped: 1 });
});

it('lists each failing test with its reason, or that there is none', () => {
  const text = report(RESULTS);
  assert.match(text, /\*\*2 passed, 16 failed, 1 skipped\*\*, in 4 files\./);
  assert.match(text, /^\| test-a \| 1 \| 1 \| 1 \|$/m);
  assert.match(text, /^- `handles 'all'`: Nexus is not built\.$/m);
  assert.match(text, new RegExp(`^- \`adds\`: ${UNEXPLAINED}$`, 'm'));
  assert.match(text, /^- `lib\/test-b\.js exited due to SIGABRT`: /m);
  assert.match(text, new RegExp(`^\\| ${UNEXPLAINED} \\| 15 \\|$`, 'm'));
  assert.match(text, /^- `before hook` \(12 tests\): /m);
});

it('says how many tests passed only alone', () => {
  const flaky = { title: 'sleeps', outcome: 'passed', diagnosis: '', again: true } as const;
  const text = report([{ ...fileResult('test-a', {}), tests: [flaky] }]);
  assert.match(text, /\*\*1 passed, 0 failed, 0 skipped\*\*, in 1 files\. 1 of those that passed did so alone/);
});
