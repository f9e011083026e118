// One order, two crashes, nothing lost and nothing done twice.
//
//   node examples/order/src/demo.ts
//
// Starts a server on a database file and a worker, both as processes of their own. Kills the worker in the middle of
// an activity and the server in the middle of a timer, with SIGKILL. Exits non-zero if any effect is missing or doubled.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { styleText } from 'node:util';
import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';
import { connect, startOrder } from './client.ts';
import type { HistoryEvent } from './history.ts';
import { eventOfType, historyLines, timeMs, wholeHistory } from './history.ts';
import { readLedger } from './ledger.ts';
import type { Launched } from './processes.ts';
import { freePort, launch } from './processes.ts';
import type { Order } from './workflows.ts';
import { approve, status } from './workflows.ts';

const { EventType } = proto.temporal.api.enums.v1;

const CLI = fileURLToPath(new URL('../../../packages/cli/src/main.ts', import.meta.url));
const SERVER_COMMAND = process.env['PERDURE_TEST_SERVER']?.split(' ') ?? [process.execPath, CLI];

const ORDER: Order = {
  id: 'order-1042',
  item: 'a bicycle',
  amountCents: 49_900,
  address: 'Main Street 1, Basel',
  coolingOffMs: 4_000,
};
const NEW_ADDRESS = 'Harbour Lane 7, Basel';

const folder = mkdtempSync(join(tmpdir(), 'order-demo-'));
const ledger = join(folder, 'ledger.jsonl');
const address = `127.0.0.1:${await freePort()}`;

function tell(who: 'demo' | 'server' | 'worker', text: string): void {
  const time = `${process.uptime().toFixed(1)}s`.padStart(6);
  const colour = { demo: 'bold', server: 'cyan', worker: 'green' } as const;
  console.log(`${time}  ${styleText(colour[who], `${who.padEnd(7)} ${text}`)}`);
}

function startServer(): Launched {
  const port = address.slice(address.indexOf(':') + 1);
  return launch({
    command: [
      ...SERVER_COMMAND,
      'server',
      'start-dev',
      '--headless',
      '--ip',
      '127.0.0.1',
      '--port',
      port,
      '--db-filename',
      join(folder, 'orders.db'),
    ],
    logFile: join(folder, 'server.log'),
    onLine: () => undefined,
  });
}

async function startWorker(): Promise<Launched> {
  const worker = launch({
    command: [process.execPath, fileURLToPath(new URL('./worker.ts', import.meta.url))],
    env: { TEMPORAL_ADDRESS: address, ORDER_LEDGER: ledger },
    logFile: join(folder, 'worker.log'),
    onLine: (line) => tell('worker', line),
  });
  await worker.line('ready');
  return worker;
}

/** A client as soon as the server answers. */
async function connectWhenUp(): Promise<Client> {
  const attemptsMax = 100;
  for (let attempt = 1; ; attempt++) {
    try {
      return await connect(address, 200);
    } catch (error) {
      if (attempt === attemptsMax) throw error;
    }
  }
}

async function run(): Promise<void> {
  let server = startServer();
  const client = await connectWhenUp();
  tell('server', `up on ${address}, with its database in ${folder}`);
  let worker = await startWorker();

  const handle = await startOrder(client, ORDER);
  tell('demo', `ordered ${ORDER.item}: ${handle.workflowId}`);

  await worker.line('confirm (2/');
  await worker.kill();
  tell('demo', 'killed the worker: it had reserved, but told nobody');
  worker = await startWorker();

  await eventOfType(client, ORDER.id, EventType.EVENT_TYPE_TIMER_STARTED);
  tell(
    'demo',
    `the customer has ${ORDER.coolingOffMs / 1000} s to think; status: ${JSON.stringify(await handle.query(status))}`,
  );
  await server.kill();
  tell('demo', 'killed the server while that timer runs');
  server = startServer();
  await client.workflowService.getSystemInfo({});
  tell('server', 'up again, on the same database');

  await eventOfType(client, ORDER.id, EventType.EVENT_TYPE_TIMER_FIRED);
  tell('demo', 'the timer fired');
  tell('demo', `status: ${JSON.stringify(await handle.query(status))}`);
  await handle.signal(approve, { address: NEW_ADDRESS });
  tell('demo', `the customer approves, and moves to ${NEW_ADDRESS}`);

  const receipt = await handle.result();
  tell('demo', `done: ${JSON.stringify(receipt)}`);
  const events = await wholeHistory(client, ORDER.id);
  console.log(`\n${historyLines(events).join('\n')}\n`);

  assert.equal(receipt.address, NEW_ADDRESS);
  verifyEffects();
  verifyHistory(events);
  await client.connection.close();
  await Promise.all([worker.kill(), server.kill()]);
}

function verifyEffects(): void {
  assert.deepEqual(readLedger(ledger), [
    { key: `charge:${ORDER.id}`, detail: `${ORDER.amountCents} cents` },
    { key: `reserve:${ORDER.id}`, detail: ORDER.item },
    { key: `ship:${ORDER.id}`, detail: NEW_ADDRESS },
  ]);
  tell('demo', 'charged once, reserved once, shipped once');
}

function verifyHistory(events: readonly HistoryEvent[]): void {
  assert.deepEqual(
    events.map((event) => Number(event.eventId)),
    events.map((_, index) => index + 1),
  );

  const attempts = events.flatMap((event) => event.activityTaskStartedEventAttributes?.attempt ?? []);
  assert.deepEqual(attempts, [1, 2, 3], 'charge at once; reserve again after the crash; ship after two refusals');

  const started = events.find((event) => event.timerStartedEventAttributes);
  const fired = events.find((event) => event.timerFiredEventAttributes);
  assert(started && fired);
  const waitedMs = timeMs(fired) - timeMs(started);
  assert(waitedMs >= ORDER.coolingOffMs, `the timer fired early, after ${waitedMs} ms`);
  tell('demo', `the ${ORDER.coolingOffMs} ms timer took ${waitedMs.toFixed(0)} ms, crash included`);
}

try {
  await run();
  rmSync(folder, { recursive: true });
} catch (error) {
  console.error(error, `\nlogs are in ${folder}`);
  process.exit(1);
}
