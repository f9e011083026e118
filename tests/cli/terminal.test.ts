// The command on a terminal: `script` (of every Linux) makes one, and types.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { before, test } from 'node:test';
import { COMPILE_CACHE } from '../compile-cache.ts';
import { completeWorkflow, hand } from '../e2e/hand.ts';
import { sharedServer, unique } from '../e2e/harness.ts';
import { commandOf, MAIN } from './command.ts';

let address: string;
let cli: ReturnType<typeof commandOf>;
before(async () => {
  const server = await sharedServer();
  address = server.address;
  cli = commandOf(server);
});

interface Typed {
  /** When this is on the screen ... */
  readonly at: RegExp;
  /** ... this is typed. */
  readonly text: string;
}

/** What the screen showed, and the exit code. */
async function onTerminal(args: readonly string[], typed: readonly Typed[] = [], env: Record<string, string> = {}) {
  const line = [process.execPath, MAIN, ...args].map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(' ');
  const child = spawn('script', ['--quiet', '--return', '--command', line, '/dev/null'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: {
      ...COMPILE_CACHE,
      PATH: process.env['PATH'],
      HOME: '/nonexistent',
      TERM: 'xterm-256color',
      PERDURE_ADDRESS: address,
      ...env,
    },
  });
  let screen = '';
  const waiting = [...typed];
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    screen += part;
    if (waiting[0]?.at.test(screen) === true) child.stdin.write(waiting.shift()?.text ?? '');
  });
  const [exitCode] = (await once(child, 'close')) as [number];
  return { screen: screen.replaceAll('\r\n', '\n'), exitCode };
}

const MAGENTA = '\u001b[35m';

async function startOne(): Promise<string> {
  const workflowId = unique('terminal');
  await cli.text('workflow', 'start', '--type', 'Order', '--task-queue', workflowId, '--workflow-id', workflowId);
  return workflowId;
}

test('texts are coloured on a terminal, unless it or its user does not want it', async () => {
  const workflowId = await startOne();
  const list = ['workflow', 'list', '--query', `WorkflowId = '${workflowId}'`];
  const coloured = await onTerminal(list);
  assert.equal(coloured.exitCode, 0);
  assert.ok(coloured.screen.includes(MAGENTA), coloured.screen);
  for (const [args, env] of [
    [list, { NO_COLOR: '1' }],
    [list, { TERM: 'dumb' }],
    [[...list, '--color', 'never'], {}],
  ] as [string[], Record<string, string>][]) {
    const { screen } = await onTerminal(args, [], env);
    assert.ok(screen.includes('Running') && !screen.includes('\u001b[3'), JSON.stringify(screen));
  }
  assert.ok((await cli.text(...list, '--color', 'always')).includes(MAGENTA));
});

test('an empty list says so to whoever looks at it, and nothing to programs', async () => {
  const list = ['workflow', 'list', '--query', `WorkflowId = '${unique('nobody')}'`];
  assert.deepEqual(await onTerminal(list), { screen: 'There is none.\n', exitCode: 0 });
  assert.deepEqual(await onTerminal([...list, '-o', 'json']), { screen: '[]\n', exitCode: 0 });
});

test('a batch is asked about, and only a yes starts it', async () => {
  const workflowId = await startOne();
  const args = ['workflow', 'terminate', '--query', `WorkflowId = '${workflowId}'`, '--reason', 'test'];
  const at = /approximately 1 workflow\(s\)\? y\/N /;
  const refused = await onTerminal(args, [{ at, text: 'n\n' }]);
  assert.equal(refused.exitCode, 1);
  assert.match(refused.screen, /Error: not confirmed/);
  const agreed = await onTerminal(args, [{ at, text: 'y\n' }]);
  assert.equal(agreed.exitCode, 0, agreed.screen);
  assert.match(agreed.screen, /Started batch for job ID: \S+/);
});

test('a long list stops at fifty on a terminal, and says so', async () => {
  for (let count = 0; count <= 50; count++) await (await hand()).start();
  const { screen } = await onTerminal(['workflow', 'list']);
  const lines = screen.trimEnd().split('\n');
  assert.equal(lines.pop(), 'There are more: --limit 0 shows all.');
  // And the heading.
  assert.equal(lines.length, 51);
  const limited = await onTerminal(['workflow', 'list', '--limit', '50']);
  assert.doesNotMatch(limited.screen, /There are more/);
  assert.ok((await cli.text('workflow', 'list')).trimEnd().split('\n').length > 51, 'in a pipe, all are listed');
});

test('trace and watch draw until the workflow is closed', async () => {
  const run = await hand();
  await run.start();
  const watched = onTerminal(['workflow', 'watch', run.workflowId, '--interval', '100ms']);
  const traced = onTerminal(['workflow', 'trace', run.workflowId]);
  await run.step(completeWorkflow());
  const [watch, trace] = await Promise.all([watched, traced]);
  assert.deepEqual([watch.exitCode, trace.exitCode], [0, 0], `${watch.screen}\n${trace.screen}`);
  assert.match(watch.screen, /Completed/);
  assert.match(trace.screen, /completed|Completed|✓/);
});

test('Ctrl-C ends what waits, with the exit code of the signal', async () => {
  const workflowId = await startOne();
  const { exitCode, screen } = await onTerminal(
    ['workflow', 'execute', '--type', 'Order', '--task-queue', workflowId],
    [{ at: /workflow task scheduled/, text: '\u0003' }],
  );
  assert.equal(exitCode, 130, screen);
  assert.match(screen, /Error: interrupted/);
});
