// The commands of `perdure activity` for standalone activities: those that no workflow has scheduled.

import type { Command } from '../table/command.ts';
import type { OptionTable } from '../table/options.ts';
import { COMMON_START, LISTING, PAYLOAD_INPUT } from '../table/sets.ts';

const NOT_BUILT = 'This server does not have standalone activities, and says so; the command is for servers that do.';

const REFERENCE = {
  'activity-id': { short: 'a', value: 'ID', required: true, help: 'Activity id' },
  'run-id': { short: 'r', value: 'ID', help: 'Run id of the activity (default: the newest run)' },
} as const satisfies OptionTable;

const REFERENCE_OR_BATCH = {
  'activity-id': { ...REFERENCE['activity-id'], required: false, help: 'Activity id; or --query' },
  'run-id': REFERENCE['run-id'],
  query: { short: 'q', value: 'QUERY', help: 'All activities of this list filter, by a batch operation' },
  reason: { value: 'TEXT', help: 'Why' },
  yes: { short: 'y', help: 'Do not ask' },
  rps: { value: 'N', kind: 'number', help: 'Activities per second of the batch operation at most' },
} as const satisfies OptionTable;

const DURATION = { value: 'DURATION', kind: 'duration' } as const;

const START = {
  'activity-id': REFERENCE['activity-id'],
  ...COMMON_START,
  type: { ...COMMON_START.type, help: 'Activity type' },
  'schedule-to-close-timeout': { ...DURATION, help: 'How long all attempts may take; or --start-to-close-timeout' },
  'schedule-to-start-timeout': { ...DURATION, help: 'How long it may wait for a worker' },
  'start-to-close-timeout': { ...DURATION, help: 'How long one attempt may take' },
  'heartbeat-timeout': { ...DURATION, help: 'How long it may be silent' },
  'start-delay': { ...DURATION, help: 'When the first attempt begins' },
  'retry-initial-interval': { ...DURATION, help: 'Pause before the second attempt' },
  'retry-maximum-interval': { ...DURATION, help: 'Longest pause between attempts' },
  'retry-backoff-coefficient': { value: 'N', kind: 'number', help: 'So many times longer each pause, 1 or more' },
  'retry-maximum-attempts': { value: 'N', kind: 'integer', help: 'So many attempts; 0: no limit' },
  'id-reuse-policy': {
    value: 'POLICY',
    oneOf: ['AllowDuplicate', 'AllowDuplicateFailedOnly', 'RejectDuplicate'],
    help: 'If one with this id has ended',
  },
  'id-conflict-policy': { value: 'POLICY', oneOf: ['Fail', 'UseExisting'], help: 'If one with this id runs' },
  ...PAYLOAD_INPUT,
} as const satisfies OptionTable;

const START_LINE = '--activity-id OrderCheck --type Check --task-queue orders --start-to-close-timeout 1m';

export const STANDALONE_ACTIVITY: readonly Command[] = [
  {
    path: ['activity', 'start'],
    summary: 'Start a standalone activity',
    description: NOT_BUILT,
    examples: [{ line: `perdure activity start ${START_LINE}` }],
    options: START,
    run: async (context) => (await import('./activity/start.ts')).start(context),
  },
  {
    path: ['activity', 'execute'],
    summary: 'Start a standalone activity, and wait for its result',
    description: NOT_BUILT,
    examples: [{ line: `perdure activity execute ${START_LINE} --input '{"limit":100}'` }],
    options: START,
    run: async (context) => (await import('./activity/start.ts')).execute(context),
  },
  {
    path: ['activity', 'result'],
    summary: 'Wait for the result of a standalone activity',
    description: NOT_BUILT,
    examples: [{ line: 'perdure activity result --activity-id OrderCheck' }],
    options: REFERENCE,
    run: async (context) => (await import('./activity/start.ts')).result(context),
  },
  {
    path: ['activity', 'describe'],
    summary: 'Show a standalone activity',
    description: `${NOT_BUILT} Activities of a workflow are shown by "workflow describe".`,
    examples: [{ line: 'perdure activity describe --activity-id OrderCheck' }],
    options: { ...REFERENCE, raw: { help: 'Print it as JSON' } },
    run: async (context) => (await import('./activity/describe.ts')).describe(context),
  },
  {
    path: ['activity', 'list'],
    summary: 'List standalone activities, by a filter if one is given',
    description: NOT_BUILT,
    examples: [{ line: `perdure activity list --query "ActivityType = 'Check'"` }],
    options: LISTING,
    run: async (context) => (await import('./activity/list.ts')).list(context),
  },
  {
    path: ['activity', 'count'],
    summary: 'Count standalone activities, by a filter if one is given',
    description: NOT_BUILT,
    examples: [{ line: `perdure activity count --query "ActivityType = 'Check'"` }],
    options: { query: LISTING.query },
    run: async (context) => (await import('./activity/list.ts')).count(context),
  },
  {
    path: ['activity', 'cancel'],
    summary: 'Request that a standalone activity, or all that a query finds, be cancelled',
    description: NOT_BUILT,
    examples: [{ line: 'perdure activity cancel --activity-id OrderCheck' }],
    options: REFERENCE_OR_BATCH,
    run: async (context) => (await import('./activity/end.ts')).cancel(context),
  },
  {
    path: ['activity', 'terminate'],
    summary: 'End a standalone activity, or all that a query finds, at once',
    description: NOT_BUILT,
    examples: [{ line: `perdure activity terminate --activity-id OrderCheck --reason 'no longer needed'` }],
    options: REFERENCE_OR_BATCH,
    run: async (context) => (await import('./activity/end.ts')).terminate(context),
  },
  {
    path: ['activity', 'delete'],
    summary: 'Delete a standalone activity, or all that a query finds',
    description: NOT_BUILT,
    examples: [{ line: 'perdure activity delete --activity-id OrderCheck --yes' }],
    options: REFERENCE_OR_BATCH,
    run: async (context) => (await import('./activity/end.ts')).deleteActivity(context),
  },
];
