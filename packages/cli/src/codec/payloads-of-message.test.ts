import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadSchema, messageFromJson, messageToJson } from '@perdure/api/json';
import { mapPayloads, type PayloadJson } from './payloads-of-message.ts';

const TYPE = 'temporal.api.workflowservice.v1.StartWorkflowExecutionRequest';

test('payloads in lists, in maps and deep inside are changed together, and everything else stays', async () => {
  const schema = await loadSchema();
  const request = (data: (name: string) => string) => ({
    workflowId: 'order-1',
    input: { payloads: [{ data: data('AA==') }, { data: data('AQ==') }] },
    memo: { fields: { note: { data: data('Ag==') } } },
    searchAttributes: { indexedFields: { City: { data: 'Aw==' } } },
    header: { fields: { trace: { data: data('BA==') } } },
    userMetadata: { summary: { data: data('BQ==') } },
  });
  const message = messageFromJson(schema, TYPE, JSON.stringify(request((text) => text)));
  const calls: (readonly PayloadJson[])[] = [];
  const changed = await mapPayloads(schema, TYPE, message, (payloads) => {
    calls.push(payloads);
    return Promise.resolve(payloads.map(({ data = '' }) => ({ data: Buffer.from(`<${data}>`).toString('base64') })));
  });
  assert.equal(calls.length, 1);
  assert.deepEqual(calls[0]?.map(({ data }) => data).sort(), ['AA==', 'AQ==', 'Ag==', 'BA==', 'BQ==']);
  const expected = request((text) => Buffer.from(`<${text}>`).toString('base64'));
  assert.deepEqual(JSON.parse(messageToJson(schema, TYPE, changed)), expected);
});

test('without payloads nobody is asked', async () => {
  const schema = await loadSchema();
  const message = messageFromJson(schema, TYPE, JSON.stringify({ workflowId: 'order-1' }));
  assert.equal(await mapPayloads(schema, TYPE, message, () => assert.fail('nobody is asked')), message);
});
