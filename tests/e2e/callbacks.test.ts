// Completion callbacks: the server tells a URL how a workflow ended. A small HTTP server takes the place of whoever
// waits; it records what it gets and answers as it is told.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import type { temporal } from '@temporalio/proto';
import proto from '@temporalio/proto';
import {
  type Command,
  CommandType,
  cancelWorkflow,
  completeWorkflow,
  failWorkflow,
  Hand,
  hand,
  long,
  millis,
  payloads,
  seconds,
  startTimer,
} from './hand.ts';
import { atEnd, eventually, NAMESPACE, TestServer } from './harness.ts';
import { Code, fails, RawClient } from './raw.ts';

const { CallbackState: State, WorkflowIdConflictPolicy: Conflict } = proto.temporal.api.enums.v1;
type StartRequest = temporal.api.workflowservice.v1.IStartWorkflowExecutionRequest;

/** 1.30 has one key or the other, by the way it is built. */
const ALLOWED = JSON.stringify([
  { Pattern: '127.0.0.1:*', AllowInsecure: true },
  { Pattern: '*.named.test:443' },
  { Pattern: 'unnamed.test', AllowInsecure: true },
]);
const ARGS = ['component.callbacks.allowedAddresses', 'callback.allowedAddresses'].flatMap((key) => [
  '--dynamic-config-value',
  `${key}=${ALLOWED}`,
]);

interface Delivery {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Whoever waits for workflows to end: answers by path, 200 unless told otherwise. */
class Receiver {
  readonly #server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const path = request.url ?? '';
      const got = this.#got.get(path) ?? [];
      got.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
      this.#got.set(path, got);
      const answer = this.answers.get(path)?.shift() ?? { status: 200 };
      if (answer.status === 0) request.socket.destroy();
      else response.writeHead(answer.status, answer.headers).end(answer.body);
    });
  });
  readonly #got = new Map<string, Delivery[]>();
  readonly answers = new Map<string, Answer[]>();

  async listen(port = 0): Promise<this> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
    return this;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  url(path: string): string {
    return `http://127.0.0.1:${this.port}${path}`;
  }

  got(path: string): readonly Delivery[] {
    return this.#got.get(path) ?? [];
  }

  async delivery(path: string, index = 0): Promise<Delivery> {
    return eventually(`request ${index} to ${path}`, () => Promise.resolve(this.got(path)[index]));
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

const receiver = await new Receiver().listen();
let server: TestServer;
let raw: RawClient;
let paths = 0;

before(async () => {
  server = await TestServer.start({ args: ARGS });
  raw = new RawClient(server.address);
});

after(async () => {
  raw.close();
  receiver.close();
  await server.dispose();
});

function nexus(url: string, header: Record<string, string> = {}) {
  return { nexus: { url, header } };
}

/** A workflow whose callback leads to a path of its own. */
async function begun(request: StartRequest = {}) {
  const w = new Hand(raw);
  const path = `/done/${paths++}`;
  const runId = await w.start({
    completionCallbacks: [nexus(receiver.url(path), { Token: 'secret' })],
    ...request,
  });
  return { w, path, runId };
}

async function callbacksOf(w: Hand, runId?: string) {
  const execution = { workflowId: w.workflowId, ...(runId === undefined ? {} : { runId }) };
  const { callbacks } = await raw.workflow.describeWorkflowExecution({ namespace: NAMESPACE, execution });
  return callbacks ?? [];
}

/** Waits until the only callback is in this state. */
async function inState(w: Hand, state: temporal.api.enums.v1.CallbackState) {
  return eventually(`the callback is ${State[state]}`, async () => {
    const [callback] = await callbacksOf(w);
    return callback?.state === state ? callback : undefined;
  });
}

describe('a completion callback', { concurrency: true }, () => {
  it('brings the result, and says where it comes from', async () => {
    const { w, path, runId } = await begun();
    const [standing] = await callbacksOf(w);
    assert.equal(standing?.state, State.CALLBACK_STATE_STANDBY);
    assert.equal(standing.callback?.nexus?.url, receiver.url(path));
    assert(standing.trigger?.workflowClosed);
    const started = (await w.history())[0];
    assert.equal(started?.workflowExecutionStartedEventAttributes?.completionCallbacks?.length, 1);
    await w.step(completeWorkflow('yes'));
    const { headers, body } = await receiver.delivery(path);
    assert.equal(body, '"yes"');
    assert.equal(headers['content-type'], 'application/json');
    assert.equal(headers['nexus-operation-state'], 'succeeded');
    assert.equal(headers['token'], 'secret');
    assert.equal(
      headers['nexus-link'],
      `<temporal:///namespaces/default/workflows/${w.workflowId}/${runId}/history?eventID=1&eventType=WorkflowExecutionStarted&referenceType=EventReference>; type="temporal.api.common.v1.Link.WorkflowEvent"`,
    );
    const atMs = Date.parse(String(headers['nexus-operation-start-time']));
    assert.equal(atMs, Math.floor(millis(started.eventTime) / 1000) * 1000);
    const closed = (await w.history()).at(-1);
    // Ours is exact to a millisecond.
    const closedMs = Date.parse(String(headers['nexus-operation-close-time']));
    assert(Math.abs(closedMs - millis(closed?.eventTime)) <= 1);
    const done = await inState(w, State.CALLBACK_STATE_SUCCEEDED);
    assert.equal(done.attempt, 1);
    assert(millis(done.lastAttemptCompleteTime) > 0);
    assert.equal(receiver.got(path).length, 1);
  });

  it('brings the failure, as an SDK can read it', async () => {
    const { w, path } = await begun();
    await w.step(failWorkflow('broken'));
    const { headers, body } = await receiver.delivery(path);
    assert.equal(headers['nexus-operation-state'], 'failed');
    assert.equal(headers['content-type'], 'application/json');
    const failure = JSON.parse(body) as Record<string, unknown>;
    assert.equal(failure['message'], 'broken');
    assert.deepEqual(failure['metadata'], { type: 'temporal.api.failure.v1.Failure' });
    assert.deepEqual(failure['details'], { source: 'test', applicationFailureInfo: { type: 'Broken' } });
  });

  it('tells of a cancellation, a termination and a timeout no more than that', async () => {
    const [canceled, terminated, timedOut] = await Promise.all([
      begun(),
      begun(),
      begun({ workflowRunTimeout: seconds(1) }),
    ]);
    await canceled.w.step(cancelWorkflow());
    const workflowExecution = { workflowId: terminated.w.workflowId };
    await raw.workflow.terminateWorkflowExecution({ namespace: NAMESPACE, workflowExecution, reason: 'my own' });
    const expected = [
      [canceled.path, 'canceled', 'operation canceled', 'canceledFailureInfo'],
      [terminated.path, 'failed', 'operation terminated', 'terminatedFailureInfo'],
      [timedOut.path, 'failed', 'operation exceeded internal timeout', 'timeoutFailureInfo'],
    ] as const;
    for (const [path, state, message, info] of expected) {
      const { headers, body } = await receiver.delivery(path);
      const failure = JSON.parse(body) as { message?: string; details?: object };
      assert.equal(headers['nexus-operation-state'], state);
      assert.equal(failure.message, message);
      assert.deepEqual(Object.keys(failure.details ?? {}), [info]);
      assert(!body.includes('my own'));
    }
  });

  it('waits for the last run of a chain', async () => {
    const { w, path, runId } = await begun();
    const again: Command = {
      commandType: CommandType.COMMAND_TYPE_CONTINUE_AS_NEW_WORKFLOW_EXECUTION,
      continueAsNewWorkflowExecutionCommandAttributes: {
        workflowType: { name: 'by-hand' },
        taskQueue: { name: w.taskQueue },
        retryPolicy: { initialInterval: seconds(0.05), maximumAttempts: 2 },
      },
    };
    await w.step(again);
    await w.step(failWorkflow('once'));
    await w.step(completeWorkflow('at last'));
    const { body, headers } = await receiver.delivery(path);
    assert.equal(body, '"at last"');
    assert(!String(headers['nexus-link']).includes(runId));
    assert.equal((await callbacksOf(w, runId))[0]?.state, State.CALLBACK_STATE_STANDBY);
    await inState(w, State.CALLBACK_STATE_SUCCEEDED);
    assert.equal(receiver.got(path).length, 1);
  });

  it('is left to the run that a reset makes', async () => {
    const { w, path, runId } = await begun();
    await w.step(startTimer('t', 3600));
    const { runId: newRunId } = await raw.workflow.resetWorkflowExecution({
      ...{ namespace: NAMESPACE, workflowExecution: { workflowId: w.workflowId, runId } },
      ...{ reason: 'again', requestId: 'reset', workflowTaskFinishEventId: long(4) },
    });
    await w.step(completeWorkflow('anew'));
    const { body, headers } = await receiver.delivery(path);
    assert.equal(body, '"anew"');
    assert(String(headers['nexus-link']).includes(newRunId));
    await inState(w, State.CALLBACK_STATE_SUCCEEDED);
    assert.equal(receiver.got(path).length, 1);
    assert.equal((await callbacksOf(w, runId))[0]?.state, State.CALLBACK_STATE_STANDBY);
  });

  it('is attached to a workflow that runs already', async () => {
    const { w, path, runId } = await begun();
    const second = `/done/${paths++}`;
    const answer = await raw.workflow.startWorkflowExecution(
      w.startRequest({
        requestId: 'second',
        workflowIdConflictPolicy: Conflict.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
        completionCallbacks: [nexus(receiver.url(second))],
        onConflictOptions: { attachRequestId: true, attachCompletionCallbacks: true },
      }),
    );
    assert.equal(answer.runId, runId);
    assert.equal((await callbacksOf(w)).length, 2);
    await w.step(completeWorkflow('both'));
    assert.equal((await receiver.delivery(path)).body, '"both"');
    const { headers, body } = await receiver.delivery(second);
    assert.equal(body, '"both"');
    // Older servers lead to the start of the run.
    if (process.env['PERDURE_TEST_SERVER'] !== undefined) return;
    assert.match(
      String(headers['nexus-link']),
      /eventType=WorkflowExecutionOptionsUpdated&referenceType=RequestIdReference&requestID=second/,
    );
  });

  it('is tried again while there is hope, and the request stays the same', async () => {
    const { w, path } = await begun();
    receiver.answers.set(path, [{ status: 503 }, { status: 0 }]);
    await w.step(completeWorkflow('later'));
    await receiver.delivery(path);
    const backingOff = await inState(w, State.CALLBACK_STATE_BACKING_OFF);
    assert.equal(backingOff.attempt, 1);
    assert(millis(backingOff.nextAttemptScheduleTime) > millis(backingOff.lastAttemptCompleteTime));
    assert.equal(backingOff.lastAttemptFailure?.applicationFailureInfo?.nonRetryable, false);
    const done = await inState(w, State.CALLBACK_STATE_SUCCEEDED);
    assert.equal(done.attempt, 3);
    assert.equal(done.lastAttemptFailure ?? undefined, undefined);
    const got = receiver.got(path);
    assert.equal(got.length, 3);
    assert.equal(new Set(got.map(({ headers }) => headers['nexus-request-id'])).size, 1);
    assert.equal(new Set(got.map(({ body }) => body)).size, 1);
  });

  it('is given up when the answer says so', async () => {
    const { w, path } = await begun();
    receiver.answers.set(path, [
      { status: 400, headers: { 'content-type': 'application/json' }, body: '{"message":"unheard of"}' },
    ]);
    await w.step(completeWorkflow());
    const failed = await inState(w, State.CALLBACK_STATE_FAILED);
    assert.equal(failed.attempt, 1);
    assert.equal(failed.lastAttemptFailure?.applicationFailureInfo?.nonRetryable, true);
    assert.match(failed.lastAttemptFailure.message ?? '', /unheard of/);
    assert.equal(receiver.got(path).length, 1);
  });

  it('sends the first value only, in an encoding that anyone can read', async () => {
    const encodings: [temporal.api.common.v1.IPayload[], string | undefined, string][] = [
      [
        [{ metadata: { encoding: Buffer.from('binary/plain') }, data: Buffer.from('raw') }],
        'application/octet-stream',
        'raw',
      ],
      [[{ metadata: { encoding: Buffer.from('binary/null') } }], undefined, ''],
      [[], undefined, ''],
      [payloads('one', 'two').payloads ?? [], 'application/json', '"one"'],
    ];
    await Promise.all(
      encodings.map(async ([values, type, body]) => {
        const { w, path } = await begun();
        await w.step({
          commandType: CommandType.COMMAND_TYPE_COMPLETE_WORKFLOW_EXECUTION,
          completeWorkflowExecutionCommandAttributes: { result: { payloads: values } },
        });
        const delivery = await receiver.delivery(path);
        assert.equal(delivery.body, body);
        assert.equal(delivery.headers['content-type'], type);
      }),
    );
  });
});

describe('limits of completion callbacks', { concurrency: true }, () => {
  it('addresses that are not allowed, and URLs that are none', async () => {
    const w = new Hand(raw);
    const refused = (url: string, text: string | RegExp) =>
      fails(w.start({ completionCallbacks: [nexus(url)] }), Code.INVALID_ARGUMENT, text);
    const other = 'http://example.com/done';
    await refused(other, `invalid url: url does not match any configured callback address: ${other}`);
    await refused('ftp://127.0.0.1:1/x', 'invalid url: unknown scheme: ftp://127.0.0.1:1/x');
    const nowhere = await hand();
    const none = nowhere.start({ completionCallbacks: [nexus(receiver.url('/x'))] });
    await fails(none, Code.INVALID_ARGUMENT, /^invalid url: url does not match any configured callback address: /);
  });

  it('a port counts if the URL names it, also the default one', async () => {
    for (const url of ['https://a.named.test:443/x', 'https://unnamed.test/x', 'http://unnamed.test']) {
      await new Hand(raw).start({ completionCallbacks: [nexus(url)] });
    }
    for (const url of ['https://a.named.test/x', 'https://unnamed.test:443/x', 'http://unnamed.test:80']) {
      const start = new Hand(raw).start({ completionCallbacks: [nexus(url)] });
      const message = `invalid url: url does not match any configured callback address: ${url}`;
      await fails(start, Code.INVALID_ARGUMENT, message);
    }
  });

  it('their number and size', async () => {
    const w = new Hand(raw);
    const url = receiver.url('/limits');
    const longest = receiver.url(`/${'x'.repeat(1000 - receiver.url('/').length)}`);
    const tooLong = w.start({ completionCallbacks: [nexus(`${longest}x`)] });
    await fails(tooLong, Code.INVALID_ARGUMENT, 'invalid url: url length longer than max length allowed of 1000');
    const header = { a: 'x'.repeat(8191) };
    const big = w.start({ completionCallbacks: [nexus(url, { a: 'x'.repeat(8192) })] });
    await fails(big, Code.INVALID_ARGUMENT, 'invalid header: header size longer than max allowed size of 8192');
    // Newer servers allow more of them than 32; ours does as the older ones.
    const many = w.start({ completionCallbacks: Array.from({ length: 2001 }, () => nexus(url)) });
    await fails(many, Code.INVALID_ARGUMENT, /^cannot attach more than \d+ callbacks to a/);
    await w.start({ completionCallbacks: [nexus(longest), nexus(url, header)] });
    const most = new Hand(raw);
    await most.start({ completionCallbacks: Array.from({ length: 32 }, () => nexus(url)) });
    const attach = raw.workflow.startWorkflowExecution(
      most.startRequest({
        workflowIdConflictPolicy: Conflict.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
        completionCallbacks: Array.from({ length: 32 }, () => nexus(url)),
        onConflictOptions: { attachRequestId: true, attachCompletionCallbacks: true },
      }),
    );
    await fails(attach, Code.FAILED_PRECONDITION, /^cannot attach more than \d+ callbacks to a workflow/);
  });
});

describe('completion callbacks and a killed server', () => {
  it('are made after the next start, when the close is durable and nobody was told', async () => {
    const own = await TestServer.start({ onFile: true, args: ARGS });
    const client = new RawClient(own.address);
    const away = await new Receiver().listen();
    const { port } = away;
    // Nobody listens there when the workflow ends.
    away.close();
    atEnd(async () => {
      client.close();
      await own.dispose();
    });
    const w = new Hand(client);
    const url = `http://127.0.0.1:${port}/done`;
    await w.start({ completionCallbacks: [nexus(url, { token: 'once' })] });
    await w.step(completeWorkflow('kept'));
    await own.kill();
    const back = await new Receiver().listen(port);
    atEnd(() => Promise.resolve(back.close()));
    await own.launch();
    const { headers, body } = await back.delivery('/done');
    assert.equal(body, '"kept"');
    assert.equal(headers['token'], 'once');
    await eventually('it is recorded', async () => {
      const { callbacks } = await w.describe();
      return callbacks?.[0]?.state === State.CALLBACK_STATE_SUCCEEDED ? true : undefined;
    });
    // What is recorded is not made again.
    await own.kill();
    await own.launch();
    const { callbacks } = await w.describe();
    assert.equal(callbacks?.[0]?.state, State.CALLBACK_STATE_SUCCEEDED);
    assert.equal(back.got('/done').length, 1);
  });

  it('are made again with the same request when the answer was not recorded', async () => {
    const own = await TestServer.start({ onFile: true, args: ARGS });
    const client = new RawClient(own.address);
    // It never answers, so that nothing can be recorded.
    const silent = createServer();
    const requests: IncomingHttpHeaders[] = [];
    const asked = once(silent, 'request');
    silent.on('request', ({ headers }) => requests.push(headers));
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    atEnd(async () => {
      client.close();
      await own.dispose();
    });
    const w = new Hand(client);
    await w.start({ completionCallbacks: [nexus(`http://127.0.0.1:${port}/done`)] });
    await w.step(completeWorkflow('twice'));
    await asked;
    await own.kill();
    silent.close();
    silent.closeAllConnections();
    const back = await new Receiver().listen(port);
    atEnd(() => Promise.resolve(back.close()));
    await own.launch();
    const { headers, body } = await back.delivery('/done');
    assert.equal(body, '"twice"');
    assert.equal(headers['nexus-request-id'], requests[0]?.['nexus-request-id']);
  });
});
