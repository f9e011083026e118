// `perdure worker`: workers that report themselves, and deployments of them. The server has neither yet; the commands are complete,
// and what it answers is what they say.

import type { Command, CommandTree } from '../table/command.ts';
import { LISTING } from '../table/sets.ts';
import { DEPLOYMENT } from './worker-deployment.ts';
import { DEPLOYMENT_VERSION } from './worker-version.ts';

const load = () => import('./worker/workers.ts');

const ABSENT = 'This server does not keep what workers report of themselves.';
const SYSTEM = { 'include-system-workers': { help: 'Also the workers of the server itself' } } as const;

const WORKERS: readonly Command[] = [
  {
    path: ['worker', 'list'],
    summary: 'List the workers of a namespace',
    description: ABSENT,
    examples: [{ line: `perdure worker list --query 'TaskQueue="orders"'` }],
    options: { query: LISTING.query, limit: LISTING.limit, ...SYSTEM },
    run: async (context) => (await load()).list(context),
  },
  {
    path: ['worker', 'count'],
    summary: 'Count the workers of a namespace',
    description: ABSENT,
    examples: [{ line: `perdure worker count --query 'TaskQueue="orders"'` }],
    options: { query: LISTING.query, ...SYSTEM },
    run: async (context) => (await load()).count(context),
  },
  {
    path: ['worker', 'describe'],
    summary: 'Show a worker: its host, its slots, its pollers',
    description: ABSENT,
    examples: [{ line: 'perdure worker describe --worker-instance-key 3f1c' }],
    options: { 'worker-instance-key': { value: 'KEY', required: true, help: 'Key of the worker, as lists show it' } },
    run: async (context) => (await load()).describe(context),
  },
];

export const WORKER: CommandTree = {
  groups: [
    { path: ['worker'], summary: 'Workers and their deployments, which this server does not have' },
    { path: ['worker', 'deployment'], summary: 'Worker deployments and versions, which this server does not have' },
    { path: ['worker', 'deployment', 'manager-identity'], summary: 'Who alone may change a worker deployment' },
  ],
  commands: [...WORKERS, ...DEPLOYMENT, ...DEPLOYMENT_VERSION],
};
