// What clients do in a journey: one flow for each workflow, all of them at once. Those of schedules and batch operations
// are in files of their own.

import proto from '@temporalio/proto';
import { payloads, seconds } from '../../e2e/hand.ts';
import { NAMESPACE } from '../../e2e/harness.ts';
import { batched } from './batched.ts';
import { madeUp, scheduled } from './scheduled.ts';
import type { Traveller } from './traveller.ts';

const { PendingActivityState, WorkflowIdConflictPolicy } = proto.temporal.api.enums.v1;

type Flow = (t: Traveller) => Promise<void>;

export const FLOWS: readonly Flow[] = [
  async (t) => {
    await t.start('steps', 'steps', [], { memo: { fields: { note: payloads('a memo').payloads?.[0] ?? {} } } });
    await t.closed('steps');
  },
  async (t) => {
    await t.start('conversation', 'conversation');
    for (const word of ['one', 'two']) {
      await t.signal('conversation', word);
      await t.echoed('conversation', word);
    }
    await t.signal('conversation', 'stop');
    await t.closed('conversation');
  },
  async (t) => {
    const request = t.startRequest('greeted', 'conversation');
    await t.untilAnswered((service) =>
      service.signalWithStartWorkflowExecution({ ...request, signalName: 'say', signalInput: payloads('stop') }),
    );
    await t.closed('greeted');
  },
  async (t) => {
    const running = t.running('busy');
    // Its worker goes on with the task while the server is started again, which takes seconds on a busy machine. If the
    // task timed out meanwhile, the SDK would have to sort out several attempts of it.
    await t.start('busy', 'busy', [], { workflowTaskTimeout: seconds(10) });
    await running;
    for (const word of ['one', 'two']) await t.signal('busy', word);
    await t.closed('busy');
  },
  async (t) => {
    const running = t.running('cancelled');
    await t.start('cancelled', 'cancelled');
    await running;
    await t.cancel('cancelled');
    await t.closed('cancelled');
  },
  async (t) => {
    await t.start('given up', 'givenUp');
    await t.until('given up', 'one activity waits for its next attempt', ({ pendingActivities }) =>
      pendingActivities?.some(({ attempt }) => attempt === 2) ? true : undefined,
    );
    await t.signal('given up', 'enough');
    await t.closed('given up');
  },
  async (t) => {
    await t.start('operated', 'operated');
    await t.until('operated', 'its activity waits for the next attempt', ({ pendingActivities }) =>
      pendingActivities?.some(({ attempt }) => attempt === 2) ? true : undefined,
    );
    const execution = { workflowId: t.id('operated') };
    const request = { namespace: NAMESPACE, execution, identity: 'operator', type: 'failOnce' };
    await t.untilAnswered((service) => service.pauseActivity({ ...request, requestId: 'pause' }));
    const activityOptions = { retryPolicy: { initialInterval: seconds(0.1) } };
    const updateMask = { paths: ['retry_policy.initial_interval'] };
    await t.untilAnswered((service) => service.updateActivityOptions({ ...request, activityOptions, updateMask }));
    await t.untilAnswered((service) => service.resetActivity({ ...request, keepPaused: true }));
    await t.untilDone((service) => service.unpauseActivity(request));
    await t.closed('operated');
  },
  async (t) => {
    await t.start('outside', 'completedFromOutside');
    const activityId = await t.until('outside', 'its activity runs', ({ pendingActivities }) =>
      pendingActivities?.[0]?.state === PendingActivityState.PENDING_ACTIVITY_STATE_STARTED
        ? pendingActivities[0].activityId
        : undefined,
    );
    const answer = { namespace: NAMESPACE, workflowId: t.id('outside'), activityId, result: payloads('from outside') };
    await t.untilDone((service) => service.respondActivityTaskCompletedById(answer));
    await t.closed('outside');
  },
  async (t) => {
    await t.start('again', 'again', ['xx']);
    await t.closed('again');
  },
  async (t) => {
    await t.start('delayed', 'again', [''], { workflowStartDelay: seconds(0.3) });
    await t.closed('delayed');
  },
  async (t) => {
    await t.start('retried', 'retried', [], { retryPolicy: { initialInterval: seconds(0.1), backoffCoefficient: 1 } });
    await t.closed('retried');
  },
  async (t) => {
    await t.start('terminated', 'waiting');
    await t.terminate('terminated');
    await t.closed('terminated');
  },
  async (t) => {
    await t.start('timed out', 'waiting', [], { workflowRunTimeout: seconds(1) });
    await t.closed('timed out');
  },
  async (t) => {
    await t.start('replaced', 'waiting');
    await t.start('replaced', 'waiting', [], {
      requestId: 'start-replacing',
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_TERMINATE_EXISTING,
    });
    await t.terminate('replaced');
    await t.closed('replaced');
  },
  async (t) => {
    await t.start('updated', 'updated');
    for (const word of ['one', 'nonsense', 'two', 'stop']) await t.update('updated', word);
    await t.closed('updated');
  },
  async (t) => {
    await t.start('family', 'family');
    await t.closed('family');
    for (const child of ['terminated', 'asked to stop']) await t.closed('family', child);
    await t.terminate('family', 'abandoned');
    await t.closed('family', 'abandoned');
  },
  async (t) => {
    await t.start('reset', 'conversation');
    await t.signal('reset', 'one');
    await t.echoed('reset', 'one');
    await t.reset('reset');
    await t.echoed('reset', 'one');
    await t.signal('reset', 'stop');
    await t.closed('reset');
  },
  scheduled,
  madeUp,
  batched,
];
