import type { CommandTree } from '../table/command.ts';
import { OPTIONS } from './start-dev/options.ts';

export const SERVER: CommandTree = {
  groups: [{ path: ['server'], summary: 'Run a server' }],
  commands: [
    {
      path: ['server', 'start-dev'],
      summary: 'Start a development server for the Temporal SDKs, in memory or on a database file',
      examples: [
        { what: 'everything in memory', line: 'perdure server start-dev' },
        { what: 'kept in a file', line: 'perdure server start-dev --db-filename perdure.db' },
        { what: 'for a script: any free ports, told in JSON', line: 'perdure server start-dev --port 0 --print-json' },
        { what: 'other port, more namespaces', line: 'perdure server start-dev --port 7300 -n orders -n billing' },
      ],
      options: OPTIONS,
      isClient: false,
      run: async (context) => (await import('./start-dev/command.ts')).startDev(context),
    },
  ],
};
