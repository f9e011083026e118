// What is not built yet answers that it is not, by name: nothing pretends. (The only end-to-end test that a complete
// server fails.)

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sharedRaw } from './hand.ts';
import { Code, failure } from './raw.ts';

const METHODS = ['UpdateWorkflowExecution', 'ResetWorkflowExecution', 'CreateSchedule', 'StartBatchOperation'] as const;

describe('an RPC that is not built yet', { concurrency: true }, () => {
  for (const method of METHODS) {
    it(method, async () => {
      const raw = await sharedRaw();
      const error = await failure(
        raw.bytes(`/temporal.api.workflowservice.v1.WorkflowService/${method}`, Buffer.alloc(0)),
      );
      assert.equal(Code[error.code], 'UNIMPLEMENTED');
      assert(error.text.includes(method), error.text);
    });
  }
});
