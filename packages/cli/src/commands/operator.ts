// `perdure operator`: the server itself, its namespaces, search attributes and Nexus endpoints.

import type { Command, CommandTree } from '../table/command.ts';
import { LISTING } from '../table/sets.ts';
import { NAMESPACE } from './operator-namespace.ts';
import { NEXUS_ENDPOINT } from './operator-nexus.ts';

const cluster = () => import('./operator/cluster.ts');
const attributes = () => import('./operator/search-attribute.ts');

const CLUSTER: readonly Command[] = [
  {
    path: ['operator', 'cluster', 'describe'],
    summary: 'Show the name and the stores of the server',
    examples: [{ line: 'perdure operator cluster describe' }, { line: 'perdure operator cluster describe --detail' }],
    options: { detail: { help: 'Also the number of history shards, the id and the version' } },
    run: async (context) => (await cluster()).describe(context),
  },
  {
    path: ['operator', 'cluster', 'health'],
    summary: 'Ask whether the server takes requests',
    description: 'Prints SERVING and ends with 0, or says what is wrong and ends with another exit code.',
    examples: [{ line: 'perdure operator cluster health' }],
    options: {},
    run: async (context) => (await cluster()).health(context),
  },
  {
    path: ['operator', 'cluster', 'system'],
    summary: 'Show the version of the server and what it can do',
    examples: [{ line: 'perdure operator cluster system --output json' }],
    options: {},
    run: async (context) => (await cluster()).system(context),
  },
  {
    path: ['operator', 'cluster', 'list'],
    summary: 'List the clusters that the server knows',
    description: 'This server is the only cluster it knows, and has no such list.',
    examples: [{ line: 'perdure operator cluster list --limit 10' }],
    options: { limit: LISTING.limit },
    run: async (context) => (await cluster()).list(context),
  },
  {
    path: ['operator', 'cluster', 'upsert'],
    summary: 'Add a remote cluster, or change one',
    description: 'This server does not replicate to other clusters.',
    examples: [
      { line: 'perdure operator cluster upsert --frontend-address cluster-b.example:7233 --enable-connection' },
    ],
    options: {
      'frontend-address': { value: 'HOST:PORT', required: true, help: 'Where the remote cluster is' },
      'enable-connection': { help: 'Connect to it' },
      'enable-replication': { help: 'Replicate with it' },
    },
    run: async (context) => (await cluster()).upsert(context),
  },
  {
    path: ['operator', 'cluster', 'remove'],
    summary: 'Remove a remote cluster',
    description: 'This server does not replicate to other clusters.',
    examples: [{ line: 'perdure operator cluster remove --name cluster-b' }],
    options: { name: { value: 'NAME', required: true, help: 'Name of the remote cluster' } },
    run: async (context) => (await cluster()).remove(context),
  },
];

const ATTRIBUTE_NAME = {
  value: 'NAME',
  repeatable: true,
  required: true,
  help: 'Name of the search attribute',
} as const;

const SEARCH_ATTRIBUTE: readonly Command[] = [
  {
    path: ['operator', 'search-attribute', 'create'],
    summary: 'Register search attributes, which lists can filter by',
    description: 'Each --name has the --type that stands in the same place. What is registered already stays as it is.',
    examples: [
      { line: 'perdure operator search-attribute create --name City --type Keyword' },
      {
        what: 'two at once',
        line: 'perdure operator search-attribute create --name OrderId --type Keyword --name Amount --type Double',
      },
    ],
    options: {
      name: ATTRIBUTE_NAME,
      type: {
        value: 'TYPE',
        repeatable: true,
        required: true,
        oneOf: ['Text', 'Keyword', 'Int', 'Double', 'Bool', 'Datetime', 'KeywordList'],
        help: 'Its type',
      },
    },
    run: async (context) => (await attributes()).create(context),
  },
  {
    path: ['operator', 'search-attribute', 'list'],
    summary: 'List the search attributes of a namespace, with their types',
    examples: [{ line: 'perdure operator search-attribute list' }],
    options: {},
    run: async (context) => (await attributes()).list(context),
  },
  {
    path: ['operator', 'search-attribute', 'remove'],
    summary: 'Remove search attributes from those that lists can filter by',
    description: 'Executions keep the values; what is registered later under the same name may show them again.',
    examples: [{ line: 'perdure operator search-attribute remove --name City --yes' }],
    options: { name: ATTRIBUTE_NAME, yes: { short: 'y', help: 'Do not ask' } },
    run: async (context) => (await attributes()).remove(context),
  },
];

export const OPERATOR: CommandTree = {
  groups: [
    { path: ['operator'], summary: 'Look after the server: namespaces, search attributes, clusters, Nexus endpoints' },
    { path: ['operator', 'cluster'], summary: 'Look at the server as a whole' },
    { path: ['operator', 'namespace'], summary: 'Create, show, change and delete namespaces' },
    { path: ['operator', 'search-attribute'], summary: 'Register and remove search attributes' },
    { path: ['operator', 'nexus'], summary: 'Nexus endpoints, which this server does not have' },
    { path: ['operator', 'nexus', 'endpoint'], summary: 'Nexus endpoints, which this server does not have' },
  ],
  commands: [...CLUSTER, ...NAMESPACE, ...SEARCH_ATTRIBUTE, ...NEXUS_ENDPOINT],
};
