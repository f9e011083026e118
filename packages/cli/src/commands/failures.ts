// `perdure failures`: what goes wrong most.

import type { CommandTree } from '../table/command.ts';

export const FAILURES: CommandTree = {
  groups: [],
  commands: [
    {
      path: ['failures'],
      summary: 'Show what executions failed of lately, the most frequent error first',
      description: `
        Executions that failed or timed out, put together by the error at the bottom of their failures: those whose
        messages differ only in numbers, ids and quoted words are the same.`,
      examples: [
        { what: 'of the last hour', line: 'perdure failures --since 1h' },
        {
          what: 'of one type of workflow, the last week',
          line: `perdure failures --since 7d --query "WorkflowType = 'Order'" --limit 1000`,
        },
      ],
      options: {
        since: { value: 'DURATION', kind: 'duration', help: 'Those that closed in this time (default 24h)' },
        query: { short: 'q', value: 'QUERY', help: 'Only executions of this list filter as well (see docs/lists.md)' },
        limit: { value: 'N', kind: 'integer', help: 'How many executions to read, the latest ones (default 500)' },
      },
      run: async (context) => (await import('./failures/failures.ts')).failures(context),
    },
  ],
};
