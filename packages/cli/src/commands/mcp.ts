// `perdure mcp`: the commands as tools of agents.

import type { CommandTree } from '../table/command.ts';

export const MCP: CommandTree = {
  groups: [],
  commands: [
    {
      path: ['mcp'],
      summary: 'Offer the commands that look and act to agents, by the Model Context Protocol',
      description: `An agent starts the command and talks to it over its standard input and output, or to --http over a port.
        The tools use the connection that this command was given. No answer is larger than --max-bytes: what does not fit is
        left out, and the answer says how to get it. JSON stays JSON, and lists go on by page tokens.

        With --http it listens to this machine only, and to no web pages but those of this machine. It keeps no sessions.

        --read-only offers only tools that look; --no-destructive all but those that end, delete or reset something.`,
      examples: [
        { what: 'as an entry in the configuration of an agent', line: 'perdure mcp --read-only' },
        { what: 'over HTTP', line: 'perdure mcp --http --port 7777 --no-destructive' },
      ],
      options: {
        'read-only': { help: 'Offer only tools that change nothing' },
        'no-destructive': { help: 'Offer no tools that end, delete or reset something' },
        tools: { value: 'NAMES', help: 'Offer only these tools, separated by commas' },
        'max-bytes': { value: 'N', kind: 'integer', help: 'No answer is larger (default 20000, at least 1000)' },
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
