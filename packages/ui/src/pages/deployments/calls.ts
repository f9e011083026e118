// Calls that change worker deployments and their versions.
import { api, path } from '../../api/http.ts';
import { IDENTITY, payloadOf } from '../../payloads/encode.ts';

export interface DeploymentKey {
  readonly namespace: string;
  readonly deployment: string;
  /** Of the state that the person saw. */
  readonly conflictToken: string | undefined;
}

export interface Routing {
  /** Empty: workers without a version. */
  readonly buildId: string;
  readonly ignoreMissingTaskQueues: boolean;
  readonly allowNoPollers: boolean;
}

const identity = IDENTITY;

/** @throws {ApiError} */
export async function createDeployment(namespace: string, name: string): Promise<void> {
  const body = { identity, requestId: crypto.randomUUID() };
  await api(path`namespaces/${namespace}/worker-deployments/${name}`, { method: 'POST', body });
}

/** @throws {ApiError} */
export async function deleteDeployment({ namespace, deployment }: DeploymentKey): Promise<void> {
  await api(path`namespaces/${namespace}/worker-deployments/${deployment}`, { method: 'DELETE', query: { identity } });
}

/** @throws {ApiError} */
export async function setCurrentVersion(key: DeploymentKey, routing: Routing): Promise<void> {
  await change(key, 'set-current-version', routing);
}

/** No build id and 0 %: nothing ramps any more. @throws {ApiError} */
export async function setRampingVersion(key: DeploymentKey, routing: Routing, percentage: number): Promise<void> {
  await change(key, 'set-ramping-version', { ...routing, percentage });
}

/** @param managerIdentity empty: nobody in particular @throws {ApiError} */
export async function setManager(key: DeploymentKey, managerIdentity: string): Promise<void> {
  await change(key, 'set-manager', { managerIdentity });
}

/** @throws {ApiError} */
export async function deleteVersion(key: DeploymentKey, buildId: string, skipDrainage: boolean): Promise<void> {
  const query = { identity, ...(skipDrainage ? { skipDrainage } : {}) };
  await api(path`namespaces/${key.namespace}/worker-deployment-versions/${key.deployment}/${buildId}`, {
    method: 'DELETE',
    query,
  });
}

export interface MetadataChange {
  /** Of each key, the text of a JSON value. */
  readonly set: Readonly<Record<string, string>>;
  readonly removed: readonly string[];
}

/** @throws {ApiError} */
export async function updateMetadata(
  { namespace, deployment }: DeploymentKey,
  buildId: string,
  { set, removed }: MetadataChange,
): Promise<void> {
  const upsertEntries = Object.fromEntries(Object.entries(set).map(([key, text]) => [key, payloadOf(text)]));
  const body = { upsertEntries, removeEntries: removed, identity };
  await api(path`namespaces/${namespace}/worker-deployment-versions/${deployment}/${buildId}/update-metadata`, {
    method: 'POST',
    body,
  });
}

async function change({ namespace, deployment, conflictToken }: DeploymentKey, verb: string, body: object) {
  await api(`${path`namespaces/${namespace}/worker-deployments/${deployment}`}/${verb}`, {
    method: 'POST',
    body: { ...body, conflictToken, identity },
  });
}
