// `perdure workflow`: start workflows, talk to them, look at them, and act on them.

import type { CommandTree } from '../table/command.ts';
import { LISTING } from '../table/sets.ts';

export const WORKFLOW: CommandTree = {
  groups: [{ path: ['workflow'], summary: 'Start workflows, talk to them, look at them, and act on them' }],
  commands: [
    {
      path: ['workflow', 'list'],
      summary: 'List workflow executions, by a filter if one is given',
      examples: [
        { line: 'perdure workflow list' },
        { what: 'those that failed', line: `perdure workflow list --query "ExecutionStatus = 'Failed'" --limit 10` },
      ],
      options: { ...LISTING, archived: { help: 'From the archive (there is none: an error)' } },
      run: async (context) => (await import('./workflow/list.ts')).list(context),
    },
    {
      path: ['workflow', 'count'],
      summary: 'Count workflow executions, by a filter if one is given',
      examples: [{ line: `perdure workflow count --query "GROUP BY ExecutionStatus"` }],
      options: { query: LISTING.query },
      run: async (context) => (await import('./workflow/list.ts')).count(context),
    },
  ],
};
