// Writes docs/conformance.md from the results: totals, reasons, one line per test file, and each test that fails.

import { SDK_VERSION } from './checkout.ts';
import { whyItFails } from './reasons.ts';
import type { FileResult } from './run-file.ts';
import type { Outcome } from './tap.ts';

export function report(results: readonly FileResult[]): string {
  const files = results.toSorted((a, b) => a.file.localeCompare(b.file));
  return `${[
    '# Conformance with the TypeScript SDK',
    introduction(files),
    '## Why tests fail',
    reasons(files),
    '## Test files',
    table(
      ['File', 'Passed', 'Failed', 'Skipped'],
      files.map((result) => [
        result.file,
        String(count(result, 'passed')),
        String(failedTests(result)),
        String(count(result, 'skipped')),
      ]),
    ),
    '## Tests that fail',
    ...files.filter((result) => failures(result).length > 0).map(failing),
  ].join('\n\n')}\n`;
}

export interface Totals {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export function totals(results: readonly FileResult[]): Totals {
  return {
    passed: sum(results, (result) => count(result, 'passed')),
    failed: sum(results, failedTests),
    skipped: sum(results, (result) => count(result, 'skipped')),
  };
}

interface Failure {
  readonly title: string;
  readonly why: string;
  readonly tests: number;
}

/** A file in which something went wrong outside of every test counts as one failure more, if no test shows it. */
function failures({ file, tests, problems, unreached }: FileResult): Failure[] {
  const titles = tests.filter(({ outcome }) => outcome === 'failed').map(({ title }) => title);
  const found = titles.map((title) => ({ title, why: whyItFails(file, title), tests: 1 }));
  const [problem = 'not reached'] = problems.map((text) => text.split('\n')[0] ?? '');
  const isUnseen = unreached > 0 || (titles.length === 0 && problems.length > 0);
  return isUnseen
    ? [...found, { title: problem, why: whyItFails(file, problem), tests: Math.max(unreached, 1) }]
    : found;
}

function failedTests(result: FileResult): number {
  return sum(failures(result), ({ tests }) => tests);
}

function count({ tests }: FileResult, outcome: Outcome): number {
  return tests.filter((test) => test.outcome === outcome).length;
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}

function introduction(results: readonly FileResult[]): string {
  const { passed, failed, skipped } = totals(results);
  const again = sum(results, ({ tests }) => tests.filter((test) => test.again && test.outcome === 'passed').length);
  const secondTry =
    again === 0 ? '' : ` ${again} of those that passed did so alone, after they had failed together with the others.`;
  return [
    `The test package of the official TypeScript SDK (\`packages/test\` at version ${SDK_VERSION}, unchanged) runs against this`,
    'server, which stands in for the `temporal` executable that the SDK would download, and for the server that some tests',
    'expect at port 7233. Many of the tests never meet a server; they are counted all the same. A test that the SDK itself',
    'skips, or has only announced, counts as skipped. Two files pass without testing anything: `test-temporal-cloud` has no',
    'account, and `test-worker-versioning` gives up when a server says that versioning is not implemented.',
    '',
    `**${passed} passed, ${failed} failed, ${skipped} skipped**, in ${results.length} files.${secondTry}`,
    '',
    'This page is written by `npm run conformance`, with the reasons from `tests/conformance/reasons.ts`. The run needs git,',
    'npm, about 1.5 GB in the cache folder, and most of an hour.',
  ].join('\n');
}

function reasons(results: readonly FileResult[]): string {
  const counts = new Map<string, number>();
  for (const { why, tests } of results.flatMap(failures)) counts.set(why, (counts.get(why) ?? 0) + tests);
  const rows = [...counts].toSorted(([, a], [, b]) => b - a).map(([why, times]) => [why, String(times)]);
  return table(['Reason', 'Tests'], rows);
}

function failing(result: FileResult): string {
  const lines = failures(result).map(
    ({ title, why, tests }) => `- ${inline(title)}${tests > 1 ? ` (${tests} tests)` : ''}: ${why}`,
  );
  return [`### ${result.file}`, '', ...lines].join('\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, at) => (at === 0 ? '---' : '--:'))), ...rows.map(line)].join('\n');
}

function inline(title: string): string {
  return `\`${title.replaceAll('`', "'").trim()}\``;
}
