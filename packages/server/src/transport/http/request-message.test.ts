import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StatusError } from '@perdure/api';
import { loadSchema, messageToJson } from '@perdure/api/json';
import { methods } from '@perdure/api/services';
import { requestMessage } from './request-message.ts';
import { createRoutes } from './routes.ts';
import { parseTarget } from './target.ts';

const schema = await loadSchema();
const routes = createRoutes(methods);

/** The request message as JSON. */
async function requested(verb: string, url: string, body = ''): Promise<unknown> {
  const { segments, query } = parseTarget(url);
  const match = routes.find(verb, segments);
  assert.ok(match, url);
  const { typeName } = await match.route.method.requestType();
  const bytes = requestMessage(schema, typeName, { match, query, body, payloadShorthand: true, bytesMax: 1_000_000 });
  return JSON.parse(messageToJson(schema, typeName, bytes, { payloadShorthand: true }));
}

async function refused(verb: string, url: string, message: string, body = ''): Promise<void> {
  await assert.rejects(requested(verb, url, body), (error) => {
    assert(error instanceof StatusError, String(error));
    assert.deepEqual([error.code, error.message], [3, message]);
    return true;
  });
}

const WORKFLOW = '/namespaces/n/workflows/w';

test('fields of the path are where the binding says, decoded', async () => {
  assert.deepEqual(await requested('GET', '/api/v1/namespaces/n/workflows/a%2Fb%20%C3%A9?execution.runId=r'), {
    namespace: 'n',
    execution: { workflowId: 'a/b é', runId: 'r' },
  });
  assert.deepEqual(await requested('GET', `http://example.com${WORKFLOW}`), {
    namespace: 'n',
    execution: { workflowId: 'w' },
  });
});

test('the path is stronger than the body, and leaves the rest of it alone', async () => {
  const body =
    '{"namespace": "x", "workflow_execution": {"workflow_id": "x", "run_id": "r"}, "reason": "why", "details": [1]}';
  assert.deepEqual(await requested('POST', `${WORKFLOW}/terminate`, body), {
    namespace: 'n',
    workflowExecution: { workflowId: 'w', runId: 'r' },
    reason: 'why',
    details: [1],
  });
  const nothing = { namespace: 'n', workflowExecution: { workflowId: 'w' } };
  for (const empty of ['', ' \n', '{}', '{"workflowExecution": null}']) {
    assert.deepEqual(await requested('POST', `${WORKFLOW}/terminate`, empty), nothing);
  }
});

test('the query holds fields by either name, nested ones with dots', async () => {
  const url = `${WORKFLOW}/history?waitNewEvent=true&maximum_page_size=7&execution.run_id=r&nextPageToken=AQ%3D%3D&historyEventFilterType=2`;
  assert.deepEqual(await requested('GET', url), {
    namespace: 'n',
    execution: { workflowId: 'w', runId: 'r' },
    waitNewEvent: true,
    maximumPageSize: 7,
    nextPageToken: 'AQ==',
    historyEventFilterType: 'HISTORY_EVENT_FILTER_TYPE_CLOSE_EVENT',
  });
});

test('repeated fields are repeated in the query; times, enums and truth values have their forms', async () => {
  assert.deepEqual(
    await requested(
      'GET',
      '/namespaces/n/worker-task-reachability?buildIds=a&buildIds=b&taskQueues=q&reachability=TASK_REACHABILITY_NEW_WORKFLOWS',
    ),
    { namespace: 'n', buildIds: ['a', 'b'], taskQueues: ['q'], reachability: 'TASK_REACHABILITY_NEW_WORKFLOWS' },
  );
  assert.deepEqual(await requested('GET', '/namespaces/n/schedules/s/matching-times?startTime=2026-01-01T00:00:00Z'), {
    namespace: 'n',
    scheduleId: 's',
    startTime: '2026-01-01T00:00:00Z',
  });
  for (const text of ['1', 't', 'TRUE', 'true']) {
    assert.deepEqual(await requested('GET', `/cluster/namespaces?namespaceFilter.includeDeleted=${text}`), {
      namespaceFilter: { includeDeleted: true },
    });
  }
  assert.deepEqual(await requested('GET', '/cluster/namespaces?namespaceFilter.includeDeleted=F'), {
    namespaceFilter: {},
  });
});

test('what is no field of the request is left alone in the query, and the query alone beside a body', async () => {
  assert.deepEqual(await requested('GET', '/cluster/namespaces?pretty&nobody.knows=1&pageSize=2'), { pageSize: 2 });
  assert.deepEqual(await requested('GET', '/namespaces/n/workflows?namespace=x'), { namespace: 'n' });
  assert.deepEqual(await requested('POST', `${WORKFLOW}/terminate?reason=x`, '{}'), {
    namespace: 'n',
    workflowExecution: { workflowId: 'w' },
  });
});

test('what cannot be read is refused, with its name or its place', async () => {
  await refused('GET', '/cluster/namespaces?pageSize=x', '"x" is not a whole number (int32)');
  await refused('GET', '/cluster/namespaces?pageSize=1&pageSize=2', 'pageSize may be given once only');
  await refused('GET', `${WORKFLOW}/history?waitNewEvent=maybe`, 'waitNewEvent must be true or false, it is "maybe"');
  await refused(
    'GET',
    `${WORKFLOW}?execution=x`,
    'execution is a message: give its fields, as in execution.field=value',
  );
  await refused('POST', `${WORKFLOW}/terminate`, 'the body must be a JSON object', '[]').catch((error: unknown) => {
    assert.match(String(error), /line 1:1/);
  });
  await refused(
    'POST',
    `${WORKFLOW}/terminate`,
    'syntax error (line 2:2): unexpected "x" where a key must be',
    '{\n x',
  );
  await refused(
    'POST',
    `${WORKFLOW}/terminate`,
    '(line 1:2): unknown field "raeson" (temporal.api.workflowservice.v1.TerminateWorkflowExecutionRequest has no such field)',
    '{"raeson": "x"}',
  );
  await refused(
    'POST',
    `${WORKFLOW}/terminate`,
    '(line 1:23): workflowExecution is not an object',
    '{"workflowExecution": 5}',
  );
});
