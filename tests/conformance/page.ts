// What docs/conformance.md says of each test file: made of results, or read back from the page, so that a run of a few
// files replaces their parts and leaves the others as they were.

import { SDK_VERSION } from './checkout.ts';
import { whyItFails } from './reasons.ts';
import type { FileResult } from './run-file.ts';
import type { Outcome } from './tap.ts';

export interface Page {
  /** By name. */
  readonly files: readonly FileEntry[];
  /** How many tests passed alone only; the page does not say in which files, and so they stay when files are replaced. */
  readonly alone: number;
  /** All files are of one run. */
  readonly isComplete: boolean;
}

export interface FileEntry {
  readonly file: string;
  readonly day: string;
  readonly passed: number;
  readonly skipped: number;
  readonly failures: readonly Failure[];
}

export interface Failure {
  readonly title: string;
  readonly why: string;
  readonly tests: number;
}

export interface Totals {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const VERSION = /at version (\S+?),/;
const ALONE = /(\d+) of those that passed did so alone/;
const FILE_ROW = /^\| (test-\S+) \| (\d+) \| \d+ \| (\d+) \| ([\d-]+) \|$/;
const FILE_HEADING = /^### (\S+)$/;
const FAILURE = /^- `(.*)`(?: \((\d+) tests\))?: /;

export function pageOf(results: readonly FileResult[]): Page {
  return { files: byName(results.map(entryOf)), alone: aloneIn(results), isComplete: true };
}

/** @throws {Error} the page is of another version of the SDK, whose files these results do not belong to */
export function parsePage(text: string): Page {
  const version = VERSION.exec(text)?.[1];
  if (version !== SDK_VERSION) throw new Error(`the page is of version ${version}: it takes a complete run`);
  const lines = text.split('\n');
  const failures = parseFailures(lines);
  const files = lines.flatMap((line): FileEntry[] => {
    const [, file, passed, skipped, day] = FILE_ROW.exec(line) ?? [];
    if (file === undefined || day === undefined) return [];
    return [{ file, day, passed: Number(passed), skipped: Number(skipped), failures: failures.get(file) ?? [] }];
  });
  return { files: byName(files), alone: Number(ALONE.exec(text)?.[1] ?? 0), isComplete: false };
}

/** A file stays as it is where the page has something newer of it. */
export function replaceFiles({ files, alone }: Page, results: readonly FileResult[]): Page {
  const known = new Map(files.map((entry) => [entry.file, entry]));
  const newer = results.filter(({ file, day }) => day >= (known.get(file)?.day ?? ''));
  for (const result of newer) known.set(result.file, entryOf(result));
  return { files: byName([...known.values()]), alone: alone + aloneIn(newer), isComplete: false };
}

export function totals(files: readonly FileEntry[]): Totals {
  return {
    passed: sum(files, ({ passed }) => passed),
    failed: sum(files, failedTests),
    skipped: sum(files, ({ skipped }) => skipped),
  };
}

export function failedTests({ failures }: FileEntry): number {
  return sum(failures, ({ tests }) => tests);
}

export function entryOf(result: FileResult): FileEntry {
  const { file, day } = result;
  return {
    file,
    day,
    passed: count(result, 'passed'),
    skipped: count(result, 'skipped'),
    failures: failuresOf(result),
  };
}

/** A file in which something went wrong outside of every test counts as one failure more, if no test shows it. */
function failuresOf({ file, tests, problems, unreached }: FileResult): Failure[] {
  const titles = tests.filter(({ outcome }) => outcome === 'failed').map(({ title }) => title);
  const found = titles.map((title) => ({ title, why: whyItFails(file, title), tests: 1 }));
  const [problem = 'not reached'] = problems.map((text) => text.split('\n')[0] ?? '');
  const isUnseen = unreached > 0 || (titles.length === 0 && problems.length > 0);
  return isUnseen
    ? [...found, { title: problem, why: whyItFails(file, problem), tests: Math.max(unreached, 1) }]
    : found;
}

/** The reasons are not read: those that are known today count. */
function parseFailures(lines: readonly string[]): Map<string, Failure[]> {
  const failures = new Map<string, Failure[]>();
  let file = '';
  for (const line of lines) {
    file = FILE_HEADING.exec(line)?.[1] ?? file;
    const [, title, tests = '1'] = FAILURE.exec(line) ?? [];
    if (title === undefined) continue;
    failures.set(file, [...(failures.get(file) ?? []), { title, why: whyItFails(file, title), tests: Number(tests) }]);
  }
  return failures;
}

function byName(files: readonly FileEntry[]): FileEntry[] {
  return files.toSorted((a, b) => a.file.localeCompare(b.file));
}

function aloneIn(results: readonly FileResult[]): number {
  return sum(results, ({ tests }) => tests.filter(({ again, outcome }) => again && outcome === 'passed').length);
}

function count({ tests }: FileResult, outcome: Outcome): number {
  return tests.filter((test) => test.outcome === outcome).length;
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
