// Writes docs/conformance.md: totals, reasons, one line per test file, and each test that fails.

import { SDK_VERSION } from './checkout.ts';
import { type FileEntry, failedTests, type Page, totals } from './page.ts';

export function report(page: Page): string {
  const { files } = page;
  return `${[
    '# Conformance with the TypeScript SDK',
    introduction(page),
    '## Why tests fail',
    reasons(files),
    '## Test files',
    table(
      ['File', 'Passed', 'Failed', 'Skipped', 'Run on'],
      files.map((entry) => {
        const { file, passed, skipped, day } = entry;
        return [file, String(passed), String(failedTests(entry)), String(skipped), day];
      }),
    ),
    '## Tests that fail',
    ...files.filter(({ failures }) => failures.length > 0).map(failing),
  ].join('\n\n')}\n`;
}

function introduction({ files, alone, isComplete }: Page): string {
  const { passed, failed, skipped } = totals(files);
  const secondTry =
    alone === 0
      ? ''
      : ` ${isComplete ? '' : 'Up to '}${alone} of those that passed did so alone, after they had failed together with the others.`;
  return [
    `The test package of the official TypeScript SDK (\`packages/test\` at version ${SDK_VERSION}, unchanged) runs against this`,
    'server, which stands in for the `temporal` executable that the SDK would download, and for the server that some tests',
    'expect at port 7233. Many of the tests never meet a server; they are counted all the same. A test that the SDK itself',
    'skips, or has only announced, counts as skipped. Two files pass without testing anything: `test-temporal-cloud` has no',
    'account, and `test-worker-versioning` gives up when a server says that versioning is not implemented.',
    '',
    `**${passed} passed, ${failed} failed, ${skipped} skipped**, in ${files.length} files.${secondTry}`,
    '',
    'This page is written by `npm run conformance`, with the reasons from `tests/conformance/reasons.ts`. The run needs git,',
    'npm, about 1.5 GB in the cache folder, and most of an hour. A run of some files (`--only`) replaces what the page says of',
    'these alone: the last column of the table tells when each file ran, against the server of that day.',
  ].join('\n');
}

function reasons(files: readonly FileEntry[]): string {
  const counts = new Map<string, number>();
  for (const { why, tests } of files.flatMap(({ failures }) => failures))
    counts.set(why, (counts.get(why) ?? 0) + tests);
  const rows = [...counts].toSorted(([, a], [, b]) => b - a).map(([why, times]) => [why, String(times)]);
  return table(['Reason', 'Tests'], rows);
}

function failing({ file, failures }: FileEntry): string {
  const lines = failures.map(
    ({ title, why, tests }) => `- ${inline(title)}${tests > 1 ? ` (${tests} tests)` : ''}: ${why}`,
  );
  return [`### ${file}`, '', ...lines].join('\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, at) => (at === 0 ? '---' : '--:'))), ...rows.map(line)].join('\n');
}

function inline(title: string): string {
  return `\`${title.replaceAll('`', "'").trim()}\``;
}
