// `perdure operator nexus endpoint`.

import type { Command } from '../table/command.ts';
import type { OptionTable } from '../table/options.ts';

const load = () => import('./operator/nexus-endpoint.ts');

const NAME = { name: { value: 'NAME', required: true, help: 'Name of the endpoint' } } as const satisfies OptionTable;

const CONFIG = {
  description: { value: 'TEXT', help: 'What it is for, in Markdown' },
  'description-file': { value: 'FILE', help: 'The same from a file' },
  'target-namespace': { value: 'NAME', help: 'Namespace of the workers that handle its operations' },
  'target-task-queue': { value: 'NAME', help: 'Task queue of these workers' },
  'target-url': { value: 'URL', help: 'Server that handles its operations, instead of workers' },
} as const satisfies OptionTable;

const ABSENT = 'This server does not have Nexus endpoints.';

export const NEXUS_ENDPOINT: readonly Command[] = [
  {
    path: ['operator', 'nexus', 'endpoint', 'create'],
    summary: 'Create a Nexus endpoint, which workflow code calls by its name',
    description: ABSENT,
    examples: [
      {
        line: 'perdure operator nexus endpoint create --name payments --target-namespace billing --target-task-queue payments',
      },
    ],
    options: { ...NAME, ...CONFIG },
    run: async (context) => (await load()).create(context),
  },
  {
    path: ['operator', 'nexus', 'endpoint', 'get'],
    summary: 'Show a Nexus endpoint',
    description: ABSENT,
    examples: [{ line: 'perdure operator nexus endpoint get --name payments' }],
    options: NAME,
    run: async (context) => (await load()).get(context),
  },
  {
    path: ['operator', 'nexus', 'endpoint', 'list'],
    summary: 'List the Nexus endpoints',
    description: ABSENT,
    examples: [{ line: 'perdure operator nexus endpoint list' }],
    options: {},
    run: async (context) => (await load()).list(context),
  },
  {
    path: ['operator', 'nexus', 'endpoint', 'update'],
    summary: 'Change what is given of a Nexus endpoint, and nothing else',
    description: ABSENT,
    examples: [{ line: 'perdure operator nexus endpoint update --name payments --target-task-queue payments-2' }],
    options: { ...NAME, ...CONFIG, 'unset-description': { help: 'Take the description away' } },
    run: async (context) => (await load()).update(context),
  },
  {
    path: ['operator', 'nexus', 'endpoint', 'delete'],
    summary: 'Delete a Nexus endpoint',
    description: ABSENT,
    examples: [{ line: 'perdure operator nexus endpoint delete --name payments' }],
    options: NAME,
    run: async (context) => (await load()).remove(context),
  },
];
