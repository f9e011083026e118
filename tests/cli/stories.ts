// Executions that the commands look at, each with a story; their workers are played by hand.

import { startChild } from '../e2e/children-commands.ts';
import {
  type Command,
  CommandType,
  completeWorkflow,
  EventType,
  type Hand,
  hand,
  scheduleActivity,
  startTimer,
} from '../e2e/hand.ts';

/** A run that has a failed attempt of an activity behind it, and waits for the next one and for a timer. */
export async function waiting(): Promise<Hand> {
  const run = await hand();
  await run.start();
  await run.step(scheduleActivity(run.taskQueue, { retryPolicy: RETRY }), startTimer('t1', 3600));
  await run.failActivity(await run.activityTask(), { type: 'CardDeclined' }, 'no funds');
  return run;
}

const RETRY = { initialInterval: { seconds: 3600 as never, nanos: 0 }, maximumAttempts: 5 };

export async function completed(): Promise<Hand> {
  const run = await hand();
  await run.start({
    input: { payloads: [{ metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from('7') }] },
  });
  await run.step(scheduleActivity(run.taskQueue));
  await run.completeActivity(await run.activityTask());
  await run.step(completeWorkflow());
  return run;
}

/** A parent that failed because its child did, whose activity did. */
export async function failedFamily(): Promise<{ readonly parent: Hand; readonly child: Hand }> {
  const [parent, child] = [await hand(), await hand()];
  await parent.start();
  await parent.step(startChild(child));
  await child.step(scheduleActivity(child.taskQueue, { retryPolicy: { maximumAttempts: 1 } }));
  await child.failActivity(await child.activityTask(), { type: 'CardDeclined' }, 'card 4711 declined');
  const failed = await child.event(EventType.EVENT_TYPE_ACTIVITY_TASK_FAILED);
  const { failure = {}, scheduledEventId } = failed.activityTaskFailedEventAttributes ?? {};
  await child.step(
    failWith({
      message: 'activity failed',
      activityFailureInfo: {
        activityType: { name: 'work' },
        activityId: 'a1',
        scheduledEventId: scheduledEventId ?? null,
      },
      cause: failure,
    }),
  );
  const ended = await parent.event(EventType.EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_FAILED);
  const { failure: cause, ...names } = ended.childWorkflowExecutionFailedEventAttributes ?? {};
  await parent.step(failOfChild(names, cause));
  return { parent, child };
}

interface ChildNames {
  readonly workflowExecution?: ChildFailure['workflowExecution'];
  readonly workflowType?: ChildFailure['workflowType'];
  readonly initiatedEventId?: ChildFailure['initiatedEventId'];
}

type ChildFailure = NonNullable<NonNullable<Failure>['childWorkflowExecutionFailureInfo']>;

/** What code does that does not catch what its child failed of. */
export function failOfChild(
  { workflowExecution, workflowType, initiatedEventId }: ChildNames,
  cause?: Failure,
): Command {
  return failWith({
    message: 'child failed',
    childWorkflowExecutionFailureInfo: {
      namespace: 'default',
      workflowExecution: workflowExecution ?? null,
      workflowType: workflowType ?? null,
      initiatedEventId: initiatedEventId ?? null,
    },
    cause: cause ?? null,
  });
}

type Failure = NonNullable<Command['failWorkflowExecutionCommandAttributes']>['failure'];

function failWith(failure: Failure): Command {
  return {
    commandType: CommandType.COMMAND_TYPE_FAIL_WORKFLOW_EXECUTION,
    failWorkflowExecutionCommandAttributes: { failure: failure ?? null },
  };
}
