import assert from 'node:assert/strict';
import { it } from 'node:test';
import { PAYLOAD_INPUT, SHARED_START } from '../table/sets.ts';
import { testContext } from '../testing.ts';
import { startMembers } from './start-options.ts';

const options = { ...SHARED_START, ...PAYLOAD_INPUT };
const JSON_PLAIN = { encoding: btoa('json/plain') };
const payload = (json: string) => ({ metadata: JSON_PLAIN, data: btoa(json) });

it('says all that was given, in the words of the API', async () => {
  const args = [
    ...['--workflow-id', 'OrderId', '--name', 'Order', '--task-queue', 'orders', '--input', '1'],
    ...['--run-timeout', '1h', '--execution-timeout', '1d', '--task-timeout', '500ms'],
    ...['--memo', 'a=1', '--search-attribute', 'City="Paris"', '--headers', 'user="Ada"'],
    ...['--static-summary', 'one "order"', '--static-details', '**more**'],
    ...['--priority-key', '2', '--fairness-key', 'Ada', '--fairness-weight', '0.5'],
  ];
  assert.deepEqual(await startMembers(testContext(options, args)), {
    workflowId: 'OrderId',
    workflowType: { name: 'Order' },
    taskQueue: { name: 'orders' },
    input: { payloads: [payload('1')] },
    workflowRunTimeout: '3600s',
    workflowExecutionTimeout: '86400s',
    workflowTaskTimeout: '0.5s',
    memo: { fields: { a: payload('1') } },
    searchAttributes: { indexedFields: { City: payload('"Paris"') } },
    header: { fields: { user: payload('"Ada"') } },
    userMetadata: { summary: payload('"one \\"order\\""'), details: payload('"**more**"') },
    priority: { priorityKey: 2, fairnessKey: 'Ada', fairnessWeight: 0.5 },
  });
});

it('says nothing else', async () => {
  assert.deepEqual(await startMembers(testContext(options, [])), {});
});
