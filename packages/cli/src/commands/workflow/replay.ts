// `workflow replay`: does the code, as it is now, make the same decisions as histories say it made?
//
// It runs on the user's own SDK: that which the workflow code is written for, found as the code would find it.

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { eventTypeOf } from '@perdure/ui-core';
import type { Message } from '../../client/message.ts';
import type { Context } from '../../context.ts';
import { CommandError, exitCode } from '../../exit.ts';
import type { Column, Output } from '../../output/output.ts';
import type { Kind } from '../../output/style.ts';
import { type Execution, executionOf } from './execution.ts';
import { type HistoryJson, historyFromFile, historyOf } from './history.ts';

const SDK = '@temporalio/worker';
const LIMIT = 100;
/** What only a bundle has in it, which the SDK has made. */
const BUNDLE_MARK = '__TEMPORAL__';

/** Of the SDK, what is used here. */
interface Sdk {
  readonly Runtime: { install(options: object): unknown };
  readonly DefaultLogger: new (level: string, write: (entry: { readonly message: string }) => void) => object;
  bundleWorkflowCode(options: { readonly workflowsPath: string; readonly logger: object }): Promise<object>;
  readonly Worker: {
    runReplayHistories(
      options: object,
      histories: AsyncIterable<{ readonly workflowId: string; readonly history: unknown }>,
    ): AsyncIterable<{ readonly workflowId: string; readonly runId: string; readonly error?: Error }>;
  };
}

export async function replay(context: Context): Promise<number> {
  const { given, out } = context;
  const sources = ['file', 'workflow-id', 'query'].filter((name) => given.has(name));
  if (sources.length !== 1) throw context.wrong('one of --workflow-id, --query and --file says what is replayed');
  const code = resolve(given.text('code'));
  const sdk = await loadSdk(code);
  // Its native part would log to the standard output, between the results.
  const telemetryOptions = { logging: { filter: 'OFF' } };
  sdk.Runtime.install({
    logger: new sdk.DefaultLogger('ERROR', () => undefined),
    telemetryOptions,
    shutdownSignals: [],
  });
  const options = await codeOf(sdk, code);
  const counts = { ok: 0, failed: 0, 'nothing to check': 0 };
  async function* counted() {
    for await (const replayed of replayedBy(sdk, options, historiesOf(context))) {
      counts[replayed.result]++;
      yield replayed;
    }
  }
  await out.list(counted(), columnsOf(out), { isLive: true });
  return exitOf(counts);
}

interface Replayed {
  readonly workflowId: string;
  readonly runId: string;
  readonly replayed: boolean;
  readonly result: 'ok' | 'failed' | 'nothing to check';
  readonly error?: string;
  readonly [key: string]: string | boolean;
}

/** Where no workflow task has completed, the code has not decided anything that it could decide differently now. */
async function* replayedBy(
  sdk: Sdk,
  options: object,
  histories: AsyncIterable<NamedHistory>,
): AsyncGenerator<Replayed> {
  const undecided: Replayed[] = [];
  async function* decided() {
    for await (const { workflowId, runId, history } of histories) {
      if (hasDecided(history)) yield { workflowId, history: asJson(history) };
      else undecided.push({ workflowId, runId, replayed: false, result: 'nothing to check' });
    }
  }
  for await (const { workflowId, runId, error } of sdk.Worker.runReplayHistories(options, decided())) {
    yield* undecided.splice(0);
    const result = error === undefined ? 'ok' : 'failed';
    yield { workflowId, runId, replayed: error === undefined, result, ...(error && { error: error.message }) };
  }
  yield* undecided;
}

function hasDecided({ value }: Message<HistoryJson>): boolean {
  return (value.events ?? []).some(({ eventType }) => eventTypeOf(eventType) === 'WORKFLOW_TASK_COMPLETED');
}

const RESULTS: Readonly<Record<Replayed['result'], readonly [Kind, word: string]>> = {
  ok: ['good', 'ok'],
  failed: ['bad', 'FAILED'],
  'nothing to check': ['faint', 'nothing to check'],
};

function columnsOf(out: Output): Column<Replayed>[] {
  return [
    { name: 'Replay', widthMin: 6, of: ({ result }) => out.paint(...RESULTS[result]) },
    { name: 'WorkflowId', widthMin: 20, of: ({ workflowId }) => workflowId },
    { name: 'RunId', widthMin: 36, of: ({ runId }) => runId },
    { name: 'Problem', of: ({ error }) => error },
  ];
}

/** Whoever releases on this must not take it for checked what was not. @throws {CommandError} */
function exitOf(counts: Readonly<Record<Replayed['result'], number>>): number {
  const { ok, failed, 'nothing to check': undecided } = counts;
  if (failed > 0) {
    const count = ok + failed;
    throw new CommandError(`${failed} of ${count} histories cannot be replayed by this code`, exitCode.WORKFLOW_FAILED);
  }
  if (ok > 0) return exitCode.OK;
  const why = undecided === 0 ? 'no execution matches' : 'no workflow task has been completed yet';
  throw new CommandError(`nothing was replayed: ${why}`, exitCode.NOT_FOUND);
}

/** The module of workflows, or what the SDK has made of it. */
async function codeOf(sdk: Sdk, code: string): Promise<object> {
  const text = await readFile(code, 'utf8');
  if (text.includes(BUNDLE_MARK)) return { workflowBundle: { code: text } };
  const problems: string[] = [];
  const logger = new sdk.DefaultLogger('ERROR', ({ message }) => problems.push(message));
  try {
    return { workflowBundle: await sdk.bundleWorkflowCode({ workflowsPath: code, logger }) };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new CommandError(`${code} cannot be bundled:\n${problems.join('\n') || error.message}`, exitCode.FAILED);
  }
}

async function loadSdk(code: string): Promise<Sdk> {
  for (const from of [code, join(process.cwd(), 'x')]) {
    const path = tryResolve(from);
    if (path !== undefined) return (await import(pathToFileURL(path).href)) as Sdk;
  }
  throw new CommandError(
    `replaying needs the SDK that the code is written for: ${SDK} is installed neither where ${code} is nor here. Install it with npm install ${SDK}`,
    exitCode.FAILED,
  );
}

function tryResolve(from: string): string | undefined {
  try {
    return createRequire(from).resolve(SDK);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

interface NamedHistory {
  readonly workflowId: string;
  /** Empty: an exported history does not say it. */
  readonly runId: string;
  readonly history: Message<HistoryJson>;
}

async function* historiesOf(context: Context): AsyncGenerator<NamedHistory> {
  const { given, terminal } = context;
  for (const file of given.all('file')) {
    const history = await historyFromFile(file, terminal.stdin);
    const { workflowId = basename(file), originalExecutionRunId: runId = '' } = startOf(history);
    yield { workflowId, runId, history };
  }
  if (given.has('file')) return;
  const client = await context.client();
  for await (const execution of executionsOf(context)) {
    const history = await historyOf(client, execution);
    const runId = execution.runId ?? startOf(history).originalExecutionRunId ?? '';
    yield { workflowId: execution.workflowId, runId, history };
  }
}

/** The one that is named, or the first of the filter. */
async function* executionsOf(context: Context): AsyncGenerator<Execution> {
  const { given, terminal } = context;
  if (!given.has('query')) {
    yield executionOf(context);
    return;
  }
  const client = await context.client();
  const limit = given.number('limit') ?? LIMIT;
  let count = 0;
  const request = { namespace: client.namespace, query: given.last('query') };
  for await (const page of client.pages('ListWorkflowExecutions', request)) {
    for (const { value } of page.items<{ execution?: Execution }>('executions')) {
      if (limit > 0 && count++ === limit) {
        terminal.stderr.write(`Only the latest ${limit} executions were replayed: --limit 0 replays all.\n`);
        return;
      }
      if (value.execution !== undefined) yield value.execution;
    }
  }
}

interface StartAttributes {
  readonly workflowId?: string;
  readonly originalExecutionRunId?: string;
}

function startOf({ value }: Message<HistoryJson>): StartAttributes {
  return value.events?.[0]?.workflowExecutionStartedEventAttributes ?? {};
}

/** As the SDK reads exported histories. */
function asJson({ value }: Message<HistoryJson>): unknown {
  return value;
}
