import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FieldReader, valueText } from './fields.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const attribute = (type: string, value: unknown) => ({
  metadata: { encoding: base64('json/plain'), type: base64(type) },
  data: base64(JSON.stringify(value)),
});
const RUN = {
  execution: { workflowId: 'OrderId' },
  searchAttributes: { indexedFields: { Amount: attribute('Int', 50), City: attribute('Keyword', 'Rom') } },
  memo: { fields: { note: 'hello' } },
  tags: ['a', 'b'],
};
const read = (path: string) => valueText(new FieldReader().one(RUN, path));

test('a field is found by its path, however it is capitalized', () => {
  assert.equal(read('execution.workflowId'), 'OrderId');
  assert.equal(read('Execution.WorkflowID'), 'OrderId');
  assert.equal(read('tags.1'), 'b');
  assert.equal(read('execution'), '{"workflowId":"OrderId"}');
  assert.equal(read('execution.nothing'), '');
  assert.equal(read('execution.workflowId.nothing'), '');
});

test('search attributes and memos are found by their own names, and are values', () => {
  assert.equal(read('searchAttributes.Amount'), '50');
  assert.equal(read('searchAttributes.indexedFields.City'), 'Rom');
  assert.equal(read('memo.note'), 'hello');
  assert.equal(read('memo.other'), '');
});

test('a field is missing if nothing had it', () => {
  const reader = new FieldReader();
  reader.all(RUN, ['memo.note', 'nothing', 'memo.other']);
  assert.deepEqual(reader.missing, ['nothing', 'memo.other']);
  reader.one({ nothing: 0 }, 'nothing');
  assert.deepEqual(reader.missing, ['memo.other']);
});
