// Payloads, failures and answers on their way to and from other Nexus parties.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { Payload, Payloads } from '@perdure/api/common';
import { ApplicationErrorCategory, RetryState, TimeoutType } from '@perdure/api/enums';
import { Failure } from '@perdure/api/failure';
import { nexusContent } from './content.ts';
import { nexusFailure } from './failure-json.ts';
import { postCallback } from './post.ts';

const text = new TextEncoder();

function payload(data: string, metadata: Readonly<Record<string, string>>): Uint8Array {
  const encoded = Object.entries(metadata).map(([key, value]) => [key, text.encode(value)] as const);
  return Payload.encode({ metadata: new Map(encoded), data: text.encode(data) });
}

describe('a payload', () => {
  const cases: [Readonly<Record<string, string>>, Readonly<Record<string, string>> | undefined][] = [
    [{ encoding: 'json/plain' }, { type: 'application/json' }],
    [{ encoding: 'binary/plain' }, { type: 'application/octet-stream' }],
    [{ encoding: 'binary/null' }, {}],
    [
      { encoding: 'json/protobuf', messageType: 'a.B' },
      { type: 'application/json; format=protobuf; message-type="a.B"' },
    ],
    [{ encoding: 'binary/protobuf', messageType: 'a.B' }, { type: 'application/x-protobuf; message-type="a.B"' }],
    [
      { encoding: 'unknown/nexus-content', type: 'text/x', language: 'de' },
      { type: 'text/x', language: 'de' },
    ],
    [{}, undefined],
    [{ encoding: 'json/protobuf' }, undefined],
    [{ encoding: 'json/plain', more: 'x' }, undefined],
    [{ encoding: 'binary/encrypted' }, undefined],
  ];
  for (const [metadata, headers] of cases) {
    it(`with ${JSON.stringify(metadata)}`, () => {
      const bytes = payload('data', metadata);
      const whole = { headers: { type: 'application/x-temporal-payload' }, data: bytes };
      assert.deepEqual(nexusContent(bytes), headers === undefined ? whole : { headers, data: text.encode('data') });
    });
  }

  it('that is not there has no content', () => {
    assert.deepEqual(nexusContent(undefined), { headers: {}, data: new Uint8Array(0) });
  });
});

describe('a failure', () => {
  it('keeps its message, its trace and its cause in the words of Nexus, the rest as protobuf says it', () => {
    const details = Payloads.encode({ payloads: [payload('1', { encoding: 'json/plain' })] });
    const cause = Failure.encode({
      message: 'inner',
      stackTrace: 'at x',
      source: 'TypeScriptSDK',
      encodedAttributes: payload('secret', {}),
      applicationFailureInfo: {
        ...{ type: 'Odd', nonRetryable: true, details, nextRetryDelay: 1500 },
        category: ApplicationErrorCategory.BENIGN,
      },
    });
    const activityFailureInfo = {
      ...{ scheduledEventId: 5, startedEventId: 6, identity: 'me', activityId: 'a1', retryState: RetryState.TIMEOUT },
      activityType: { name: 'charge' },
    };
    const application = {
      type: 'Odd',
      nonRetryable: true,
      details: { payloads: [{ metadata: { encoding: 'anNvbi9wbGFpbg==' }, data: 'MQ==' }] },
      nextRetryDelay: '1.5s',
      category: 'APPLICATION_ERROR_CATEGORY_BENIGN',
    };
    const inner = {
      source: 'TypeScriptSDK',
      encodedAttributes: { data: 'c2VjcmV0' },
      applicationFailureInfo: application,
    };
    const metadata = { type: 'temporal.api.failure.v1.Failure' };
    assert.deepEqual(nexusFailure(Failure.encode({ message: 'outer', cause, activityFailureInfo })), {
      message: 'outer',
      metadata,
      details: {
        cause: { message: 'inner', stackTrace: 'at x', ...inner },
        activityFailureInfo: {
          ...{ scheduledEventId: '5', startedEventId: '6', identity: 'me', activityType: { name: 'charge' } },
          ...{ activityId: 'a1', retryState: 'RETRY_STATE_TIMEOUT' },
        },
      },
      cause: { message: 'inner', stackTrace: 'at x', metadata, details: inner },
    });
  });

  it('of any other kind has its own name', () => {
    const infos = {
      timeoutFailureInfo: { timeoutType: TimeoutType.HEARTBEAT },
      canceledFailureInfo: { identity: 'me' },
      terminatedFailureInfo: {},
      serverFailureInfo: { nonRetryable: true },
      resetWorkflowFailureInfo: {},
      childWorkflowExecutionFailureInfo: { workflowExecution: { workflowId: 'w', runId: 'r' }, initiatedEventId: 7 },
      nexusOperationExecutionFailureInfo: { endpoint: 'e', scheduledEventId: 8 },
      nexusHandlerFailureInfo: { type: 'INTERNAL', retryBehavior: 1 },
    };
    const shown = Object.entries(infos).map(([name, info]) => nexusFailure(Failure.encode({ [name]: info })).details);
    assert.deepEqual(shown, [
      { timeoutFailureInfo: { timeoutType: 'TIMEOUT_TYPE_HEARTBEAT' } },
      { canceledFailureInfo: { identity: 'me' } },
      { terminatedFailureInfo: {} },
      { serverFailureInfo: { nonRetryable: true } },
      { resetWorkflowFailureInfo: {} },
      {
        childWorkflowExecutionFailureInfo: {
          workflowExecution: { workflowId: 'w', runId: 'r' },
          initiatedEventId: '7',
        },
      },
      { nexusOperationExecutionFailureInfo: { endpoint: 'e', scheduledEventId: '8' } },
      { nexusHandlerFailureInfo: { type: 'INTERNAL', retryBehavior: 'NEXUS_HANDLER_ERROR_RETRY_BEHAVIOR_RETRYABLE' } },
    ]);
  });
});

describe('an answer to a callback', () => {
  async function answerTo(
    status: number,
    headers: Readonly<Record<string, string>> = {},
    body = '',
    timeoutMs = 10_000,
  ): Promise<[string | undefined, boolean]> {
    const server = createServer((_request, response) => {
      if (status > 0) response.writeHead(status, headers).end(body);
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const request = { url, headers: new Headers(), body: new Uint8Array(0) };
    const { problem, isRetryable } = await postCallback(request, timeoutMs, new AbortController().signal);
    server.close();
    server.closeAllConnections();
    return [problem?.replace(url, 'URL'), isRetryable];
  }

  it('of the class 2xx is a success', async () => {
    for (const status of [200, 202, 204]) assert.deepEqual(await answerTo(status), [undefined, false]);
  });

  it('says by its status whether to try again', async () => {
    const retryable = [408, 429, 500, 503, 520, 302, 418, 502];
    const final = [400, 401, 403, 404, 409, 501];
    for (const status of retryable) assert.equal((await answerTo(status))[1], true, String(status));
    for (const status of final) assert.equal((await answerTo(status))[1], false, String(status));
  });

  it('can say so itself, and what is wrong', async () => {
    const json = { 'content-type': 'application/json; charset=utf-8' };
    assert.deepEqual(await answerTo(404, { 'nexus-request-retryable': 'true' }), [
      'handler error (NOT_FOUND): unexpected response status: "404 Not Found"',
      true,
    ]);
    assert.deepEqual(await answerTo(500, { ...json, 'nexus-request-retryable': 'False' }, '{"message":"no"}'), [
      'handler error (INTERNAL): no',
      false,
    ]);
    assert.deepEqual(await answerTo(418, json, '{'), ['unexpected response status: "418 I\'m a Teapot"', true]);
  });

  it('that does not come is waited for no longer than the timeout', async () => {
    assert.deepEqual(await answerTo(0, {}, '', 20), ['POST URL: no answer within 20 ms', true]);
  });
});
