// What a namespace is, apart from the server it lives on, and how it is kept in a row: as an encoded
// DescribeNamespaceResponse of the API, which holds every field there is and needs no format of its own. What is
// configured for its task queues follows, and whether its removal has begun.

import { ArchivalState, NamespaceState } from '@perdure/api/enums';
import type { BadBinaries, NamespaceConfig, NamespaceInfo } from '@perdure/api/namespace';
import { TaskQueueConfig } from '@perdure/api/taskqueue';
import type { Init } from '@perdure/api/wire';
import { DescribeNamespaceResponse } from '@perdure/api/workflowservice';
import type { NamespaceRow } from '@perdure/store';
import { NamespaceUpkeep } from '../../../generated/namespaces.js';
import { ConfiguredQueues } from '../../../generated/queues.js';
import type { QueueType } from '../../matching/matching.ts';

export interface NamespaceDefinition {
  readonly id: string;
  readonly name: string;
  readonly state: NamespaceState;
  /** How long a closed run is kept. */
  readonly retentionMs: number;
  readonly description: string;
  readonly ownerEmail: string;
  readonly data: ReadonlyMap<string, string>;
  readonly badBinaries: Init<BadBinaries>;
  readonly searchAttributeAliases: ReadonlyMap<string, string>;
  /** What is configured for its task queues, by `queueKey`. */
  readonly queues: ReadonlyMap<string, ConfiguredQueue>;
  /** It was deleted: nothing happens in it any more, and what is left of it is being removed. */
  readonly removal: NamespaceRemoval | undefined;
}

export interface NamespaceRemoval {
  /** The row stays until then, even when nothing else is left. */
  readonly rowUntilMs: number;
}

export interface ConfiguredQueue {
  readonly name: string;
  readonly type: QueueType;
  readonly config: TaskQueueConfig;
}

export function queueKey(type: QueueType, name: string): string {
  return `${type} ${name}`;
}

/** The namespace of the server's own work: always there, and listed like any other. */
export const SYSTEM_NAMESPACE: NamespaceDefinition = newDefinition({
  id: '32049b68-7872-4094-8e63-d0dd59896a83',
  name: 'temporal-system',
  retentionMs: 7 * 24 * 60 * 60 * 1000,
});

export function newDefinition(
  given: Pick<NamespaceDefinition, 'id' | 'name' | 'retentionMs'> & Partial<NamespaceDefinition>,
): NamespaceDefinition {
  return {
    state: NamespaceState.REGISTERED,
    description: '',
    ownerEmail: '',
    data: new Map(),
    badBinaries: { binaries: new Map() },
    searchAttributeAliases: new Map(),
    queues: new Map(),
    removal: undefined,
    ...given,
  };
}

/** The parts that are stored; capabilities and limits are the server's, and added when it is described. */
export function infoOf(definition: NamespaceDefinition): Init<NamespaceInfo> {
  const { id, name, state, description, ownerEmail, data } = definition;
  return { id, name, state, description, ownerEmail, data };
}

export function configOf(definition: NamespaceDefinition): Init<NamespaceConfig> {
  return {
    workflowExecutionRetentionTtl: definition.retentionMs,
    badBinaries: definition.badBinaries,
    historyArchivalState: ArchivalState.DISABLED,
    visibilityArchivalState: ArchivalState.DISABLED,
    customSearchAttributeAliases: definition.searchAttributeAliases,
  };
}

export function encodeNamespace(definition: NamespaceDefinition): Uint8Array {
  const info = DescribeNamespaceResponse.encode({ namespaceInfo: infoOf(definition), config: configOf(definition) });
  const upkeep = NamespaceUpkeep.encode({ removal: definition.removal });
  return Buffer.concat([info, encodeQueues(definition.queues), upkeep]);
}

export function encodeQueues(configured: NamespaceDefinition['queues']): Uint8Array {
  const queues = [...configured.values()].map(({ name, type, config }) => ({
    name,
    type,
    config: TaskQueueConfig.encode(config),
  }));
  return ConfiguredQueues.encode({ queues });
}

function decodeQueues(data: Uint8Array): ReadonlyMap<string, ConfiguredQueue> {
  return new Map(
    ConfiguredQueues.decode(data).queues.map(({ name, type, config }) => [
      queueKey(type as QueueType, name),
      { name, type: type as QueueType, config: TaskQueueConfig.decode(config) },
    ]),
  );
}

export function decodeNamespace(row: NamespaceRow): NamespaceDefinition {
  const { namespaceInfo: info, config } = DescribeNamespaceResponse.decode(row.data);
  if (info === undefined || config?.workflowExecutionRetentionTtl === undefined) {
    throw new Error(`The stored namespace "${row.name}" (${row.id}) is not readable: its row was damaged.`);
  }
  return {
    id: row.id,
    name: row.name,
    state: info.state,
    retentionMs: config.workflowExecutionRetentionTtl,
    description: info.description,
    ownerEmail: info.ownerEmail,
    data: info.data,
    badBinaries: config.badBinaries ?? { binaries: new Map() },
    searchAttributeAliases: config.customSearchAttributeAliases,
    queues: decodeQueues(row.data),
    removal: NamespaceUpkeep.decode(row.data).removal,
  };
}
