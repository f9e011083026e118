// `operator namespace`.

import type { JsonObject } from '../../client/client.ts';
import type { Message } from '../../client/message.ts';
import type { Context } from '../../context.ts';
import { durationText } from '../../output/durations.ts';
import { listed } from '../../output/listing.ts';
import type { Row } from '../../output/output.ts';
import { enumText } from '../../output/texts.ts';
import { durationJson } from '../../table/values.ts';

interface Namespace {
  readonly namespaceInfo?: {
    readonly name?: string;
    readonly id?: string;
    readonly description?: string;
    readonly ownerEmail?: string;
    readonly state?: string;
    readonly data?: Readonly<Record<string, string>>;
  };
  readonly config?: {
    readonly workflowExecutionRetentionTtl?: string;
    readonly historyArchivalState?: string;
    readonly historyArchivalUri?: string;
    readonly visibilityArchivalState?: string;
    readonly visibilityArchivalUri?: string;
    readonly customSearchAttributeAliases?: Readonly<Record<string, string>>;
  };
  readonly replicationConfig?: {
    readonly activeClusterName?: string;
    readonly clusters?: readonly { readonly clusterName?: string }[];
    readonly state?: string;
  };
  readonly isGlobalNamespace?: boolean;
}

const RETENTION_MS_DEFAULT = 72 * 3_600_000;

export async function create(context: Context): Promise<undefined> {
  const { given, out } = context;
  const namespace = namedNamespace(context);
  const client = await context.client();
  const reply = await client.call('RegisterNamespace', {
    namespace,
    description: given.last('description'),
    ownerEmail: given.last('email'),
    workflowExecutionRetentionPeriod: given.duration('retention') ?? durationJson(RETENTION_MS_DEFAULT),
    clusters: given.all('cluster').map((clusterName) => ({ clusterName })),
    activeClusterName: given.last('active-cluster'),
    data: Object.fromEntries(given.pairs('data')),
    isGlobalNamespace: given.isOn('global'),
    ...archival(context),
  });
  await out.object(reply, () => out.line(out.paint('good', `Namespace ${namespace} successfully registered.`)));
  return undefined;
}

export async function describe(context: Context): Promise<undefined> {
  const { given, out } = context;
  const id = given.last('namespace-id');
  const name = givenNamespace(context);
  if (id !== undefined && name !== undefined) throw context.wrong('--namespace-id does not go with a name');
  const client = await context.client();
  const which = id === undefined ? { namespace: name ?? client.namespace } : { id };
  const reply = await client.call<Namespace>('DescribeNamespace', which);
  await out.object(reply, () => out.card('', rowsOf(reply.value)));
  return undefined;
}

export async function list(context: Context): Promise<undefined> {
  const client = await context.client();
  const pages = client.pages('ListNamespaces', { pageSize: 100 });
  await listed<Namespace>(context, pages, 'namespaces', [
    { name: 'Name', of: ({ value }) => value.namespaceInfo?.name },
    { name: 'State', of: ({ value }) => enumText('NAMESPACE_STATE', value.namespaceInfo?.state) },
    { name: 'Retention', of: ({ value }) => durationText(value.config?.workflowExecutionRetentionTtl) },
    { name: 'Description', of: ({ value }) => value.namespaceInfo?.description },
    { name: 'Id', of: ({ value }) => value.namespaceInfo?.id },
  ]);
  return undefined;
}

export async function update(context: Context): Promise<undefined> {
  const { out } = context;
  const name = givenNamespace(context);
  const changes = changesOf(context);
  if (Object.values(changes).every((one) => one === undefined)) throw context.wrong('say what to change');
  const client = await context.client();
  const namespace = name ?? client.namespace;
  const reply: Message = await client.call('UpdateNamespace', { namespace, ...changes });
  await out.object(reply, () => out.line(out.paint('good', `Namespace ${namespace} update succeeded.`)));
  return undefined;
}

export async function remove(context: Context): Promise<undefined> {
  const { out } = context;
  const namespace = namedNamespace(context);
  await context.confirm(`Delete the namespace ${namespace} with everything in it?`);
  const client = await context.client();
  const reply = await client.operate<{ readonly deletedNamespace?: string }>('DeleteNamespace', { namespace });
  await out.object(reply, async () => {
    await out.line(out.paint('good', `Namespace ${namespace} has been deleted.`));
    await out.line(`Until all of it is removed it is called ${reply.value.deletedNamespace ?? namespace}.`);
  });
  return undefined;
}

/** @throws {UsageError} two different names */
function givenNamespace(context: Context): string | undefined {
  const { given } = context;
  const names = new Set(given.all('namespace'));
  if (names.size > 1) throw context.wrong(`there are several names: ${[...names].join(', ')}`);
  return given.last('namespace');
}

/** What makes or ends a namespace never means the one that happens to be configured. */
function namedNamespace(context: Context): string {
  const name = givenNamespace(context);
  if (name === undefined) throw context.wrong('--namespace NAME must be given');
  return name;
}

function changesOf(context: Context): JsonObject {
  const { given } = context;
  const present = (fields: JsonObject) =>
    Object.values(fields).some((field) => field !== undefined) ? fields : undefined;
  const { historyArchivalState, historyArchivalUri, visibilityArchivalState, visibilityArchivalUri } =
    archival(context);
  const clusters = given.all('cluster').map((clusterName) => ({ clusterName }));
  return {
    promoteNamespace: given.isOn('promote-global') || undefined,
    updateInfo: present({
      description: given.last('description'),
      ownerEmail: given.last('email'),
      data: given.has('data') ? Object.fromEntries(given.pairs('data')) : undefined,
    }),
    config: present({
      workflowExecutionRetentionTtl: given.duration('retention'),
      historyArchivalState,
      historyArchivalUri,
      visibilityArchivalState,
      visibilityArchivalUri,
    }),
    replicationConfig: present({
      activeClusterName: given.last('active-cluster'),
      clusters: clusters.length > 0 ? clusters : undefined,
      state: enumOf('REPLICATION_STATE', given.last('replication-state')),
    }),
  };
}

function archival({ given }: Context) {
  return {
    historyArchivalState: enumOf('ARCHIVAL_STATE', given.last('history-archival-state')),
    historyArchivalUri: given.last('history-uri'),
    visibilityArchivalState: enumOf('ARCHIVAL_STATE', given.last('visibility-archival-state')),
    visibilityArchivalUri: given.last('visibility-uri'),
  };
}

function enumOf(prefix: string, word: string | undefined): string | undefined {
  return word === undefined ? undefined : `${prefix}_${word.toUpperCase()}`;
}

function rowsOf({ namespaceInfo: info, config, replicationConfig, isGlobalNamespace }: Namespace): readonly Row[] {
  return [
    ['Name', info?.name],
    ['Id', info?.id],
    ['Description', info?.description],
    ['OwnerEmail', info?.ownerEmail],
    ['State', enumText('NAMESPACE_STATE', info?.state)],
    ['Data', pairsText(info?.data)],
    ['Retention', durationText(config?.workflowExecutionRetentionTtl)],
    ['ActiveCluster', replicationConfig?.activeClusterName],
    ['Clusters', replicationConfig?.clusters?.map(({ clusterName }) => clusterName).join(', ')],
    ['ReplicationState', enumText('REPLICATION_STATE', replicationConfig?.state)],
    ['HistoryArchivalState', enumText('ARCHIVAL_STATE', config?.historyArchivalState)],
    ['HistoryArchivalUri', config?.historyArchivalUri],
    ['VisibilityArchivalState', enumText('ARCHIVAL_STATE', config?.visibilityArchivalState)],
    ['VisibilityArchivalUri', config?.visibilityArchivalUri],
    ['IsGlobalNamespace', String(isGlobalNamespace === true)],
    ['SearchAttributes', pairsText(config?.customSearchAttributeAliases)],
  ];
}

function pairsText(pairs: Readonly<Record<string, string>> = {}): string {
  return Object.entries(pairs)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ');
}
