// `perdure batch`: jobs that do the same to many executions. They are started by --query of other commands.

import { RECONNECTS } from '../client/reconnect.ts';
import type { CommandTree } from '../table/command.ts';
import type { OptionTable } from '../table/options.ts';
import { LISTING, WATCH_INTERVAL } from '../table/sets.ts';

const JOB_ID = {
  'job-id': { value: 'ID', required: true, help: 'Id of the job, as the command that started it printed it' },
} as const satisfies OptionTable;

export const BATCH: CommandTree = {
  groups: [{ path: ['batch'], summary: 'Watch and stop batch jobs, which other commands start with --query' }],
  commands: [
    {
      path: ['batch', 'list'],
      summary: 'List batch jobs, the latest first',
      examples: [{ line: 'perdure batch list' }, { what: 'the last five', line: 'perdure batch list --limit 5' }],
      options: { limit: LISTING.limit, 'page-size': LISTING['page-size'] },
      run: async (context) => (await import('./batch/list.ts')).list(context),
    },
    {
      path: ['batch', 'describe'],
      summary: 'Show how far a batch job has come',
      description: `
        With --follow it is shown whenever it has changed, until the job is through; the exit code is 4 if it did not
        complete. ${RECONNECTS}`,
      examples: [
        { line: 'perdure batch describe --job-id JobId' },
        { what: 'until it is through', line: 'perdure batch describe --job-id JobId --follow' },
      ],
      options: { ...JOB_ID, follow: { short: 'f', help: 'Wait until the job is through' }, interval: WATCH_INTERVAL },
      positionals: ['job-id'],
      run: async (context) => (await import('./batch/job.ts')).describe(context),
    },
    {
      path: ['batch', 'terminate'],
      summary: 'Stop a batch job; what it has done stays done',
      examples: [{ line: `perdure batch terminate --job-id JobId --reason 'wrong query'` }],
      options: { ...JOB_ID, reason: { value: 'TEXT', required: true, help: 'Why, as the job shows it' } },
      positionals: ['job-id'],
      run: async (context) => (await import('./batch/job.ts')).terminate(context),
    },
  ],
};
