// `perdure env`: the environments of old. Profiles (`perdure config`) are what the SDKs read as well.

import type { CommandTree } from '../table/command.ts';
import type { OptionTable } from '../table/options.ts';

const KEY = { short: 'k', value: 'NAME', help: 'Key: the name of an option, such as tls-cert-path' } as const;

const REQUIRED_KEY = { key: { ...KEY, required: true } } as const satisfies OptionTable;

export const ENV: CommandTree = {
  groups: [{ path: ['env'], summary: 'Read and change environments of the old YAML file (profiles are better)' }],
  commands: [
    {
      path: ['env', 'get'],
      summary: 'Show what an environment says, or one key of it',
      examples: [{ line: 'perdure env get --env prod --key address' }],
      options: { key: KEY },
      isClient: false,
      run: async (context) => (await import('./env/environment.ts')).get(context),
    },
    {
      path: ['env', 'set'],
      summary: 'Set a key of an environment',
      examples: [{ line: 'perdure env set --env prod --key address --value temporal.example.com:7233' }],
      options: { ...REQUIRED_KEY, value: { short: 'v', value: 'TEXT', required: true, help: 'Its value' } },
      isClient: false,
      run: async (context) => (await import('./env/environment.ts')).set(context),
    },
    {
      path: ['env', 'list'],
      summary: 'List the environments',
      examples: [{ line: 'perdure env list' }],
      options: {},
      isClient: false,
      run: async (context) => (await import('./env/environment.ts')).list(context),
    },
    {
      path: ['env', 'delete'],
      summary: 'Remove an environment, or one key of it',
      examples: [{ line: 'perdure env delete --env prod --key tls-cert-path' }],
      options: { key: KEY },
      isClient: false,
      run: async (context) => (await import('./env/environment.ts')).remove(context),
    },
  ],
};
