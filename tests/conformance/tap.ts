// Reads what the test runner of the SDK (AVA) prints as TAP. A line `not ok` can be a test, a hook, or something that
// was thrown outside of any test: the latter are told apart by their titles, and kept as problems of the file.

export type Outcome = 'passed' | 'failed' | 'skipped';

export interface TestResult {
  readonly title: string;
  readonly outcome: Outcome;
  /** What the runner said about a failure; empty for the others. */
  readonly diagnosis: string;
  /** It failed together with the others; this is how it did alone. */
  readonly again?: boolean;
}

export interface TapResult {
  readonly tests: readonly TestResult[];
  /** Uncaught errors and failed hooks of the whole file. */
  readonly problems: readonly string[];
  /** Tests that were never begun, for example because a hook failed; their titles are not printed. */
  readonly unreached: number;
}

/** Said for each test that was still to come, or running, when nothing happened for too long. */
export const INACTIVE = 'Exited because no new tests completed';
/** The directive says that a test was skipped, or has only been announced. */
const RESULT_LINE = /^(ok|not ok) \d+ - (.*?)(?: # ([A-Z]{4}))?$/;
const NOT_A_TEST =
  /^No tests found in | exited with a non-zero exit code| exited due to |^(before|after)(\.always)? hook$/;
const HOOK_OF_A_TEST = /^(?:before|after)Each(?:\.always)? hook for /;
const REMAINING = /^# (\d+) tests? remaining in /;

export function parseTap(output: string): TapResult {
  const tests = new Map<string, TestResult>();
  const problems: string[] = [];
  let unreached = 0;
  const lines = output.split('\n');
  for (const [at, line] of lines.entries()) {
    unreached += Number(REMAINING.exec(line)?.[1] ?? 0);
    const [, status, name = '', directive] = RESULT_LINE.exec(line) ?? [];
    if (status === undefined) continue;
    const title = name.replace(HOOK_OF_A_TEST, '');
    const outcome = directive === undefined ? (status === 'ok' ? 'passed' : 'failed') : 'skipped';
    const diagnosis = outcome === 'failed' ? diagnosisAfter(lines, at) : '';
    if (outcome === 'failed' && isNoTest(title, diagnosis)) problems.push(`${title}\n${diagnosis}`);
    else if (worse(outcome, tests.get(title)?.outcome)) tests.set(title, { title, outcome, diagnosis });
  }
  return { tests: [...tests.values()], problems, unreached };
}

/** A test that hung is reported again when it is torn down: the first report stays, unless it was better. */
function worse(outcome: Outcome, known: Outcome | undefined): boolean {
  return known === undefined || (outcome === 'failed' && known !== 'failed');
}

/** An error outside of tests is reported under its own name and message. */
function isNoTest(title: string, diagnosis: string): boolean {
  if (NOT_A_TEST.test(title)) return true;
  const name = /^name: (\w+)/m.exec(diagnosis)?.[1];
  return name !== undefined && name !== 'AssertionError' && title.startsWith(`${name}: `);
}

function diagnosisAfter(lines: readonly string[], at: number): string {
  if (lines[at + 1]?.trim() !== '---') return '';
  const end = lines.indexOf('  ...', at + 1);
  const block = lines.slice(at + 2, end === -1 ? undefined : end);
  return block.map((line) => line.replace(/^ {4}/, '')).join('\n');
}
