// `perdure schedule`: workflows that start at times.

import type { CommandTree } from '../table/command.ts';
import type { OptionTable } from '../table/options.ts';
import { LISTING, PAYLOAD_INPUT, SHARED_START } from '../table/sets.ts';

const POLICIES = ['Skip', 'BufferOne', 'BufferAll', 'CancelOther', 'TerminateOther', 'AllowAll'] as const;

const SCHEDULE_ID = {
  'schedule-id': { short: 's', value: 'ID', required: true, help: 'Schedule id' },
} as const satisfies OptionTable;

const OVERLAP = {
  'overlap-policy': {
    value: 'POLICY',
    oneOf: POLICIES,
    help: 'What happens when the workflow before still runs (default Skip)',
  },
} as const satisfies OptionTable;

const CONFIGURATION = {
  calendar: {
    value: 'JSON',
    repeatable: true,
    help: 'When, as fields of a calendar: {"dayOfWeek":"Fri","hour":"17","minute":"5"}; repeatable',
  },
  interval: {
    value: 'DURATION',
    repeatable: true,
    help: 'How often: 45m, or 6h/5h with a shift; counted from midnight UTC of 1970-01-01; repeatable',
  },
  cron: { value: 'TEXT', repeatable: true, help: 'When, as cron says it: "30 12 * * Fri", or "@daily"; repeatable' },
  'time-zone': { value: 'ZONE', help: 'Whose clocks calendars and cron mean, such as Europe/Paris (default UTC)' },
  'start-time': { value: 'TIME', kind: 'time', help: 'Not before this time' },
  'end-time': { value: 'TIME', kind: 'time', help: 'Not after this time' },
  jitter: { value: 'DURATION', kind: 'duration', help: 'Start each by chance so much later at most' },
  'catchup-window': {
    value: 'DURATION',
    kind: 'duration',
    help: 'How late a start may be, after the server was away (default 365d)',
  },
  'pause-on-failure': { help: 'Pause when a workflow fails or times out' },
  paused: { help: 'Paused; --paused=false: not' },
  notes: { value: 'TEXT', help: 'What people should know' },
  'remaining-actions': { value: 'N', kind: 'integer', help: 'So many starts, and no more; 0: no limit (default)' },
} as const satisfies OptionTable;

const TIMES = {
  'start-time': { value: 'TIME', kind: 'time', required: true, help: 'Where the span begins' },
  'end-time': { value: 'TIME', kind: 'time', required: true, help: 'Where it ends' },
} as const satisfies OptionTable;

const CREATE = {
  ...SCHEDULE_ID,
  ...CONFIGURATION,
  ...OVERLAP,
  ...SHARED_START,
  ...PAYLOAD_INPUT,
  'workflow-id': {
    ...SHARED_START['workflow-id'],
    help: 'Workflow id, to which the time is appended (default: the schedule id and "-workflow")',
  },
  'schedule-search-attribute': {
    value: 'KEY=JSON',
    kind: 'pair',
    repeatable: true,
    help: 'Search attribute of the schedule itself; repeatable',
  },
  'schedule-memo': {
    value: 'KEY=JSON',
    kind: 'pair',
    repeatable: true,
    help: 'Memo of the schedule itself; repeatable',
  },
} as const satisfies OptionTable;

const UPDATE = {
  ...SCHEDULE_ID,
  replace: { help: 'Replace all of it: what is not given gets its default' },
  ...CONFIGURATION,
  ...OVERLAP,
  ...SHARED_START,
  ...PAYLOAD_INPUT,
  'workflow-id': { ...SHARED_START['workflow-id'], help: 'Workflow id, to which the time is appended' },
  type: { ...SHARED_START.type, required: false },
  'task-queue': { ...SHARED_START['task-queue'], required: false },
} as const satisfies OptionTable;

export const SCHEDULE: CommandTree = {
  groups: [{ path: ['schedule'], summary: 'Start workflows at times: every hour, on Fridays at 17:05' }],
  commands: [
    {
      path: ['schedule', 'create'],
      summary: 'Create a schedule that starts a workflow at times',
      description:
        'When is said by --calendar, --interval and --cron, together if several are given. A schedule without any of ' +
        'them starts workflows only when it is triggered.',
      examples: [
        {
          what: 'on Fridays at 17:05 in Paris',
          line: `perdure schedule create --schedule-id OrderReport --calendar '{"dayOfWeek":"Fri","hour":"17","minute":"5"}' --time-zone Europe/Paris --type Report --task-queue orders`,
        },
        {
          what: 'every 45 minutes, with an argument, and one after the other',
          line: `perdure schedule create --schedule-id OrderCheck --interval 45m --overlap-policy BufferOne --type Check --task-queue orders --input '{"limit":100}'`,
        },
      ],
      options: CREATE,
      positionals: ['schedule-id'],
      run: async (context) => (await import('./schedule/create.ts')).create(context),
    },
    {
      path: ['schedule', 'update'],
      summary: 'Change what is given of a schedule, and leave the rest as it is',
      description:
        '--calendar, --interval and --cron together say when: if any of them is given, they replace all that was said ' +
        'before. Names in --memo, --search-attribute and --headers are added to those that there are. With --replace ' +
        'nothing is left of the schedule before, as in other command lines.',
      examples: [
        {
          what: 'every hour from now on',
          line: 'perdure schedule update --schedule-id OrderCheck --interval 1h',
        },
        {
          what: 'other notes, and no more than ten starts',
          line: `perdure schedule update --schedule-id OrderCheck --notes 'until the audit' --remaining-actions 10`,
        },
        {
          what: 'all of it anew',
          line: 'perdure schedule update --schedule-id OrderCheck --replace --cron "0 12 * * *" --type Check --task-queue orders',
        },
      ],
      options: UPDATE,
      positionals: ['schedule-id'],
      run: async (context) => (await import('./schedule/update.ts')).update(context),
    },
    {
      path: ['schedule', 'describe'],
      summary: 'Show what a schedule does, when it does it next, and what it did lately',
      examples: [{ line: 'perdure schedule describe --schedule-id OrderCheck' }],
      options: SCHEDULE_ID,
      positionals: ['schedule-id'],
      run: async (context) => (await import('./schedule/describe.ts')).describe(context),
    },
    {
      path: ['schedule', 'list'],
      summary: 'List schedules, by a filter if one is given',
      examples: [
        { line: 'perdure schedule list' },
        {
          what: 'those that are paused, with when they would run',
          line: `perdure schedule list --long --query "TemporalSchedulePaused = true"`,
        },
      ],
      options: {
        ...LISTING,
        query: { ...LISTING.query, help: 'List filter, such as "TemporalSchedulePaused = true" (see docs/lists.md)' },
        long: { short: 'l', help: 'Show also when they run, and their notes' },
        'really-long': { help: 'Show all there is, each for itself' },
      },
      run: async (context) => (await import('./schedule/list.ts')).list(context),
    },
    {
      path: ['schedule', 'toggle'],
      summary: 'Pause or unpause a schedule',
      examples: [
        { line: `perdure schedule toggle --schedule-id OrderCheck --pause --reason 'the shop is closed'` },
        { line: `perdure schedule toggle --schedule-id OrderCheck --unpause --reason 'the shop is open'` },
      ],
      options: {
        ...SCHEDULE_ID,
        pause: { help: 'Pause it' },
        unpause: { help: 'Let it go on' },
        reason: { value: 'TEXT', help: 'Why; becomes its notes (default "(no reason provided)")' },
      },
      positionals: ['schedule-id'],
      run: async (context) => (await import('./schedule/patch.ts')).toggle(context),
    },
    {
      path: ['schedule', 'trigger'],
      summary: 'Start the workflow of a schedule now',
      examples: [{ line: 'perdure schedule trigger --schedule-id OrderCheck --overlap-policy AllowAll' }],
      options: { ...SCHEDULE_ID, ...OVERLAP },
      positionals: ['schedule-id'],
      run: async (context) => (await import('./schedule/patch.ts')).trigger(context),
    },
    {
      path: ['schedule', 'backfill'],
      summary: 'Make up for the times of a span: start what would have been started then',
      examples: [
        {
          line: 'perdure schedule backfill --schedule-id OrderCheck --start-time 2026-05-01T00:00:00Z --end-time 2026-05-02T00:00:00Z --overlap-policy BufferAll',
        },
      ],
      options: { ...SCHEDULE_ID, ...TIMES, ...OVERLAP },
      positionals: ['schedule-id'],
      run: async (context) => (await import('./schedule/patch.ts')).backfill(context),
    },
    {
      path: ['schedule', 'list-matching-times'],
      summary: 'List the times of a span at which a schedule would start a workflow',
      examples: [
        {
          line: 'perdure schedule list-matching-times --schedule-id OrderCheck --start-time 2026-05-01 --end-time 2026-05-02',
        },
      ],
      options: { ...SCHEDULE_ID, ...TIMES },
      positionals: ['schedule-id'],
      run: async (context) => (await import('./schedule/matching-times.ts')).listMatchingTimes(context),
    },
    {
      path: ['schedule', 'delete'],
      summary: 'Delete a schedule; workflows that it has started go on',
      examples: [{ line: 'perdure schedule delete --schedule-id OrderCheck' }],
      options: SCHEDULE_ID,
      positionals: ['schedule-id'],
      run: async (context) => (await import('./schedule/delete.ts')).deleteSchedule(context),
    },
  ],
};
