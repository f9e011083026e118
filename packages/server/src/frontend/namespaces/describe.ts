// How a namespace looks from outside: what is stored, and what this server adds to it.

import { ReplicationState } from '@perdure/api/enums';
import type { NamespaceInfo_Capabilities } from '@perdure/api/namespace';
import type { Init } from '@perdure/api/wire';
import type { DescribeNamespaceResponse, UpdateNamespaceResponse } from '@perdure/api/workflowservice';
import { CLUSTER_NAME } from '../cluster.ts';
import { configOf, infoOf } from './definition.ts';
import type { Namespace } from './registry.ts';

/**
 * SDKs choose their behaviour by these: each becomes true when the feature works, not before. A false one makes an SDK
 * take the older way, a wrong true one makes it call what is not there.
 */
const CAPABILITIES: Init<NamespaceInfo_Capabilities> = {
  syncUpdate: true,
  asyncUpdate: true,
  workerHeartbeats: false,
  standaloneActivities: false,
  pollerAutoscaling: false,
};

function capabilitiesOf({ settings }: Namespace): Init<NamespaceInfo_Capabilities> {
  return {
    ...CAPABILITIES,
    eagerWorkflowStart: settings.eagerWorkflowStart,
    reportedProblemsSearchAttribute: settings.limits.taskProblemsToReport > 0,
    workflowPause: settings.workflowPause,
  };
}

export function describe(namespace: Namespace): Init<DescribeNamespaceResponse & UpdateNamespaceResponse> {
  const { limits } = namespace.settings;
  return {
    namespaceInfo: {
      ...infoOf(namespace),
      capabilities: capabilitiesOf(namespace),
      limits: { blobSizeLimitError: limits.blobSizeMax, memoSizeLimitError: limits.memoSizeMax },
      supportsSchedules: true,
    },
    config: configOf(namespace),
    replicationConfig: {
      activeClusterName: CLUSTER_NAME,
      clusters: [{ clusterName: CLUSTER_NAME }],
      state: ReplicationState.NORMAL,
    },
    failoverVersion: 0,
    isGlobalNamespace: false,
  };
}
