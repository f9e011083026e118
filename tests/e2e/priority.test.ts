// Priority and fairness: which of the tasks that wait a worker gets next, and what is refused.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { temporal } from '@temporalio/proto';
import { completeWorkflow, Hand, scheduleActivity, TaskQueueType } from './hand.ts';
import { atEnd, eventually, TestServer } from './harness.ts';
import { Code, fails, failure, RawClient } from './raw.ts';

type Priority = temporal.api.common.v1.IPriority;

/** What the official server needs to obey at all, and exactly: ours has neither partitions nor switches for it. */
const SETTINGS = [
  'matching.useNewMatcher=true',
  'matching.enableFairness=true',
  'matching.numTaskqueueReadPartitions=1',
  'matching.numTaskqueueWritePartitions=1',
];
const server = await TestServer.start({
  onFile: true,
  args: SETTINGS.flatMap((setting) => ['--dynamic-config-value', setting]),
});
const raw = new RawClient(server.address);
atEnd(async () => {
  raw.close();
  await server.dispose();
});

const NEGATIVE_KEY = "priority key can't be negative";
const LONG_KEY = 'fairness key length exceeds limit';
const NEGATIVE_WEIGHT = 'must be greater than zero';

/** A workflow with an activity of each priority, which nobody has taken yet. */
async function waiting(priorities: readonly Priority[], workflowPriority: Priority = {}): Promise<Hand> {
  const w = new Hand(raw);
  await w.start({ priority: workflowPriority });
  const commands = priorities.map((priority, n) => scheduleActivity(w.taskQueue, { activityId: `${n}`, priority }));
  await w.step(...commands);
  await backlogOf(w, priorities.length);
  return w;
}

async function backlogOf(w: Hand, count: number, type?: temporal.api.enums.v1.TaskQueueType): Promise<void> {
  await eventually('all of them wait', async () => {
    const { stats } = await describeQueue(w, type);
    return Number(stats?.approximateBacklogCount) === count ? true : undefined;
  });
}

function describeQueue(w: Hand, taskQueueType = TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY) {
  const taskQueue = { name: w.taskQueue };
  return raw.workflow.describeTaskQueue({ namespace: w.namespace, taskQueue, taskQueueType, reportStats: true });
}

async function take(w: Hand, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < count; n++) ids.push((await w.activityTask()).activityId);
  return ids;
}

describe('tasks that wait', { concurrency: true }, () => {
  it('are given out by their priority, and within one as they came', async () => {
    const keys = [5, 3, 1, 0, 2, 4, 1];
    const w = await waiting(keys.map((priorityKey) => ({ priorityKey })));
    assert.deepEqual(await take(w, keys.length), ['2', '6', '4', '1', '3', '5', '0']);
  });

  it('have the priority of their workflow unless they say another', async () => {
    const w = await waiting([{ priorityKey: 5 }, {}], { priorityKey: 4, fairnessKey: 'k', fairnessWeight: 2 });
    const task = await w.activityTask();
    assert.equal(task.activityId, '1');
    assert.deepEqual(
      [task.priority?.priorityKey, task.priority?.fairnessKey, task.priority?.fairnessWeight],
      [4, 'k', 2],
    );
    assert.equal((await w.describe()).workflowExecutionInfo?.priority?.priorityKey, 4);
  });

  it('are counted by their priority', async () => {
    const w = await waiting([{ priorityKey: 1 }, { priorityKey: 1 }, {}]);
    const { statsByPriorityKey: levels } = await describeQueue(w);
    assert.equal(Number(levels['1']?.approximateBacklogCount), 2);
    assert.equal(Number(levels['3']?.approximateBacklogCount), 1);
    assert(levels['1']?.approximateBacklogAge);
  });

  it('take turns by their fairness keys', async () => {
    const keys = ['a', 'a', 'a', 'a', 'b', 'b'];
    const w = await waiting(keys.map((fairnessKey) => ({ fairnessKey })));
    const order = (await take(w, keys.length)).map((id) => keys[Number(id)]);
    assert.equal(order.slice(0, 4).filter((key) => key === 'b').length, 2, order.join(' '));
  });

  it('are workflow tasks as well', async () => {
    const [late, early] = [new Hand(raw), new Hand(raw)];
    const taskQueue = { name: late.taskQueue };
    await late.start({ priority: { priorityKey: 4 } });
    await early.start({ taskQueue, priority: { priorityKey: 2 } });
    await backlogOf(late, 2, TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW);
    const task = await late.workflowTask();
    assert.equal(task.workflowExecution?.workflowId, early.workflowId);
    await early.complete(task, [completeWorkflow()]);
  });
});

describe('a priority that makes no sense', { concurrency: true }, () => {
  const senseless: readonly (readonly [Priority, string])[] = [
    [{ priorityKey: -1 }, NEGATIVE_KEY],
    [{ fairnessKey: 'x'.repeat(65) }, LONG_KEY],
    [{ fairnessWeight: -1 }, NEGATIVE_WEIGHT],
  ];
  for (const [priority, text] of senseless) {
    it(`${text}: of a workflow and of an activity`, async () => {
      const w = new Hand(raw);
      await fails(w.start({ priority }), Code.INVALID_ARGUMENT, text);
      await w.start({ priority: { priorityKey: 1000, fairnessKey: 'x'.repeat(64), fairnessWeight: 9999 } });
      const refused = w.complete(await w.workflowTask(), [scheduleActivity(w.taskQueue, { priority })]);
      const { code, text: said } = await failure(refused);
      assert.equal(code, Code.INVALID_ARGUMENT);
      assert(said.startsWith('BadScheduleActivityAttributes: ') && said.includes(text), said);
    });
  }
});

describe('a server that is killed', () => {
  it('gives out what waited by its priority afterwards', async () => {
    const keys = [5, 3, 1];
    const w = await waiting(keys.map((priorityKey) => ({ priorityKey })));
    await server.kill();
    await server.launch();
    await backlogOf(w, keys.length);
    assert.deepEqual(await take(w, keys.length), ['2', '1', '0']);
  });
});
