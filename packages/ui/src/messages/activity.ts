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
};

export const activity = pick({ en });
