// Texts of what can be done about a pending activity.
import { pick } from './catalogue.ts';

const en = {
  words: {
    runNow: 'Run now',
    pause: 'Pause',
    unpause: 'Unpause',
    reset: 'Reset attempts',
    complete: 'Complete',
    fail: 'Fail',
    options: 'Options',
  },
  done: {
    runNow: 'The next attempt may begin now',
    pause: 'No attempt begins until it is unpaused',
    unpause: 'Attempts go on',
    reset: 'It begins again with attempt 1',
  },
  completeTitle: 'Complete the activity',
  failTitle: 'Fail the activity',
  completeHelp: 'The workflow goes on as if a worker had returned this result. An attempt that runs is told to stop.',
  failHelp: 'The workflow sees this failure. It is not retried.',
  notRunning: 'Only an attempt that runs can be failed; it waits for the next.',
  result: 'Result (JSON)',
  message: 'Message',
  type: 'Failure type',
  options: {
    title: 'Options of the activity',
    submit: 'Change options',
    done: 'The options are changed',
    help: 'Pauses and timeouts are counted anew at once. The worker of an attempt that runs knows only the options that it was given.',
    labels: {
      taskQueue: 'Task queue',
      startToCloseTimeout: 'Start-to-close timeout',
      scheduleToCloseTimeout: 'Schedule-to-close timeout',
      scheduleToStartTimeout: 'Schedule-to-start timeout',
      heartbeatTimeout: 'Heartbeat timeout',
      initialInterval: 'Initial retry interval',
      backoffCoefficient: 'Backoff coefficient',
      maximumInterval: 'Maximum retry interval',
      maximumAttempts: 'Maximum attempts',
    },
    meanings: {
      taskQueue: 'Of the workers that execute it',
      startToCloseTimeout: 'For one attempt, like 90s or 1h 30m',
      scheduleToCloseTimeout: 'For all attempts; empty: no limit',
      scheduleToStartTimeout: 'Until a worker takes it',
      heartbeatTimeout: 'Between two heartbeats',
      initialInterval: 'Before the second attempt',
      backoffCoefficient: 'So many times longer each time',
      maximumInterval: 'Between two attempts',
      maximumAttempts: 'Empty: no limit',
    },
    restore: 'Restore the options that it was scheduled with',
    problems: {
      duration: 'Write it like 90s, 5m or 1h 30m.',
      needed: 'It cannot be empty.',
      coefficient: 'It must be 1 or more.',
      attempts: 'It must be a whole number.',
    },
  },
};

export const activity = pick({ en });
