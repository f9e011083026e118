// Texts of batch operations.
import { counted, pick } from './catalogue.ts';

const en = {
  title: 'Batch operations',
  label: 'Batch operations',
  kinds: { cancel: 'Cancel', terminate: 'Terminate', signal: 'Signal', reset: 'Reset', delete: 'Delete' },
  dialog: {
    title: {
      cancel: 'Request cancellation',
      terminate: 'Terminate',
      signal: 'Signal',
      reset: 'Reset',
      delete: 'Delete',
    },
    effect: {
      cancel: 'Each workflow is told to cancel, and may clean up first.',
      terminate: 'Each workflow ends at once. Its code gets no chance to clean up.',
      signal: 'Each workflow receives the signal.',
      reset: 'Each workflow ends, and a new run goes on from the chosen point.',
      delete: 'Each workflow is terminated if it runs, and its history is removed.',
    },
    affected: (n: number) => `${counted(n, 'workflow', 'workflows')} will be affected.`,
    counting: 'Counting what matches …',
    uncounted: 'What matches cannot be counted',
    countNow: 'Workflows that start in the meantime may match too: the query runs when the operation does.',
    reason: 'Reason',
    jobId: 'Job id',
    signal: 'Signal name',
    input: 'Input (JSON)',
    resetTo: 'Reset to',
    firstTask: 'Its first workflow task: everything runs again',
    lastTask: 'Its last workflow task',
    rate: 'At most per second',
    rateHelp: 'Empty: as fast as the server allows.',
    typed: (n: number) => `Type ${n} to confirm`,
    started: (id: string) => `Batch operation ${id} was started`,
    submit: (words: string, n: number) => `${words} ${n.toLocaleString('en')}`,
  },
  columns: { state: 'State', jobId: 'Job id', type: 'Type', started: 'Started', closed: 'Closed' },
  states: { RUNNING: 'Running', COMPLETED: 'Completed', FAILED: 'Failed' },
  newFromQuery: 'New from a query',
  next: 'Next',
  query: 'Query',
  kind: 'What to do',
  emptyTitle: 'No batch operations',
  emptyText: 'Select workflows in the list, or use the command line:',
  progress: {
    done: 'Done',
    failed: 'Failed',
    total: 'Total',
    identity: 'Started by',
    reason: 'Reason',
    duration: 'Duration',
  },
  stop: 'Stop',
  /** The server wants one. */
  stopReason: 'Stopped in the Web UI',
  stopped: (id: string) => `Batch operation ${id} is told to stop`,
  progressLabel: 'Progress',
};

export const batch = pick({ en });
