import assert from 'node:assert/strict';
import { it } from 'node:test';
import { changed } from './rerun.ts';

const kept = {
  workflowType: { name: 'Order' },
  input: { payloads: [{ data: 'MQ==' }] },
  workflowRunTimeout: '60s',
  memo: { fields: { a: { data: 'MQ==' }, b: { data: 'Mg==' } } },
  searchAttributes: { indexedFields: { City: { data: 'IlBhcmlzIg==' } } },
  userMetadata: { summary: { data: 'Im9sZCI=' }, details: { data: 'ImxvbmciIA==' } },
  priority: { priorityKey: 2, fairnessKey: 'Ada' },
};

it('keeps all that is not changed', () => {
  assert.deepEqual(changed(kept, { workflowId: 'OrderId' }), { ...kept, workflowId: 'OrderId' });
  assert.deepEqual(changed({}, { memo: { fields: { a: 1 } } }), { memo: { fields: { a: 1 } } });
});

it('changes what is given, and of things with parts just these parts', () => {
  const change = {
    workflowRunTimeout: '90s',
    memo: { fields: { b: { data: 'Mw==' }, c: { data: 'NA==' } } },
    header: { fields: { user: { data: 'IkFkYSI=' } } },
    userMetadata: { summary: { data: 'Im5ldyI=' } },
    priority: { priorityKey: 1 },
  };
  assert.deepEqual(changed(kept, change), {
    ...kept,
    workflowRunTimeout: '90s',
    memo: { fields: { a: { data: 'MQ==' }, b: { data: 'Mw==' }, c: { data: 'NA==' } } },
    header: { fields: { user: { data: 'IkFkYSI=' } } },
    userMetadata: { summary: { data: 'Im5ldyI=' }, details: { data: 'ImxvbmciIA==' } },
    priority: { priorityKey: 1, fairnessKey: 'Ada' },
  });
});
