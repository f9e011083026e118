// `perdure config`: the profiles of the configuration file, which the SDKs read as well, and what is wrong with them.

import type { CommandTree } from '../table/command.ts';
import type { OptionTable } from '../table/options.ts';
import { GLOBAL } from '../table/sets.ts';

const PROPERTY = {
  prop: { short: 'p', value: 'NAME', required: true, help: 'Property, such as address or tls.client_cert_path' },
} as const satisfies OptionTable;

const WRITTEN_ANEW = 'Comments in the file are lost, as it is written anew; everything else in it stays.';

export const CONFIG: CommandTree = {
  groups: [{ path: ['config'], summary: 'Read and change the configuration file, and find out what is wrong with it' }],
  commands: [
    {
      path: ['config', 'get'],
      summary: 'Show what a profile says, or one property of it',
      examples: [{ line: 'perdure config get --prop address' }, { line: 'perdure config get --profile prod' }],
      options: { prop: { ...PROPERTY.prop, required: false } },
      positionals: ['prop'],
      isClient: false,
      run: async (context) => (await import('./config/profile.ts')).get(context),
    },
    {
      path: ['config', 'set'],
      summary: 'Set a property of a profile',
      description: `Properties are address, namespace, api_key, tls.… , codec.… and grpc_meta.… . ${WRITTEN_ANEW}`,
      examples: [{ line: 'perdure config set --profile prod --prop address --value temporal.example.com:7233' }],
      options: { ...PROPERTY, value: { short: 'v', value: 'TEXT', required: true, help: 'Its value' } },
      positionals: ['prop', 'value'],
      isClient: false,
      run: async (context) => (await import('./config/profile.ts')).set(context),
    },
    {
      path: ['config', 'list'],
      summary: 'List the profiles',
      examples: [{ line: 'perdure config list' }],
      options: {},
      isClient: false,
      run: async (context) => (await import('./config/profile.ts')).list(context),
    },
    {
      path: ['config', 'delete'],
      summary: 'Remove a property from a profile',
      description: WRITTEN_ANEW,
      examples: [{ line: 'perdure config delete --profile prod --prop tls.server_name' }],
      options: PROPERTY,
      positionals: ['prop'],
      isClient: false,
      run: async (context) => (await import('./config/profile.ts')).remove(context),
    },
    {
      path: ['config', 'delete-profile'],
      summary: 'Remove a whole profile',
      description: WRITTEN_ANEW,
      examples: [{ line: 'perdure config delete-profile --profile prod' }],
      options: { profile: { ...GLOBAL.profile, required: true, help: 'The profile to remove' } },
      isClient: false,
      run: async (context) => (await import('./config/profile.ts')).removeProfile(context),
    },
    {
      path: ['config', 'doctor'],
      summary: 'Show where each setting comes from, and try connection, TLS, namespace and codec',
      description: 'The exit code is 1 if anything is wrong. Keys are shown only by their beginnings.',
      examples: [{ line: 'perdure config doctor' }, { line: 'perdure config doctor --profile prod --output json' }],
      options: {},
      run: async (context) => (await import('./config/doctor.ts')).doctor(context),
    },
  ],
};
