import type { CommandTree } from '../table/command.ts';
import { UI_PLACE } from '../table/sets.ts';

export const UI: CommandTree = {
  groups: [],
  commands: [
    {
      path: ['ui'],
      summary: 'Serve the Web UI for a server that is elsewhere',
      description: `The server needs its HTTP API only, so it may also be one of Temporal. Requests of the page go through this
        command to --api; headers such as authorization go with them, cookies do not.

        What only a server of Perdure has, live pages and saved views, is not there: the page asks now and then instead.
        "perdure server start-dev" serves the Web UI itself.`,
      examples: [
        { what: 'for a server on this machine', line: 'perdure ui --api http://127.0.0.1:7243' },
        {
          what: 'for one elsewhere, on another port',
          line: 'perdure ui --api https://temporal.example.com/http --ui-port 8080',
        },
      ],
      options: {
        api: { value: 'URL', required: true, help: 'HTTP API of the server, without /api/v1' },
        'ui-port': {
          value: 'PORT',
          kind: 'integer',
          help: 'Port for the Web UI, 0 for any free one (default 8233, or the next that is free)',
        },
        'ui-ip': { value: 'IP', help: 'Address to listen on (default localhost); there is no access control' },
        ...UI_PLACE,
      },
      isClient: false,
      run: async (context) => (await import('./ui/serve.ts')).serveUi(context),
    },
  ],
};
