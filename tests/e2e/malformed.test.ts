// Requests whose fields do not decode. The server carries payloads and the like as they are, so it must look at them when
// they come: later they are part of histories that everyone has to decode.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import proto from '@temporalio/proto';
import { completeWorkflow, type Hand, hand, payloads } from './hand.ts';
import { Code, failure } from './raw.ts';
import { ACCEPTED, accept, inOrder, update } from './update-hand.ts';

const SERVICE = '/temporal.api.workflowservice.v1.WorkflowService/';
/** A first field that claims to be longer than what follows. */
const GARBAGE = Buffer.from([0x0a, 0x7f, 0x01]);
const NOT_TEXT = 255;

const Requests = proto.temporal.api.workflowservice.v1;

/** A length-delimited field. */
function field(id: number, bytes: Uint8Array): Buffer {
  const varint = (value: number): number[] => (value < 128 ? [value] : [(value % 128) + 128, ...varint(value >>> 7)]);
  return Buffer.concat([Buffer.from([...varint(id * 8 + 2), ...varint(bytes.length)]), bytes]);
}

async function refused(w: Hand, method: string, body: Uint8Array): Promise<void> {
  const error = await failure(w.raw.bytes(SERVICE + method, body));
  // Some servers say that it is their own fault.
  assert([Code.INVALID_ARGUMENT, Code.INTERNAL].includes(error.code), error.message);
  assert.match(error.text, /error unmarshalling request/);
}

const MESSAGES_IN_START = {
  workflowType: 3,
  taskQueue: 4,
  input: 5,
  workflowRunTimeout: 7,
  retryPolicy: 12,
  memo: 14,
  searchAttributes: 15,
  header: 16,
  continuedFailure: 18,
  lastCompletionResult: 19,
  completionCallbacks: 21,
  userMetadata: 23,
  links: 24,
  onConflictOptions: 26,
  priority: 27,
};

for (const [name, id] of Object.entries(MESSAGES_IN_START)) {
  test(`a start with a garbled ${name} starts nothing`, async () => {
    const w = await hand();
    const start = Requests.StartWorkflowExecutionRequest.encode(w.startRequest()).finish();
    await refused(w, 'StartWorkflowExecution', Buffer.concat([start, field(id, GARBAGE)]));
    assert.equal((await failure(w.describe())).code, Code.NOT_FOUND);
  });
}

test('a payload whose metadata is not text is refused', async () => {
  const w = await hand();
  const entry = Buffer.concat([field(1, Buffer.alloc(40, NOT_TEXT)), field(2, Buffer.from('x'))]);
  const input = field(5, field(1, field(1, entry)));
  const start = Requests.StartWorkflowExecutionRequest.encode(w.startRequest()).finish();
  await refused(w, 'StartWorkflowExecution', Buffer.concat([start, input]));
});

test('a garbled signal or command leaves the history readable', async () => {
  const w = await hand();
  await w.start();
  const signal = { namespace: w.namespace, workflowExecution: { workflowId: w.workflowId }, signalName: 'ping' };
  await refused(
    w,
    'SignalWorkflowExecution',
    Buffer.concat([Requests.SignalWorkflowExecutionRequest.encode(signal).finish(), field(4, GARBAGE)]),
  );
  const task = await w.workflowTask();
  const done = completeWorkflow() as { commandType: number };
  const completion = { namespace: w.namespace, taskToken: task.taskToken };
  // Command 1 is a completion whose result is garbled.
  const command = Buffer.concat([Buffer.from([8, done.commandType]), field(4, field(1, GARBAGE))]);
  const body = Buffer.concat([
    Requests.RespondWorkflowTaskCompletedRequest.encode(completion).finish(),
    field(2, command),
  ]);
  await refused(w, 'RespondWorkflowTaskCompleted', body);
  await w.complete(task, [completeWorkflow()]);
  await w.expectHistory(
    'WorkflowExecutionStarted',
    'WorkflowTaskScheduled',
    'WorkflowTaskStarted',
    'WorkflowTaskCompleted',
    'WorkflowExecutionCompleted',
  );
});

test('a garbled answer to an update is no answer', async () => {
  const w = await hand();
  await w.start();
  await w.step();
  void update(w, 'u1', ACCEPTED);
  const task = await w.workflowTask();
  const acceptance = accept(task, 'u1');
  const response = {
    id: 'u1/response',
    protocolInstanceId: 'u1',
    // Its outcome, a success, is garbled.
    body: { type_url: 'type.googleapis.com/temporal.api.update.v1.Response', value: field(2, field(1, GARBAGE)) },
  };
  const messages = [acceptance, response];
  const error = await failure(w.complete(task, inOrder(...messages), { messages }));
  assert.equal(Code[error.code], 'INVALID_ARGUMENT', error.message);
  // What becomes of the update is another matter.
  await w.history();
});

test('a field in very many pieces is one field, and holds nobody up', async () => {
  const w = await hand();
  const start = Requests.StartWorkflowExecutionRequest.encode(
    w.startRequest({ input: payloads('x'.repeat(1_000_000)) }),
  ).finish();
  const pieces = Buffer.alloc(2_400_000);
  for (let at = 0; at < pieces.length; at += 2) pieces[at] = 5 * 8 + 2;
  await w.raw.bytes(`${SERVICE}StartWorkflowExecution`, Buffer.concat([start, pieces]));
  const [started] = await w.history();
  assert.equal(started?.workflowExecutionStartedEventAttributes?.input?.payloads?.length, 1);
});
