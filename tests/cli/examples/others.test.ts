// Every example of the commands but those of workflow.test.ts, typed into a shell in the order of the help. No worker is there.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { atEnd, NAMESPACE, TestServer } from '../../e2e/harness.ts';
import { RawClient } from '../../e2e/raw.ts';
import { assertAbsent, isAbsent, unknownEntries } from './absent.ts';
import { allExamples, type Example, isByWorker, shellFor, succeeded } from './shell.ts';

const examples = await allExamples();
let address: string;
let raw: RawClient;
let shell: ReturnType<typeof shellFor>;
before(async () => {
  const server = await TestServer.start();
  atEnd(() => server.dispose());
  ({ address } = server);
  raw = new RawClient(address);
  atEnd(async () => raw.close());
  shell = shellFor(address);
  for (const folder of ['temporalio', 'fish/completions'])
    mkdirSync(join(shell.folder, '.config', folder), { recursive: true });
});

/** Examples that want more than those before them have made. */
const SCENES: Readonly<Record<string, () => void | Promise<void>>> = {
  'config get': writeProfiles,
  'config delete': writeProfiles,
  'config doctor': writeProfiles,
  'env get': writeEnvironments,
};

/** Examples that are not over with a line that ends by itself. */
const ACTS: Readonly<Record<string, (line: string) => Promise<void>>> = {
  mcp: actAsAgent,
  'batch describe': describeBatch,
  'server start-dev': startServer,
  ui: showPage,
  'completion bash': completeIn('bash'),
  'completion zsh': completeIn('zsh'),
  'completion pwsh': completeIn('pwsh'),
};

async function startSlowBatch(): Promise<void> {
  const execution = { namespace: NAMESPACE, workflowType: { name: 'Order' }, taskQueue: { name: 'orders' } };
  for (const workflowId of ['OrderId', 'OtherOrderId'])
    await raw.workflow.startWorkflowExecution({ ...execution, workflowId, requestId: workflowId });
  await raw.workflow.startBatchOperation({
    namespace: NAMESPACE,
    jobId: 'JobId',
    reason: 'test',
    visibilityQuery: "WorkflowType = 'Order'",
    signalOperation: { signal: 'approve' },
    maxOperationsPerSecond: 0.01,
  });
}

/** The job takes too long to be followed to its end. */
async function describeBatch(line: string): Promise<void> {
  if (!line.includes('--follow')) {
    await startSlowBatch();
    return succeeded(await shell.typed(line), line);
  }
  const running = shell.start(line);
  assert.match(await running.firstOutput(), /State +Progress/);
  running.interrupt();
  assert.equal((await running.ended).exitCode, 130);
}

function writeProfiles(): void {
  const profile = (name: string) => `[profile.${name}]\naddress = "${address}"\n`;
  const text = `${profile('default')}${profile('prod')}[profile.prod.tls]\ndisabled = true\nserver_name = "perdure.test"\n`;
  writeFileSync(join(shell.folder, '.config', 'temporalio', 'temporal.toml'), text);
}

function writeEnvironments(): void {
  const text = `env:\n  prod:\n    address: ${address}\n    tls-cert-path: cert.pem\n`;
  writeFileSync(join(shell.folder, '.config', 'temporalio', 'temporal.yaml'), text);
}

/** Ports that examples name may be in use here. */
function onFreePort(line: string): string {
  return line.includes('--port') ? line.replace(/--port \d+/, '--port 0') : `${line} --port 0`;
}

/** An agent that says nothing; over HTTP, one that asks what there is. */
async function actAsAgent(line: string): Promise<void> {
  if (!line.includes('--http')) return succeeded(await shell.typed(line), line);
  const running = shell.start(onFreePort(line));
  const [url = ''] = /http:\S+/.exec(await running.firstOutput()) ?? [];
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
  const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
  const said = await (await fetch(url, { method: 'POST', headers, body })).text();
  assert.match(said, /"workflow_list"/);
  assert.doesNotMatch(said, /"workflow_terminate"/);
  running.interrupt();
  succeeded(await running.ended, line);
}

async function startServer(line: string): Promise<void> {
  const running = shell.start(onFreePort(line));
  const [started = ''] = /127\.0\.0\.1:\d+/.exec(await running.firstOutput()) ?? [];
  const client = new RawClient(started);
  await client.untilServing(Date.now() + 10_000);
  const namespaces = [...line.matchAll(/ -n (\w+)/g)].map(([, name = '']) => name);
  for (const namespace of namespaces) await client.workflow.describeNamespace({ namespace });
  client.close();
  running.interrupt();
  succeeded(await running.ended, line);
}

/** A page, whether or not it is built here; the server that it would show need not be there. */
async function showPage(line: string): Promise<void> {
  const running = shell.start(`${line.replace(/ --ui-port \d+/, '')} --ui-port 0`);
  const [url = ''] = /http:\S+/.exec(await running.firstOutput()) ?? [];
  assert.match(await (await fetch(url)).text(), /^<!doctype html>/i);
  running.interrupt();
  succeeded(await running.ended, line);
}

/** In the shell itself where the machine has it; elsewhere what the shell would be given. */
function completeIn(name: string) {
  return async (line: string): Promise<void> => {
    const isThere = execFileSync('/bin/sh', ['-c', `command -v ${name} || true`], { encoding: 'utf8' }) !== '';
    const inner = /perdure completion \w+/.exec(line)?.[0] ?? '';
    // What completes is an addition to the shell's own, which zsh has to be asked for.
    const own = name === 'zsh' ? 'autoload -U compinit; compinit -u; ' : '';
    succeeded(await shell.typed(isThere ? own + line : inner, isThere ? { shell: name } : {}), line);
  };
}

async function assertRuns({ command, line }: Example): Promise<void> {
  await SCENES[command]?.();
  const act = ACTS[command];
  if (act) await act(line);
  else succeeded(await shell.typed(line), line);
}

for (const example of examples.filter(({ command }) => !isByWorker(command))) {
  test(example.line, () => (isAbsent(example.command) ? assertAbsent(example, shell) : assertRuns(example)));
}

test('what this server does not have is named by commands that there are', () => {
  assert.deepEqual(unknownEntries(examples), []);
});
