// What an UpdateNamespace request makes of a namespace. A request names only what changes; maps are merged.

import { invalidArgument } from '@perdure/api';
import { NamespaceState, ReplicationState } from '@perdure/api/enums';
import type { BadBinaries, NamespaceConfig, UpdateNamespaceInfo } from '@perdure/api/namespace';
import type { NamespaceReplicationConfig } from '@perdure/api/replication';
import type { Init } from '@perdure/api/wire';
import type { UpdateNamespaceRequest } from '@perdure/api/workflowservice';
import { CLUSTER_NAME } from '../cluster.ts';
import type { NamespaceDefinition } from './definition.ts';
import type { Namespace } from './registry.ts';

/** Where a namespace may go from each state. */
const NEXT_STATES: ReadonlyMap<NamespaceState, readonly NamespaceState[]> = new Map([
  [NamespaceState.REGISTERED, [NamespaceState.DEPRECATED, NamespaceState.DELETED]],
  [NamespaceState.DEPRECATED, [NamespaceState.DELETED]],
]);

export interface UpdateRules {
  readonly retentionMinMs: number;
  readonly nowMs: number;
}

/** @throws {StatusError} the request asks for something that is not possible; nothing is changed then */
export function updated(current: Namespace, request: UpdateNamespaceRequest, rules: UpdateRules): NamespaceDefinition {
  if (request.promoteNamespace) {
    throw invalidArgument(
      `global namespace is not enabled on this cluster, cannot update global namespace or promote local namespace: ${current.name}`,
    );
  }
  if (request.replicationConfig !== undefined) checkReplication(request.replicationConfig);
  return {
    ...current,
    ...(request.updateInfo && changedInfo(current, request.updateInfo)),
    ...(request.config && changedConfig(current, request.config, rules)),
    badBinaries: changedBadBinaries(current, request, rules.nowMs),
  };
}

/** @throws {StatusError} unless it is given and long enough */
export function checkedRetention(retentionMs: number | undefined, minMs: number): number {
  if (retentionMs === undefined || retentionMs < minMs) {
    throw invalidArgument('A valid retention period is not set on request.');
  }
  return retentionMs;
}

function changedInfo(current: Namespace, info: UpdateNamespaceInfo): Partial<NamespaceDefinition> {
  return {
    description: info.description || current.description,
    ownerEmail: info.ownerEmail || current.ownerEmail,
    data: new Map([...current.data, ...info.data]),
    state: nextState(current.state, info.state),
  };
}

function nextState(current: NamespaceState, asked: NamespaceState): NamespaceState {
  if (asked === NamespaceState.UNSPECIFIED || asked === current) return current;
  if (!NEXT_STATES.get(current)?.includes(asked)) throw invalidArgument('Invalid namespace state update.');
  return asked;
}

function changedConfig(current: Namespace, config: NamespaceConfig, rules: UpdateRules): Partial<NamespaceDefinition> {
  const retention = config.workflowExecutionRetentionTtl;
  return {
    retentionMs: retention === undefined ? current.retentionMs : checkedRetention(retention, rules.retentionMinMs),
    searchAttributeAliases: changedAliases(current.searchAttributeAliases, config.customSearchAttributeAliases),
  };
}

function changedAliases(
  current: ReadonlyMap<string, string>,
  changes: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const aliases = new Map(current);
  for (const [field, alias] of changes) {
    if (alias === '') aliases.delete(field);
    else if (aliases.has(field)) throw invalidArgument('Custom search attribute field name already allocated.');
    else aliases.set(field, alias);
  }
  return aliases;
}

function changedBadBinaries(current: Namespace, request: UpdateNamespaceRequest, nowMs: number): Init<BadBinaries> {
  const binaries = new Map(current.badBinaries.binaries);
  for (const [checksum, info] of request.config?.badBinaries?.binaries ?? []) {
    binaries.set(checksum, { ...info, createTime: nowMs });
  }
  const max = current.settings.badBinariesMax;
  if (binaries.size > max) throw invalidArgument(`Total resetBinaries cannot exceed the max limit: ${max}`);
  const removed = request.deleteBadBinary;
  if (removed !== '' && !binaries.delete(removed)) {
    throw invalidArgument(`Bad binary checksum ${removed} doesn't exists.`);
  }
  return { binaries };
}

/** A namespace lives on this cluster alone: a request may say so, but nothing else. */
function checkReplication(config: NamespaceReplicationConfig): void {
  checkClusters(config.activeClusterName, config.clusters);
  if (config.state !== ReplicationState.UNSPECIFIED && config.state !== ReplicationState.NORMAL) {
    throw invalidArgument('REPLICATION_STATE_HANDOVER can only be set for global namespace');
  }
}

/** @throws {StatusError} when a cluster is named that is not this one */
export function checkClusters(active: string, clusters: readonly { readonly clusterName: string }[]): void {
  for (const name of [active, ...clusters.map(({ clusterName }) => clusterName)]) {
    if (name !== '' && name !== CLUSTER_NAME) throw invalidArgument(`Invalid cluster name: ${name}`);
  }
}
