// `operator cluster`.

import type { Context } from '../../context.ts';
import { CommandError, exitCode } from '../../exit.ts';
import { listed } from '../../output/listing.ts';

interface ClusterInfo {
  readonly clusterName?: string;
  readonly clusterId?: string;
  readonly persistenceStore?: string;
  readonly visibilityStore?: string;
  readonly historyShardCount?: number;
  readonly serverVersion?: string;
}

export async function describe(context: Context): Promise<undefined> {
  const { given, out } = context;
  const client = await context.client();
  const reply = await client.call<ClusterInfo>('GetClusterInfo', {});
  const { clusterName, clusterId, persistenceStore, visibilityStore, historyShardCount, serverVersion } = reply.value;
  await out.object(reply, async () => {
    await out.card('', [
      ['ClusterName', clusterName],
      ['PersistenceStore', persistenceStore],
      ['VisibilityStore', visibilityStore],
      ['HistoryShardCount', given.isOn('detail') ? historyShardCount : undefined],
      ['ClusterId', given.isOn('detail') ? clusterId : undefined],
      ['ServerVersion', given.isOn('detail') ? serverVersion : undefined],
    ]);
  });
  return undefined;
}

export async function health(context: Context): Promise<undefined> {
  const { out } = context;
  const client = await context.client();
  const { value } = await client.checkHealth();
  const status = value.status ?? 'UNKNOWN';
  if (status !== 'SERVING') throw new CommandError(`the server says ${status}`, exitCode.FAILED, { status });
  await out.object({ status }, () => out.line(out.paint('good', status)));
  return undefined;
}

interface SystemInfo {
  readonly serverVersion?: string;
  readonly capabilities?: Readonly<Record<string, boolean>>;
}

export async function system(context: Context): Promise<undefined> {
  const { out } = context;
  const client = await context.client();
  const reply = await client.call<SystemInfo>('GetSystemInfo', {});
  const { serverVersion, capabilities = {} } = reply.value;
  await out.object(reply, async () => {
    const can = Object.entries(capabilities).filter(([, isOn]) => isOn);
    await out.card('', [
      ['ServerVersion', serverVersion],
      ['Capabilities', can.map(([name]) => name).join('\n')],
    ]);
  });
  return undefined;
}

interface Cluster {
  readonly clusterName?: string;
  readonly clusterId?: string;
  readonly address?: string;
  readonly historyShardCount?: number;
  readonly initialFailoverVersion?: string;
  readonly isConnectionEnabled?: boolean;
  readonly isReplicationEnabled?: boolean;
}

export async function list(context: Context): Promise<undefined> {
  const client = await context.client();
  const pages = client.pages('ListClusters', {}, { service: 'operator' });
  await listed<Cluster>(context, pages, 'clusters', [
    { name: 'Name', of: ({ value }) => value.clusterName },
    { name: 'ClusterId', of: ({ value }) => value.clusterId },
    { name: 'Address', of: ({ value }) => value.address },
    { name: 'HistoryShardCount', of: ({ value }) => value.historyShardCount },
    { name: 'InitialFailoverVersion', of: ({ value }) => value.initialFailoverVersion },
    { name: 'IsConnectionEnabled', of: ({ value }) => String(value.isConnectionEnabled === true) },
    { name: 'IsReplicationEnabled', of: ({ value }) => String(value.isReplicationEnabled === true) },
  ]);
  return undefined;
}

export async function upsert(context: Context): Promise<undefined> {
  const { given, out } = context;
  const frontendAddress = given.text('frontend-address');
  const client = await context.client();
  await client.operate('AddOrUpdateRemoteCluster', {
    frontendAddress,
    enableRemoteClusterConnection: given.isOn('enable-connection'),
    enableReplication: given.isOn('enable-replication'),
  });
  await out.object({ frontendAddress }, () => out.line(`Upserted cluster ${frontendAddress}`));
  return undefined;
}

export async function remove(context: Context): Promise<undefined> {
  const { given, out } = context;
  const clusterName = given.text('name');
  const client = await context.client();
  await client.operate('RemoveRemoteCluster', { clusterName });
  await out.object({ clusterName }, () => out.line(`Removed cluster ${clusterName}`));
  return undefined;
}
