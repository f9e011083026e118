import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SDK_VERSION } from './checkout.ts';
import { entryOf, pageOf, parsePage, replaceFiles, totals } from './page.ts';
import { UNEXPLAINED } from './reasons.ts';
import { report } from './report.ts';
import type { FileResult } from './run-file.ts';
import type { Outcome, TestResult } from './tap.ts';

const FIRST_DAY = '2026-01-31';
const SECOND_DAY = '2026-02-01';

function fileResult(
  file: string,
  tests: Readonly<Record<string, Outcome>>,
  problems: string[] = [],
  unreached = 0,
): FileResult {
  const results = Object.entries(tests).map(([title, outcome]) => ({ title, outcome, diagnosis: '' }));
  return { file, day: FIRST_DAY, tests: results, problems, unreached, seconds: 1 };
}

function passed(title: string): TestResult {
  return { title, outcome: 'passed', diagnosis: '' };
}

const RESULTS = [
  fileResult('test-nexus-handler', { 'handles `all`': 'failed', 'needs no server': 'passed' }),
  fileResult('test-a', { adds: 'failed', multiplies: 'passed', 'is planned': 'skipped' }),
  fileResult('test-b', {}, ['lib/test-b.js exited due to SIGABRT\nmore of it']),
  fileResult('test-c', { adds: 'failed' }, ['before hook'], 12),
];

it('adds up all files; one that broke down without a failing test counts as a failure', () => {
  assert.deepEqual(totals(RESULTS.map(entryOf)), { passed: 2, failed: 16, skipped: 1 });
});

it('lists each failing test with its reason, or that there is none', () => {
  const text = report(pageOf(RESULTS));
  assert.match(text, /\*\*2 passed, 16 failed, 1 skipped\*\*, in 4 files\./);
  assert.match(text, /^\| test-a \| 1 \| 1 \| 1 \| 2026-01-31 \|$/m);
  assert.match(text, /^- `handles 'all'`: Nexus is not built\.$/m);
  assert.match(text, new RegExp(`^- \`adds\`: ${UNEXPLAINED}$`, 'm'));
  assert.match(text, /^- `lib\/test-b\.js exited due to SIGABRT`: /m);
  assert.match(text, new RegExp(`^\\| ${UNEXPLAINED} \\| 15 \\|$`, 'm'));
  assert.match(text, /^- `before hook` \(12 tests\): /m);
});

const FLAKY = { ...fileResult('test-a', {}), tests: [{ ...passed('sleeps'), again: true }] };

it('says how many tests passed only alone', () => {
  const text = report(pageOf([FLAKY]));
  assert.match(text, /\*\*1 passed, 0 failed, 0 skipped\*\*, in 1 files\. 1 of those that passed did so alone/);
});

describe('a run of some files', () => {
  const whole = pageOf(RESULTS);
  const newer = { ...fileResult('test-c', { adds: 'passed', divides: 'failed' }), day: SECOND_DAY };

  it('replaces what the page says of them, and leaves the others', () => {
    const others = RESULTS.filter(({ file }) => file !== 'test-c');
    const expected = { ...pageOf([...others, newer]), isComplete: false };
    const replaced = replaceFiles(parsePage(report(whole)), [newer]);
    assert.equal(report(replaced), report(expected));
    assert.deepEqual(totals(replaced.files), { passed: 3, failed: 4, skipped: 1 });
    assert.match(report(replaced), /^\| test-c \| 1 \| 1 \| 0 \| 2026-02-01 \|$/m);
  });

  it('adds files that the page does not have', () => {
    const added = fileResult('test-d', { adds: 'passed' });
    assert.equal(
      report(replaceFiles(parsePage(report(whole)), [added])),
      report({ ...pageOf([...RESULTS, added]), isComplete: false }),
    );
  });

  it('changes nothing where the page has something newer', () => {
    const page = parsePage(report(pageOf([newer])));
    assert.deepEqual(replaceFiles(page, RESULTS.slice(-1)), page);
  });

  it('leaves open which of the tests that passed alone are among the replaced', () => {
    const page = replaceFiles(parsePage(report(pageOf([FLAKY]))), [newer]);
    assert.match(report(page), /in 2 files\. Up to 1 of those that passed did so alone/);
    assert.equal(report(parsePage(report(page))), report(page));
    assert.equal(replaceFiles(page, [{ ...FLAKY, day: SECOND_DAY }]).alone, 2);
  });

  it('does not mix with the page of another version of the SDK', () => {
    const other = report(whole).replace(SDK_VERSION, '1.0.0');
    assert.throws(() => parsePage(other), /the page is of version 1\.0\.0: it takes a complete run/);
  });
});
