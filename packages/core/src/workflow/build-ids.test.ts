import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { jsonPayload, parseJsonPayload } from '@perdure/api';
import { SearchAttributes, WorkerVersionStamp } from '@perdure/api/common';
import { attributeFields } from '../search-attributes/fields.ts';
import { evolveWorkerVersion } from './build-ids.ts';
import { newWorkflowState, type WorkflowState } from './state.ts';

function completedBy(state: WorkflowState, ...buildIds: string[]): void {
  for (const buildId of buildIds) evolveWorkerVersion(state, WorkerVersionStamp.encode({ buildId }));
}

function listed(state: WorkflowState): unknown {
  const value = attributeFields(state.searchAttributes).get('BuildIds');
  return value === undefined ? undefined : parseJsonPayload(value);
}

describe('the build ids of the workers of a run', () => {
  it('are listed once each, in the order in which they came', () => {
    const state = newWorkflowState('n', 'w', 'r');
    completedBy(state, 'a', 'a', 'b', 'a');
    assert.deepEqual(listed(state), ['unversioned', 'unversioned:a', 'unversioned:b']);
  });

  it('change nothing when the worker has not changed, or says nothing', () => {
    const state = newWorkflowState('n', 'w', 'r');
    evolveWorkerVersion(state, undefined);
    completedBy(state, '');
    assert.equal(state.searchAttributes, undefined);
    completedBy(state, 'a');
    const before = state.searchAttributes;
    completedBy(state, 'a', '');
    evolveWorkerVersion(state, undefined);
    assert.equal(state.searchAttributes, before);
  });

  it('join what the workflow has put there itself', () => {
    for (const value of ['own', ['own']]) {
      const state = newWorkflowState('n', 'w', 'r');
      state.searchAttributes = SearchAttributes.encode({ indexedFields: new Map([['BuildIds', jsonPayload(value)]]) });
      completedBy(state, 'a');
      assert.deepEqual(listed(state), ['unversioned', 'own', 'unversioned:a']);
    }
  });

  it('take up to 2048 bytes; then the oldest go', () => {
    const state = newWorkflowState('n', 'w', 'r');
    // ["unversioned","unversioned:<a>","unversioned:b"]
    const rest = JSON.stringify(['unversioned', 'unversioned:', 'unversioned:b']).length;
    completedBy(state, 'a'.repeat(2048 - rest), 'b');
    assert.equal((listed(state) as string[]).length, 3);
    const other = newWorkflowState('n', 'w', 'r');
    completedBy(other, 'a'.repeat(2048 - rest + 1), 'b');
    assert.deepEqual(listed(other), ['unversioned', 'unversioned:b']);
  });
});
