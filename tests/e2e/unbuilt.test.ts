// What is not built yet answers that it is not, by name: nothing pretends. (The only end-to-end test that a complete
// server fails.)

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import proto from '@temporalio/proto';
import { CommandType, hand, sharedRaw, WorkflowTaskFailedCause } from './hand.ts';
import { sharedServer } from './harness.ts';
import { Code, fails, failure } from './raw.ts';

const METHODS = ['ListWorkers'] as const;

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

describe('worker versioning, which is not built yet', () => {
  const { WORKER_VERSIONING_MODE_VERSIONED } = proto.temporal.api.enums.v1.WorkerVersioningMode;
  const deploymentOptions = {
    deploymentName: 'd',
    buildId: '1',
    workerVersioningMode: WORKER_VERSIONING_MODE_VERSIONED,
  };
  const workers = {
    'of a deployment': { deploymentOptions },
    'by build id': { workerVersionCapabilities: { buildId: '1', useVersioning: true } },
  };
  for (const [name, worker] of Object.entries(workers)) {
    it(`${name}: the worker is refused instead of being given the tasks of other versions`, async () => {
      const w = await hand();
      const poll = { namespace: w.namespace, taskQueue: { name: w.taskQueue }, ...worker };
      const text = 'worker versioning is not implemented by this server';
      await fails(w.raw.as({ deadlineMs: 15_000 }).pollWorkflowTaskQueue(poll), Code.UNIMPLEMENTED, text);
      await fails(w.raw.as({ deadlineMs: 15_000 }).pollActivityTaskQueue(poll), Code.UNIMPLEMENTED, text);
      const { logFile } = await sharedServer();
      const told = readFileSync(logFile, 'utf8')
        .split('\n')
        .filter((line) => line.includes(w.taskQueue));
      assert.equal(told.length, 1, 'two polls, one warning');
      assert.match(told[0] ?? '', /WARN .*a worker gets no tasks: worker versioning is not implemented/);
    });
  }
});

describe('a start with what is not built yet', { concurrency: true }, () => {
  const requests = {
    'a versioning override': { versioningOverride: { autoUpgrade: true } },
    'completion callbacks other than Nexus ones': { completionCallbacks: [{ internal: { data: Buffer.of(1) } }] },
    'completion callbacks to temporal://system': { completionCallbacks: [{ nexus: { url: 'temporal://system' } }] },
  };
  for (const [name, request] of Object.entries(requests)) {
    it(name, async () => {
      const w = await hand();
      await fails(w.start(request), Code.UNIMPLEMENTED, new RegExp(`${name}.* not implemented`));
    });
  }
});

describe('a command that is not built yet', () => {
  it('fails the workflow task, and says why in the history, to the worker and in the log', async () => {
    const w = await hand();
    await w.start();
    const operation = {
      commandType: CommandType.COMMAND_TYPE_SCHEDULE_NEXUS_OPERATION,
      scheduleNexusOperationCommandAttributes: { endpoint: 'e', service: 's', operation: 'o' },
    };
    const text = 'FeatureDisabled: ScheduleNexusOperation is not implemented by this server.';
    await fails(w.complete(await w.workflowTask(), [operation]), Code.INVALID_ARGUMENT, text);
    const failed = (await w.history())[3]?.workflowTaskFailedEventAttributes;
    assert.equal(failed?.cause, WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_FEATURE_DISABLED);
    assert.equal(failed?.failure?.message, text);
    const log = readFileSync((await sharedServer()).logFile, 'utf8');
    assert(log.includes('a workflow uses what this server does not have'), log);
    assert(log.includes(w.workflowId), log);
  });
});

describe('an option that is not built yet', () => {
  it('a default rate limit of fairness keys', async () => {
    const { workflow } = await sharedRaw();
    const updateFairnessKeyRateLimitDefault = { rateLimit: { requestsPerSecond: 1 } };
    const request = { namespace: 'default', taskQueue: 'q', taskQueueType: 2, updateFairnessKeyRateLimitDefault };
    const { code, text } = await failure(workflow.updateTaskQueueConfig(request));
    assert.equal(Code[code], 'UNIMPLEMENTED');
    assert(text.includes('update_fairness_key_rate_limit_default'), text);
  });
});
