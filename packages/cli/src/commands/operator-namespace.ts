// `perdure operator namespace`.

import type { Command } from '../table/command.ts';
import type { OptionTable } from '../table/options.ts';
import { LISTING } from '../table/sets.ts';

const load = () => import('./operator/namespace.ts');

const STATES = ['disabled', 'enabled'] as const;

/** What a namespace is created with, and what can be changed. */
const PROPERTIES = {
  description: { value: 'TEXT', help: 'What the namespace is for' },
  email: { value: 'ADDRESS', help: 'Whom it belongs to' },
  retention: { value: 'DURATION', kind: 'duration', help: 'How long closed executions are kept' },
  data: { value: 'KEY=VALUE', kind: 'pair', repeatable: true, help: 'Data of your own' },
  'active-cluster': { value: 'NAME', help: 'Cluster where it is active' },
  cluster: { value: 'NAME', repeatable: true, help: 'Clusters that it is replicated to' },
  'history-archival-state': { value: 'STATE', oneOf: STATES, help: 'Whether histories are archived' },
  'history-uri': { value: 'URI', help: 'Where to' },
  'visibility-archival-state': { value: 'STATE', oneOf: STATES, help: 'Whether lists are archived' },
  'visibility-uri': { value: 'URI', help: 'Where to' },
} as const satisfies OptionTable;

export const NAMESPACE: readonly Command[] = [
  {
    path: ['operator', 'namespace', 'create'],
    summary: 'Create a namespace',
    examples: [
      { line: 'perdure operator namespace create --namespace orders' },
      {
        what: 'closed executions are kept for 30 days',
        line: 'perdure operator namespace create orders-archive --retention 30d --description "What was ordered"',
      },
    ],
    positionals: ['namespace'],
    options: {
      ...PROPERTIES,
      retention: { ...PROPERTIES.retention, help: `${PROPERTIES.retention.help} (default 72h)` },
      global: { help: 'Replicate it between clusters' },
    },
    run: async (context) => (await load()).create(context),
  },
  {
    path: ['operator', 'namespace', 'describe'],
    summary: 'Show a namespace: its state, retention and search attributes',
    examples: [{ line: 'perdure operator namespace describe --namespace default' }],
    positionals: ['namespace'],
    options: { 'namespace-id': { value: 'ID', help: 'Its id, instead of its name' } },
    run: async (context) => (await load()).describe(context),
  },
  {
    path: ['operator', 'namespace', 'list'],
    summary: 'List the namespaces',
    examples: [{ line: 'perdure operator namespace list' }],
    options: { limit: LISTING.limit },
    run: async (context) => (await load()).list(context),
  },
  {
    path: ['operator', 'namespace', 'update'],
    summary: 'Change what is given of a namespace, and nothing else',
    examples: [{ line: 'perdure operator namespace update --namespace default --retention 7d' }],
    positionals: ['namespace'],
    options: {
      ...PROPERTIES,
      'promote-global': { help: 'Replicate it between clusters from now on' },
      'replication-state': { value: 'STATE', oneOf: ['normal', 'handover'], help: 'State of its replication' },
    },
    run: async (context) => (await load()).update(context),
  },
  {
    path: ['operator', 'namespace', 'delete'],
    summary: 'Delete a namespace and everything in it',
    description: `Its executions are gone at once for everyone; the server removes them from its database little by little, and
      the namespace goes by the name that the command prints until then.`,
    examples: [{ line: 'perdure operator namespace delete --namespace orders --yes' }],
    positionals: ['namespace'],
    options: { yes: { short: 'y', help: 'Do not ask' } },
    run: async (context) => (await load()).remove(context),
  },
];
