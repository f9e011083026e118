// `perdure mcp`: the commands as tools of agents.

import type { CommandTree } from '../table/command.ts';

export const MCP: CommandTree = {
  groups: [],
  commands: [
    {
      path: ['mcp'],
      summary: 'Offer the commands that look and act to agents, by the Model Context Protocol',
      description: `An agent starts the command and talks to it over its standard input and output, or to --http over a port.
        Every tool runs the command of the same name, with the connection that this one was given, and its answer is cut
        where it would fill the context of the agent.

        --read-only offers only tools that look; --no-destructive all but those that end, delete or reset something.`,
      examples: [
        { what: 'as an entry in the configuration of an agent', line: 'perdure mcp --read-only' },
        { what: 'over HTTP', line: 'perdure mcp --http --port 7777 --no-destructive' },
      ],
      options: {
        'read-only': { help: 'Offer only tools that change nothing' },
        'no-destructive': { help: 'Offer no tools that end, delete or reset something' },
        tools: { value: 'NAMES', help: 'Offer only these tools, separated by commas' },
        'max-bytes': { value: 'N', kind: 'integer', help: 'Longer answers are cut (default 20000)' },
        http: { help: 'Serve over HTTP (Streamable HTTP) instead of standard input and output' },
        port: {
          short: 'p',
          value: 'PORT',
          kind: 'integer',
          help: 'Port for --http, 0 for any free one (default 7333)',
        },
        ip: { value: 'IP', help: 'Address for --http (default 127.0.0.1)' },
        token: {
          value: 'TEXT',
          help: 'With --http: what clients must send as bearer token; needed for other addresses',
        },
      },
      run: async (context) => (await import('./mcp/serve.ts')).serveMcp(context),
    },
  ],
};
