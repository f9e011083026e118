// Every example of `perdure workflow` and `perdure activity`, typed into a shell, with a worker of the official SDK. The others:
// others.test.ts.

import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { atEnd, eventually, TestServer } from '../../e2e/harness.ts';
import { assertAbsent, isAbsent } from './absent.ts';
import { type Orders, ordersOn } from './orders.ts';
import { allExamples, type Example, isByWorker, shellFor, succeeded } from './shell.ts';

const examples = (await allExamples()).filter(({ command }) => isByWorker(command));
let orders: Orders;
let shell: ReturnType<typeof shellFor>;
before(async () => {
  const server = await TestServer.start();
  atEnd(() => server.dispose());
  shell = shellFor(server.address);
  // The SDK is found, and workflow code compiled, where the command runs.
  symlinkSync(fileURLToPath(new URL('../../../node_modules', import.meta.url)), join(shell.folder, 'node_modules'));
  symlinkSync(fileURLToPath(new URL('./workflows.ts', import.meta.url)), join(shell.folder, 'workflows.ts'));
  orders = await ordersOn(server.address);
  writeFileSync(join(shell.folder, 'bundle.js'), orders.bundleCode);
});

/** What is there when an example is typed; without an entry: OrderId runs, and waits for its approval. */
const SCENES: Readonly<Record<string, () => Promise<unknown>>> = {
  'workflow start': async () => undefined,
  'workflow execute': async () => undefined,
  'workflow rerun': () => orders.closed(),
  'workflow diff': twoOrders,
  'workflow result': () => orders.closed(),
  'workflow replay': () => Promise.all([orders.closed(), orders.running('OtherOrderId')]),
  'workflow fix-history-json': oldHistory,
  'workflow update result': () => orders.paid(),
  'workflow update describe': () => orders.paid(),
  'workflow unpause': () => orders.paused(),
  'workflow reset': () => orders.failed(),
  'workflow reset with-workflow-update-options': () => orders.closed(),
};

const runIds: Record<string, string> = {};

async function twoOrders(): Promise<void> {
  runIds['OtherRunId'] = await orders.closed();
  await orders.closed('OtherOrderId');
  runIds['RunId'] = await orders.running();
  succeeded(await shell.typed('perdure workflow show --workflow-id OtherOrderId --output json > other.json'), 'other');
}

async function oldHistory(): Promise<void> {
  succeeded(await shell.typed('perdure workflow show --workflow-id OrderId --output json > old.json'), 'old');
}

/** Commands that end as the workflow does. */
const WAITING = /^perdure workflow (execute |watch |show .*--follow)/;

async function assertRuns({ command, line }: Example): Promise<void> {
  await orders.none();
  await (SCENES[command] ?? orders.running)();
  // Run ids are the one thing in examples that cannot be chosen.
  const running = shell.start(line.replaceAll(/\b(Other)?RunId\b/g, (name) => runIds[name] ?? name));
  if (WAITING.test(line)) {
    await eventually('the order is there to be approved', () =>
      orders.approve().then(
        () => true,
        () => undefined,
      ),
    );
  }
  succeeded(await running.ended, line);
  await orders.batchesDone();
}

for (const example of examples) {
  test(example.line, () => (isAbsent(example.command) ? assertAbsent(example, shell) : assertRuns(example)));
}
