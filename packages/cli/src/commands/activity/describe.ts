// `activity describe`, of a standalone activity.

import type { Context } from '../../context.ts';
import { durationText } from '../../output/durations.ts';
import { toJson } from '../../output/json.ts';
import { enumText } from '../../output/texts.ts';

interface Described {
  readonly info?: {
    readonly activityId?: string;
    readonly runId?: string;
    readonly activityType?: { readonly name?: string };
    readonly status?: string;
    readonly runState?: string;
    readonly taskQueue?: string;
    readonly scheduleToCloseTimeout?: string;
    readonly scheduleToStartTimeout?: string;
    readonly startToCloseTimeout?: string;
    readonly heartbeatTimeout?: string;
    readonly startDelay?: string;
    readonly lastStartedTime?: string;
    readonly attempt?: number;
    readonly executionDuration?: string;
    readonly scheduleTime?: string;
    readonly closeTime?: string;
    readonly lastFailure?: { readonly message?: string };
    readonly lastWorkerIdentity?: string;
    readonly lastAttemptCompleteTime?: string;
    readonly stateTransitionCount?: string;
  };
}

export async function describe(context: Context): Promise<undefined> {
  const { given, out } = context;
  const client = await context.client();
  const reply = await client.call<Described>('DescribeActivityExecution', {
    namespace: client.namespace,
    activityId: given.text('activity-id'),
    runId: given.last('run-id'),
    includeLastFailure: true,
  });
  if (given.isOn('raw') && out.isText) {
    await out.line(toJson(reply, { pretty: true, payloadShorthand: out.payloadShorthand }));
    return;
  }
  const { info = {} } = reply.value;
  await out.object(reply, () =>
    out.card('Activity Execution Info', [
      ['ActivityId', info.activityId],
      ['RunId', info.runId],
      ['Type', info.activityType?.name],
      ['Status', out.status(enumText('ACTIVITY_EXECUTION_STATUS', info.status))],
      ['RunState', enumText('PENDING_ACTIVITY_STATE', info.runState)],
      ['TaskQueue', info.taskQueue],
      ['ScheduleToCloseTimeout', durationText(info.scheduleToCloseTimeout)],
      ['ScheduleToStartTimeout', durationText(info.scheduleToStartTimeout)],
      ['StartToCloseTimeout', durationText(info.startToCloseTimeout)],
      ['HeartbeatTimeout', durationText(info.heartbeatTimeout)],
      ['StartDelay', durationText(info.startDelay)],
      ['LastStartedTime', out.time(info.lastStartedTime)],
      ['Attempt', info.attempt],
      ['ExecutionDuration', durationText(info.executionDuration)],
      ['ScheduleTime', out.time(info.scheduleTime)],
      ['CloseTime', out.time(info.closeTime)],
      ['LastFailure', info.lastFailure?.message],
      ['LastWorkerIdentity', info.lastWorkerIdentity],
      ['LastAttemptCompleteTime', out.time(info.lastAttemptCompleteTime)],
      ['StateTransitionCount', info.stateTransitionCount],
    ]),
  );
}
