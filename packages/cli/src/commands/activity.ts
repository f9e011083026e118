// `perdure activity`: activities of workflows, and standalone ones.

import type { CommandTree } from '../table/command.ts';
import type { OptionTable } from '../table/options.ts';
import { STANDALONE_ACTIVITY } from './activity-standalone.ts';

const ACTIVITY_ID = { short: 'a', value: 'ID', help: 'Activity id' } as const;

const REFERENCE = {
  'activity-id': { ...ACTIVITY_ID, required: true },
  'workflow-id': { short: 'w', value: 'ID', help: 'Workflow id; without it, a standalone activity is meant' },
  'run-id': { short: 'r', value: 'ID', help: 'Run id (default: the newest run)' },
} as const satisfies OptionTable;

const REFERENCE_OR_BATCH = {
  'activity-id': { ...ACTIVITY_ID, help: 'Activity id; or --query' },
  'workflow-id': REFERENCE['workflow-id'],
  'run-id': REFERENCE['run-id'],
  query: {
    short: 'q',
    value: 'QUERY',
    help: 'All activities of all workflows of this list filter, by a batch operation',
  },
  reason: { value: 'TEXT', help: 'Why, as the batch operation shows it' },
  yes: { short: 'y', help: 'Do not ask before a batch operation is started' },
  rps: { value: 'N', kind: 'number', help: 'Workflows per second of the batch operation at most' },
  headers: { value: 'KEY=JSON', kind: 'pair', repeatable: true, help: 'Accepted, and without effect' },
} as const satisfies OptionTable;

const JITTER = {
  jitter: { value: 'DURATION', kind: 'duration', help: 'Start each by chance so much later at most' },
} as const satisfies OptionTable;

const RESTORE = {
  'restore-original-options': { help: 'Give it the options back with which it was scheduled' },
} as const satisfies OptionTable;

const UPDATE_OPTIONS = {
  ...REFERENCE_OR_BATCH,
  'task-queue': { value: 'NAME', help: 'Task queue of the workers that execute it' },
  'schedule-to-close-timeout': { value: 'DURATION', kind: 'duration', help: 'How long all attempts may take' },
  'schedule-to-start-timeout': { value: 'DURATION', kind: 'duration', help: 'How long it may wait for a worker' },
  'start-to-close-timeout': { value: 'DURATION', kind: 'duration', help: 'How long one attempt may take' },
  'heartbeat-timeout': { value: 'DURATION', kind: 'duration', help: 'How long it may be silent' },
  'start-delay': { value: 'DURATION', kind: 'duration', help: 'When the first attempt begins (standalone ones only)' },
  'retry-initial-interval': { value: 'DURATION', kind: 'duration', help: 'Pause before the second attempt' },
  'retry-maximum-interval': { value: 'DURATION', kind: 'duration', help: 'Longest pause between attempts' },
  'retry-backoff-coefficient': { value: 'N', kind: 'number', help: 'So many times longer each pause, 1 or more' },
  'retry-maximum-attempts': { value: 'N', kind: 'integer', help: 'So many attempts; 0: no limit' },
  ...RESTORE,
} as const satisfies OptionTable;

export const ACTIVITY: CommandTree = {
  groups: [{ path: ['activity'], summary: 'Complete, pause, reset and change activities' }],
  commands: [
    {
      path: ['activity', 'complete'],
      summary: 'Complete an activity with a result, in place of a worker',
      examples: [
        {
          line: `perdure activity complete --activity-id 1 --workflow-id OrderId --result '{"approved":true}'`,
        },
      ],
      options: { ...REFERENCE, result: { value: 'JSON', required: true, help: 'Its result' } },
      run: async (context) => (await import('./activity/respond.ts')).complete(context),
    },
    {
      path: ['activity', 'fail'],
      summary: 'Fail an activity for good, in place of a worker',
      examples: [{ line: `perdure activity fail --activity-id 1 --workflow-id OrderId --reason 'not approved'` }],
      options: {
        ...REFERENCE,
        reason: { value: 'TEXT', help: 'Message of the failure' },
        detail: { value: 'JSON', help: 'Details of the failure' },
      },
      run: async (context) => (await import('./activity/respond.ts')).fail(context),
    },
    {
      path: ['activity', 'pause'],
      summary: 'Pause an activity: an attempt under way ends, and no other one begins',
      examples: [
        { line: `perdure activity pause --activity-id 1 --workflow-id OrderId --reason 'the bank is closed'` },
      ],
      options: { ...REFERENCE, reason: { value: 'TEXT', help: 'Why' } },
      run: async (context) => (await import('./activity/operate.ts')).pause(context),
    },
    {
      path: ['activity', 'unpause'],
      summary: 'Let a paused activity go on',
      examples: [
        { line: 'perdure activity unpause --activity-id 1 --workflow-id OrderId' },
        {
          what: 'all of all orders, not all at once',
          line: `perdure activity unpause --query "WorkflowType = 'Order'" --jitter 1m --yes`,
        },
      ],
      options: { ...REFERENCE_OR_BATCH, ...JITTER },
      run: async (context) => (await import('./activity/operate.ts')).unpause(context),
    },
    {
      path: ['activity', 'reset'],
      summary: 'Let an activity begin again with its first attempt, at once',
      examples: [
        { line: 'perdure activity reset --activity-id 1 --workflow-id OrderId' },
        {
          what: 'with the options it was scheduled with, still paused',
          line: 'perdure activity reset --activity-id 1 --workflow-id OrderId --keep-paused --restore-original-options',
        },
      ],
      options: {
        ...REFERENCE_OR_BATCH,
        'keep-paused': { help: 'If it is paused, it stays so' },
        ...JITTER,
        ...RESTORE,
      },
      run: async (context) => (await import('./activity/operate.ts')).reset(context),
    },
    {
      path: ['activity', 'update-options'],
      summary: 'Change timeouts, retries or the task queue of an activity that is under way',
      examples: [
        {
          line: 'perdure activity update-options --activity-id 1 --workflow-id OrderId --start-to-close-timeout 2m --retry-maximum-attempts 10',
        },
        {
          what: 'those of all orders',
          line: `perdure activity update-options --query "WorkflowType = 'Order'" --task-queue orders-large --yes`,
        },
      ],
      options: UPDATE_OPTIONS,
      run: async (context) => (await import('./activity/update-options.ts')).updateOptions(context),
    },
    ...STANDALONE_ACTIVITY,
  ],
};
