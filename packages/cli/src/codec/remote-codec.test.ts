import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { jsonPayload } from '@perdure/api';
import { loadSchema, messageFromJson } from '@perdure/api/json';
import { Message } from '../client/message.ts';
import { CommandError, exitCode } from '../exit.ts';
import { RemoteCodec, type RemoteCodecOptions } from './remote-codec.ts';

const PAYLOAD = 'temporal.api.common.v1.Payload';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

async function codecAgainst(t: TestContext, answer: Answer, options: Partial<RemoteCodecOptions> = {}) {
  const server = createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return RemoteCodec.of({
    ...{ endpoint: `http://127.0.0.1:${port}/{namespace}/`, namespace: 'pay/ments', authorization: undefined },
    ...{ headers: new Map(), signal: new AbortController().signal, ...options },
  });
}

function fails(expected: number, text: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof CommandError, String(error));
    assert.match(error.message, text);
    assert.equal(error.exitCode, expected);
    return true;
  };
}

const ANSWER = JSON.stringify({ payloads: [{ metadata: {}, data: 'AAEC' }] });

test('what is asked has the namespace in its path and header, and the headers that were given', async (t) => {
  const seen: unknown[] = [];
  const headers = new Map([
    ['X-Team', 'a'],
    ['Authorization', 'weaker'],
  ]);
  const answer: Answer = (request, response) => {
    const { url, method, headers: got } = request;
    seen.push([method, url, got['x-namespace'], got['x-team'], got.authorization]);
    void json(request).then((body) => {
      seen.push(body);
      response.end(ANSWER);
    });
  };
  const codec = await codecAgainst(t, answer, { headers, authorization: 'Bearer x' });
  const decoded = new Message(await loadSchema(), PAYLOAD, await codec.decode(PAYLOAD, jsonPayload(1)));
  assert.deepEqual(decoded.value, { data: 'AAEC' });
  assert.deepEqual(seen, [
    ['POST', '/pay%2Fments/decode', 'pay/ments', 'a', 'Bearer x'],
    { payloads: [{ metadata: { encoding: 'anNvbi9wbGFpbg==' }, data: 'MQ==' }] },
  ]);
});

test('an answer may be as large as the limit, and not a byte larger', async (t) => {
  const answer: Answer = (_request, response) => response.end(ANSWER);
  const atLimit = await codecAgainst(t, answer, { answerBytesMax: ANSWER.length });
  await atLimit.decode(PAYLOAD, jsonPayload(1));
  const past = await codecAgainst(t, answer, { answerBytesMax: ANSWER.length - 1 });
  const tooLarge = new RegExp(`decode is larger than ${ANSWER.length - 1} bytes$`);
  await assert.rejects(past.decode(PAYLOAD, jsonPayload(1)), fails(exitCode.FAILED, tooLarge));
});

test('a server that does not answer, or does not go on, is waited for so long and no longer', async (t) => {
  const silent = await codecAgainst(t, () => undefined, { timeoutMs: 20 });
  const timedOut = fails(exitCode.TIMEOUT, /encode did not answer within 0\.02 s$/);
  await assert.rejects(silent.encode(PAYLOAD, jsonPayload(1)), timedOut);
  const stuck = await codecAgainst(t, (_request, response) => void response.write('{'), { timeoutMs: 100 });
  await assert.rejects(stuck.encode(PAYLOAD, jsonPayload(1)), fails(exitCode.TIMEOUT, /within 0\.1 s$/));
});

test('Ctrl-C ends what is under way, with its own reason', async (t) => {
  for (const reason of [new CommandError('interrupted', exitCode.INTERRUPTED), new Error('interrupted')]) {
    for (const begun of ['', '{']) {
      const ending = new AbortController();
      const answer: Answer = (_request, response) => {
        if (begun === '') ending.abort(reason);
        else response.write(begun, () => ending.abort(reason));
      };
      const codec = await codecAgainst(t, answer, { signal: ending.signal });
      await assert.rejects(codec.encode(PAYLOAD, jsonPayload(1)), (error) => error === reason);
    }
  }
});

test('what is no answer is said to be none', async (t) => {
  const cases: readonly [status: number, text: string, exit: number, message: RegExp][] = [
    [401, '', exitCode.DENIED, /answered 401 Unauthorized$/],
    [403, '', exitCode.DENIED, /answered 403 Forbidden$/],
    [500, '', exitCode.FAILED, /answered 500 Internal Server Error$/],
    [200, 'x', exitCode.FAILED, /is not JSON$/],
    [200, 'null', exitCode.FAILED, /answered no payloads for 1$/],
    [200, '{"payloads":[]}', exitCode.FAILED, /answered 0 payloads for 1$/],
    [200, '{"payloads":[{"data":"%"}]}', exitCode.FAILED, /is no payload$/],
    [200, '{"payloads":[{"metadata":{"a":1}}]}', exitCode.FAILED, /is no payload$/],
  ];
  const left = [...cases];
  const codec = await codecAgainst(t, (_request, response) => {
    const [status = 0, text = ''] = left.shift() ?? [];
    response.writeHead(status).end(text);
  });
  for (const [, , exit, message] of cases) {
    await assert.rejects(codec.decode(PAYLOAD, jsonPayload(1)), fails(exit, message));
  }
  const broken = await codecAgainst(t, (_request, response) => {
    response.write('{', () => response.destroy());
  });
  await assert.rejects(broken.decode(PAYLOAD, jsonPayload(1)), fails(exitCode.FAILED, /broke off its answer: /));
});

test('search attributes, and the groups of a count, are not sent', async (t) => {
  const codec = await codecAgainst(t, () => assert.fail('nothing should be sent'));
  const schema = await loadSchema();
  const payload = { metadata: { encoding: 'anNvbi9wbGFpbg==' }, data: 'MQ==' };
  const service = 'temporal.api.workflowservice.v1';
  for (const what of ['WorkflowExecutions', 'ActivityExecutions', 'Schedules', 'NexusOperationExecutions']) {
    const type = `${service}.Count${what}Response`;
    const count = messageFromJson(schema, type, JSON.stringify({ groups: [{ count: '1', groupValues: [payload] }] }));
    assert.deepEqual(await codec.decode(type, count), count);
  }
  const type = `${service}.StartWorkflowExecutionRequest`;
  const searchAttributes = { indexedFields: { City: payload } };
  const start = messageFromJson(schema, type, JSON.stringify({ workflowId: 'a', searchAttributes }));
  assert.deepEqual(await codec.encode(type, start), start);
});
