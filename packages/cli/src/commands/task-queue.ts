// `perdure task-queue`: who polls a task queue, how much waits in it, and how fast it may be.

import type { CommandTree } from '../table/command.ts';
import type { OptionTable } from '../table/options.ts';
import { TASK_QUEUE_VERSIONING } from './task-queue-versioning.ts';

const TYPES = ['workflow', 'activity', 'nexus'] as const;

export const TASK_QUEUE_NAME = {
  'task-queue': { short: 't', value: 'NAME', required: true, help: 'Task queue' },
} as const satisfies OptionTable;

const CONFIGURED = {
  ...TASK_QUEUE_NAME,
  'task-queue-type': { value: 'TYPE', oneOf: TYPES, required: true, help: 'Its tasks: workflow, activity or nexus' },
} as const satisfies OptionTable;

const DESCRIBE = {
  ...TASK_QUEUE_NAME,
  'task-queue-type': { value: 'TYPE', oneOf: TYPES, repeatable: true, help: 'Only tasks of this type; repeatable' },
  'report-config': { help: 'Show also what was set with "task-queue config set"' },
  'disable-stats': { help: 'Show the pollers only' },
  'select-build-id': { value: 'ID', repeatable: true, help: 'Only tasks and workers of this build id; repeatable' },
  'select-unversioned': { help: 'With --select-build-id: also those without a build id' },
  'select-all-active': { help: 'All build ids that had tasks or polls lately' },
  'report-reachability': { help: 'Show which build ids workflows may still need' },
  'legacy-mode': { help: 'Show the pollers by partition' },
  'task-queue-type-legacy': {
    value: 'TYPE',
    oneOf: ['workflow', 'activity'],
    help: 'With --legacy-mode: the type of its tasks (default workflow)',
  },
  'partitions-legacy': { value: 'N', kind: 'integer', help: 'With --legacy-mode: so many partitions (default 1)' },
} as const satisfies OptionTable;

const CONFIG_SET = {
  ...CONFIGURED,
  'queue-rps-limit': { value: 'N', help: 'Tasks per second at most; default: no limit; 0 stops the queue' },
  'queue-rps-limit-reason': { value: 'TEXT', help: 'Why' },
  'fairness-key-rps-limit-default': { value: 'N', help: 'Tasks per second of each fairness key; default: no limit' },
  'fairness-key-rps-limit-reason': { value: 'TEXT', help: 'Why' },
  'fairness-key-weight': {
    value: 'KEY=WEIGHT',
    kind: 'pair',
    repeatable: true,
    help: 'Weight of a fairness key, above 0; KEY=default takes it back; repeatable',
  },
  'fairness-key-weight-clear-all': { help: 'Take all weights back' },
} as const satisfies OptionTable;

export const TASK_QUEUE: CommandTree = {
  groups: [
    { path: ['task-queue'], summary: 'Show who polls a task queue, and what waits in it, and limit its speed' },
    { path: ['task-queue', 'config'], summary: 'Show and set limits of a task queue' },
    ...TASK_QUEUE_VERSIONING.groups,
  ],
  commands: [
    {
      path: ['task-queue', 'describe'],
      summary: 'Show what waits in a task queue, and which workers poll it',
      description:
        'Backlogs are told for each type of tasks that a queue has. A queue that nobody has used yet is shown as empty. ' +
        'This server does not have build ids of task queues: options that choose them, and --report-reachability, are ' +
        'for servers that do.',
      examples: [
        { line: 'perdure task-queue describe --task-queue orders' },
        {
          what: 'only activities, with their limits',
          line: 'perdure task-queue describe --task-queue orders --task-queue-type activity --report-config',
        },
      ],
      options: DESCRIBE,
      positionals: ['task-queue'],
      run: async (context) => (await import('./task-queue/describe.ts')).describe(context),
    },
    {
      path: ['task-queue', 'config', 'get'],
      summary: 'Show the limits of a task queue',
      examples: [{ line: 'perdure task-queue config get --task-queue orders --task-queue-type activity' }],
      options: CONFIGURED,
      positionals: ['task-queue'],
      run: async (context) => (await import('./task-queue/config.ts')).getConfig(context),
    },
    {
      path: ['task-queue', 'config', 'set'],
      summary: 'Set limits of a task queue, which count at once',
      examples: [
        {
          what: 'ten activities a second',
          line: 'perdure task-queue config set --task-queue orders --task-queue-type activity --queue-rps-limit 10',
        },
        {
          what: 'no limit any more',
          line: 'perdure task-queue config set --task-queue orders --task-queue-type activity --queue-rps-limit default',
        },
        {
          what: 'orders of one customer before all others',
          line: 'perdure task-queue config set --task-queue orders --task-queue-type workflow --fairness-key-weight CustomerA=5',
        },
      ],
      options: CONFIG_SET,
      positionals: ['task-queue'],
      run: async (context) => (await import('./task-queue/config.ts')).setConfig(context),
    },
    {
      path: ['task-queue', 'list-partition'],
      summary: 'List the partitions of a task queue',
      description: 'This server does not divide task queues, and says so; the command is for servers that do.',
      examples: [{ line: 'perdure task-queue list-partition --task-queue orders' }],
      options: TASK_QUEUE_NAME,
      positionals: ['task-queue'],
      run: async (context) => (await import('./task-queue/partitions.ts')).listPartitions(context),
    },
    ...TASK_QUEUE_VERSIONING.commands,
  ],
};
