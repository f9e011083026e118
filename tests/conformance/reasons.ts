// Why tests of the SDK fail here, written by hand. A failing test that nothing here explains is shown as "unexplained".

export interface Reason {
  /** Matches the name of the test file. */
  readonly file: RegExp;
  /** Matches the title of a test; left out: everything in the file. */
  readonly test?: RegExp;
  readonly why: string;
}

export const UNEXPLAINED = 'unexplained';

const TIME_SKIPPING = 'Needs the time-skipping test server, another program that the SDK downloads.';
const NEXUS = 'Nexus is not built.';
const STANDALONE_ACTIVITIES = 'Activities without a workflow are not built.';
const VERSIONING = 'Worker versioning is not built.';

/** The first that matches counts. */
export const REASONS: readonly Reason[] = [
  { file: /^test-nexus-/, why: NEXUS },
  { file: /^test-workflow-nexus-cancellation$/, why: NEXUS },
  { file: /^test-integration-extstore-nexus$/, why: NEXUS },
  { file: /^test-standalone-activities$/, why: STANDALONE_ACTIVITIES },
  { file: /^test-async-completion$/, test: /^Standalone activity/, why: STANDALONE_ACTIVITIES },
  { file: /^test-worker-versioning$/, why: VERSIONING },
  { file: /^test-worker-deployment-versioning$/, why: VERSIONING },
  { file: /^test-ephemeral-server$/, test: /test server/, why: TIME_SKIPPING },
  { file: /^test-testenvironment$/, why: TIME_SKIPPING },
  { file: /^test-integration-replay-and-flags$/, test: /^setTimeout and clearTimeout/, why: TIME_SKIPPING },
];

export function whyItFails(file: string, title: string): string {
  const found = REASONS.find((reason) => reason.file.test(file) && (reason.test?.test(title) ?? true));
  return found?.why ?? UNEXPLAINED;
}
