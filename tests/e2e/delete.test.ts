// Removing workflows: on request, and when their namespace's retention is over.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { completeWorkflow, EventType, Hand, hand, scheduleActivity, seconds, startTimer } from './hand.ts';
import { atEnd, eventually, TestServer, unique } from './harness.ts';
import { Code, failure, RawClient } from './raw.ts';

/** The official server takes its time. */
const WITHIN_MS = 60_000;

function remove(w: Hand, runId?: string) {
  return w.raw.workflow.deleteWorkflowExecution({
    namespace: w.namespace,
    workflowExecution: { workflowId: w.workflowId, ...(runId === undefined ? {} : { runId }) },
  });
}

/** Resolves when the run (without its id: every run) is not found any more, and not listed either. */
async function gone(w: Hand, runId?: string): Promise<void> {
  const execution = { workflowId: w.workflowId, ...(runId === undefined ? {} : { runId }) };
  await eventually(
    'the run is not found',
    async () => {
      try {
        await w.raw.workflow.describeWorkflowExecution({ namespace: w.namespace, execution });
        return undefined;
      } catch (error) {
        assert.equal((error as { code: number }).code, Code.NOT_FOUND);
        return true;
      }
    },
    WITHIN_MS,
  );
  const query = runId === undefined ? `WorkflowId = '${w.workflowId}'` : `RunId = '${runId}'`;
  await eventually(
    'the run is not listed',
    async () => {
      const { executions } = await w.raw.workflow.listWorkflowExecutions({ namespace: w.namespace, query });
      return executions.length === 0 ? true : undefined;
    },
    WITHIN_MS,
  );
}

describe('a deletion', { concurrency: true }, () => {
  it('removes a closed workflow', async () => {
    const w = await hand();
    const runId = await w.start();
    await w.step(completeWorkflow());
    await remove(w);
    await gone(w);
    assert.equal((await failure(w.history(runId))).code, Code.NOT_FOUND);
    // The workflow id is free, whatever policy there is.
    await w.start({ workflowIdReusePolicy: 3 });
    await w.step(completeWorkflow());
  });

  it('removes an open workflow with all that it waits for', async () => {
    const w = await hand();
    await w.start();
    await w.step(startTimer('t', 60), scheduleActivity(w.taskQueue));
    const task = await w.activityTask();
    await remove(w);
    await gone(w);
    assert.equal((await failure(w.completeActivity(task))).code, Code.NOT_FOUND);
  });

  it('of one run leaves the others of the workflow id', async () => {
    const w = await hand();
    const first = await w.start();
    await w.step(completeWorkflow('one'));
    const second = await w.start();
    await w.step(completeWorkflow('two'));
    await remove(w, second);
    await gone(w, second);
    assert.equal((await w.describe()).workflowExecutionInfo?.execution?.runId, first);
    await remove(w, first);
    await gone(w);
  });

  it('of an unknown workflow is refused', async () => {
    const w = await hand();
    assert.equal((await failure(remove(w))).code, Code.NOT_FOUND);
    await w.start();
    await remove(w);
    await gone(w);
    assert.equal((await failure(remove(w))).code, Code.NOT_FOUND);
  });

  it('ends the waits of those who wait for the workflow', async () => {
    const w = await hand();
    await w.start();
    const waiting = w.event(EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED).then(
      () => 'ended',
      () => 'refused',
    );
    await w.step();
    await remove(w);
    await gone(w);
    assert.match(await waiting, /ended|refused/);
  });

  it('under load does not hurt others', async () => {
    const all = await Promise.all(Array.from({ length: 40 }, () => hand()));
    await Promise.all(
      all.map(async (w, i) => {
        await w.start();
        const readers = Promise.allSettled([w.history(), w.describe(), w.signal()]);
        if (i % 2 === 0) await w.step();
        if (i % 2 === 0) await remove(w);
        await readers;
      }),
    );
    await Promise.all(all.map((w, i) => (i % 2 === 0 ? gone(w) : w.step(completeWorkflow()))));
  });
});

describe('over kills and restarts', () => {
  it('what was removed stays removed, and nothing else is lost', async () => {
    const server = await TestServer.start({ onFile: true });
    const raw = new RawClient(server.address);
    atEnd(async () => {
      raw.close();
      await server.dispose();
    });
    const open = new Hand(raw);
    const closed = new Hand(raw);
    const kept = new Hand(raw);
    for (const w of [open, closed, kept]) await w.start();
    await open.step(startTimer('t', 60));
    await closed.step(completeWorkflow());
    await Promise.all([remove(open), remove(closed)]);
    await server.kill();
    await server.launch();
    await Promise.all([gone(open), gone(closed)]);
    await kept.step(completeWorkflow());
    // And once more, of a run that has to be read back first.
    await server.kill();
    await server.launch();
    await remove(kept);
    await gone(kept);
  });
});

describe('retention', () => {
  it('removes closed workflows when it is over, and open ones never', async () => {
    const server = await TestServer.start({
      onFile: true,
      args: ['--dynamic-config-value', 'system.namespaceMinRetentionLocal="1s"'],
    });
    const raw = new RawClient(server.address);
    atEnd(async () => {
      raw.close();
      await server.dispose();
    });
    const namespace = unique('short');
    await raw.workflow.registerNamespace({ namespace, workflowExecutionRetentionPeriod: seconds(2) });
    const closed = new Hand(raw);
    const open = new Hand(raw);
    for (const w of [closed, open]) {
      w.namespace = namespace;
      await eventually('the namespace is known', async () => {
        const { namespaces } = await raw.workflow.listNamespaces({});
        return namespaces.some(({ namespaceInfo }) => namespaceInfo?.name === namespace) ? true : undefined;
      });
      await w.start();
    }
    await closed.step(completeWorkflow());
    await gone(closed);
    await open.step(completeWorkflow());
    await server.kill();
    await server.launch();
    await gone(open);
  });
});
