// Calls that make, change and end namespaces and their search attributes.
import { useQuery } from '@tanstack/react-query';
import { api, extra, path } from '../../api/http.ts';
import { extrasQuery } from '../../api/server.ts';
import type { Archival, NamespaceChanges } from './form.ts';

/** The types that a search attribute can have, as commands and our server name them. */
export const ATTRIBUTE_TYPES = ['Keyword', 'Text', 'Int', 'Double', 'Bool', 'Datetime', 'KeywordList'] as const;
export type AttributeType = (typeof ATTRIBUTE_TYPES)[number];

/** @throws {ApiError} */
export async function createNamespace(namespace: string, changes: NamespaceChanges): Promise<void> {
  const { description, ownerEmail, retentionSeconds, data } = changes;
  const workflowExecutionRetentionPeriod = secondsText(retentionSeconds);
  const body = { namespace, description, ownerEmail, workflowExecutionRetentionPeriod, data };
  await api('namespaces', { method: 'POST', body });
}

/** @throws {ApiError} */
export async function updateNamespace(namespace: string, changes: NamespaceChanges): Promise<void> {
  const { description, ownerEmail, retentionSeconds, data, historyArchival, visibilityArchival } = changes;
  const body = {
    updateInfo: { description, ownerEmail, data },
    config: {
      workflowExecutionRetentionTtl: secondsText(retentionSeconds),
      historyArchivalState: archivalState(historyArchival),
      visibilityArchivalState: archivalState(visibilityArchival),
    },
  };
  await api(path`namespaces/${namespace}/update`, { method: 'POST', body });
}

/** Whether the server lets pages do what its HTTP API cannot. undefined: not known yet. */
export function useCanOperate(): boolean | undefined {
  return useQuery(extrasQuery).data?.features.includes('namespaces');
}

/** @throws {ApiError} */
export async function deleteNamespace(namespace: string): Promise<void> {
  await extra(path`namespaces/${namespace}`, { method: 'DELETE' });
}

/** @throws {ApiError} */
export async function addAttribute(namespace: string, name: string, type: AttributeType): Promise<void> {
  await extra(path`namespaces/${namespace}/search-attributes`, { method: 'POST', body: { name, type } });
}

/** @throws {ApiError} */
export async function removeAttribute(namespace: string, name: string): Promise<void> {
  await extra(path`namespaces/${namespace}/search-attributes/${name}`, { method: 'DELETE' });
}

function secondsText(seconds: number | undefined): string | undefined {
  return seconds === undefined ? undefined : `${seconds}s`;
}

function archivalState(archival: Archival | undefined): string | undefined {
  return archival === undefined ? undefined : `ARCHIVAL_STATE_${archival.toUpperCase()}`;
}
