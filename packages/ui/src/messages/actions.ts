// Texts of the dialogs that act on one run.
import { counted, pick } from './catalogue.ts';

const en = {
  signal: {
    title: 'Send a signal',
    name: 'Signal',
    input: 'Input (JSON)',
    submit: 'Send',
    done: (name: string) => `Signal ${name} was sent`,
  },
  update: {
    title: 'Send an update',
    name: 'Update',
    id: 'Update id',
    idHelp: 'A repeated call with the same id gets the same answer.',
    input: 'Input (JSON)',
    submit: 'Send and wait',
    accepted: 'It was accepted and goes on.',
    completed: 'Completed',
    failed: 'It failed',
    waiting: 'Waiting for a worker’s answer',
  },
  end: {
    cancel: {
      title: 'Request cancellation',
      effect: 'The workflow is told to cancel. It may clean up, and may decide to go on.',
      submit: 'Request cancellation',
    },
    terminate: {
      title: 'Terminate',
      effect:
        'The workflow ends at once. Its code gets no chance to clean up; its children follow their parent close policy.',
      submit: 'Terminate',
    },
    reason: 'Reason',
    done: { cancel: 'Cancellation was requested', terminate: 'The workflow was terminated' },
  },
  reset: {
    title: 'Reset',
    effect: 'This run ends if it is open, and a new run begins with the history up to the chosen point.',
    point: 'Back to',
    reason: 'Reason',
    submit: 'Reset',
    signals: 'Signals after that point are applied again',
    updates: 'Updates after that point are applied again',
    kept: (n: number) => `${counted(n, 'event is', 'events are')} kept.`,
    again: 'Will run again',
    nothingAgain: 'Nothing that had begun will run again.',
    reapplied: 'Applied again',
    none: 'There is no point to reset to: no workflow task has completed yet.',
    loading: 'Reading the history',
    last: 'latest',
    beforeAll: 'the beginning',
  },
  input: 'Input (JSON)',
};

export const actions = pick({ en });
