// What the server says of one run.
import type { Payload, Payloads, WorkflowDescription } from '@perdure/ui-core';
import { queryOptions } from '@tanstack/react-query';
import { api, path } from '../../api/http.ts';
import type { WorkflowExecutionInfo } from '../../api/types.ts';
import { send } from '../../payloads/send.ts';

export interface RunDescription extends WorkflowDescription {
  readonly workflowExecutionInfo?: WorkflowExecutionInfo & WorkflowDescription['workflowExecutionInfo'];
  readonly executionConfig?: {
    readonly taskQueue?: { readonly name?: string };
    readonly workflowExecutionTimeout?: string;
    readonly workflowRunTimeout?: string;
    readonly defaultWorkflowTaskTimeout?: string;
    readonly userMetadata?: { readonly summary?: Payload; readonly details?: Payload };
  };
  readonly callbacks?: readonly object[];
  readonly workflowExtendedInfo?: WorkflowDescription['workflowExtendedInfo'] & {
    readonly resetRunId?: string;
    readonly runExpirationTime?: string;
    readonly lastResetTime?: string;
  };
}

const OPEN_EVERY_MS = 2_000;

export function runQuery(namespace: string, workflowId: string, runId: string | undefined, live: boolean) {
  return queryOptions({
    queryKey: ['run', namespace, workflowId, runId ?? ''],
    queryFn: ({ signal }) =>
      api<RunDescription>(path`namespaces/${namespace}/workflows/${workflowId}`, {
        query: { 'execution.runId': runId },
        signal,
      }),
    refetchInterval: ({ state: { data } }) => (live && data !== undefined && isOpenRun(data) ? OPEN_EVERY_MS : false),
  });
}

export function isOpenRun({ workflowExecutionInfo }: RunDescription): boolean {
  const { status } = workflowExecutionInfo ?? {};
  return status === 'WORKFLOW_EXECUTION_STATUS_RUNNING' || status === 'WORKFLOW_EXECUTION_STATUS_PAUSED';
}

export interface QueryReply {
  readonly queryResult?: Payloads;
  readonly queryRejected?: { readonly status?: string };
}

export function runQueryCall(
  namespace: string,
  workflowId: string,
  runId: string,
  query: { readonly type: string; readonly args: Payloads | undefined },
): Promise<QueryReply> {
  const body = { execution: { workflowId, runId }, query: { queryType: query.type, queryArgs: query.args } };
  return send<QueryReply>(namespace, path`namespaces/${namespace}/workflows/${workflowId}/query/${query.type}`, body);
}
