// What the server says about itself. SDKs ask GetSystemInfo first of all and choose their behaviour by the answer.

import type { Init } from '@perdure/api/wire';
import * as api from '@perdure/api/workflowservice';
import { COMPATIBLE_VERSION, VERSION } from '../version.ts';
import { CLUSTER_NAME } from './cluster.ts';
import type { Handler } from './context.ts';
import { type Rpc, rpc } from './rpc.ts';

/** Each becomes true when the feature works, not before. */
const CAPABILITIES: Init<api.GetSystemInfoResponse_Capabilities> = {
  signalAndQueryHeader: true,
  internalErrorDifferentiation: true,
  activityFailureIncludeHeartbeat: true,
  encodedFailureAttributes: true,
  upsertMemo: true,
  sdkMetadata: true,
  supportsSchedules: true,
  // Workers tell their build id only if this is set. Those that want to be versioned by it are refused when they poll.
  buildIdBasedVersioning: true,
  eagerWorkflowStart: true,
  countGroupByExecutionStatus: true,
  nexus: false,
  serverScaledDeployments: false,
};

/** Client names as they come in the `client-name` header, and the versions of each that are understood. */
const SUPPORTED_CLIENTS: ReadonlyMap<string, string> = new Map([
  ['temporal-go', '<2.0.0'],
  ['temporal-java', '<2.0.0'],
  ['temporal-php', '<2.0.0'],
  ['temporal-typescript', '<2.0.0'],
  ['temporal-cli', '<2.0.0'],
  ['temporal-server', '<2.0.0'],
  ['temporal-ui', '<3.0.0'],
]);

const getSystemInfo: Handler<api.GetSystemInfoRequest, api.GetSystemInfoResponse> = () => ({
  serverVersion: COMPATIBLE_VERSION,
  capabilities: CAPABILITIES,
});

const getClusterInfo: Handler<api.GetClusterInfoRequest, api.GetClusterInfoResponse> = ({ namespaces, store }) => ({
  supportedClients: SUPPORTED_CLIENTS,
  serverVersion: COMPATIBLE_VERSION,
  clusterId: namespaces.clusterId,
  // `server_version` is the service we are compatible with; which program answers is said here.
  versionInfo: { current: { version: VERSION, notes: `Perdure ${VERSION}` } },
  clusterName: CLUSTER_NAME,
  historyShardCount: 1,
  persistenceStore: store.kind,
  visibilityStore: store.kind,
  initialFailoverVersion: 1,
  failoverVersionIncrement: 10,
});

export const systemRpcs: readonly Rpc[] = [
  rpc('GetSystemInfo', api.GetSystemInfoRequest, api.GetSystemInfoResponse, getSystemInfo),
  rpc('GetClusterInfo', api.GetClusterInfoRequest, api.GetClusterInfoResponse, getClusterInfo),
];
