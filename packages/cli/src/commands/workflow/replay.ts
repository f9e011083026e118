// `workflow replay`: does the code, as it is now, make the same decisions as histories say it made?
//
// It runs on the user's own SDK: that which the workflow code is written for, found as the code would find it.

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Message } from '../../client/message.ts';
import type { Context } from '../../context.ts';
import { CommandError, exitCode } from '../../exit.ts';
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
  const { given, out, terminal } = context;
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
  let failed = 0;
  async function* results() {
    for await (const { workflowId, runId, error } of sdk.Worker.runReplayHistories(options, historiesOf(context))) {
      if (error !== undefined) failed++;
      yield { workflowId, runId, replayed: error === undefined, ...(error && { error: error.message }) };
    }
  }
  const count = await out.list(
    results(),
    [
      {
        name: 'Replay',
        widthMin: 6,
        of: ({ replayed }) => out.paint(replayed ? 'good' : 'bad', replayed ? 'ok' : 'FAILED'),
      },
      { name: 'WorkflowId', widthMin: 20, of: ({ workflowId }) => workflowId },
      { name: 'RunId', widthMin: 36, of: ({ runId }) => runId },
      { name: 'Problem', of: ({ error }) => error },
    ],
    { isLive: true },
  );
  if (count === 0) terminal.stderr.write('Nothing was replayed: no execution matches.\n');
  if (failed === 0) return exitCode.OK;
  throw new CommandError(`${failed} of ${count} histories cannot be replayed by this code`, exitCode.WORKFLOW_FAILED);
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

async function* historiesOf(context: Context) {
  const { given, terminal } = context;
  for (const file of given.all('file')) {
    const history = await historyFromFile(file, terminal.stdin);
    if ((history.value.events ?? []).length === 0) {
      throw new CommandError(`${file} is not a history: it has no events`, exitCode.FAILED);
    }
    yield { workflowId: workflowIdOf(history) ?? basename(file), history: asJson(history) };
  }
  if (given.has('file')) return;
  const client = await context.client();
  for await (const execution of executionsOf(context)) {
    yield { workflowId: execution.workflowId, history: asJson(await historyOf(client, execution)) };
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

function workflowIdOf({ value }: Message<HistoryJson>): string | undefined {
  return value.events?.[0]?.workflowExecutionStartedEventAttributes?.workflowId;
}

/** As the SDK reads exported histories. */
function asJson({ value }: Message<HistoryJson>): unknown {
  return value;
}
