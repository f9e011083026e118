// The workflow that a schedule starts: what its action says, as a client would ask for it, and what makes it known as the
// schedule's.

import { invalidArgument, jsonPayload, namespaceNotFound } from '@perdure/api';
import { SearchAttributes } from '@perdure/api/common';
import { WorkflowIdReusePolicy as Reuse } from '@perdure/api/enums';
import type { NewWorkflowExecutionInfo } from '@perdure/api/workflow';
import { StartWorkflowExecutionRequest } from '@perdure/api/workflowservice';
import { byteLength, type Limits, secondText } from '@perdure/core';
import type { NewRun } from '../../runtime/engine-types.ts';
import type { Action } from '../../runtime/schedules/scheduler.ts';
import type { FrontendContext } from '../context.ts';
import type { Namespace } from '../namespaces/registry.ts';
import { checkedSearchAttributes } from '../validate.ts';
import { newRun, normaliseStart, refuseUnbuilt } from '../workflow-start.ts';

const EMPTY_START = StartWorkflowExecutionRequest.decode(new Uint8Array(0));
/** What a workflow id must have room for. */
const TIME_SUFFIX = '-2009-11-10T23:00:00Z';

/**
 * The action as it is kept.
 * @throws INVALID_ARGUMENT, UNIMPLEMENTED
 */
export function checkAction(
  context: FrontendContext,
  namespace: Namespace,
  action: NewWorkflowExecutionInfo | undefined,
): NewWorkflowExecutionInfo {
  if (action === undefined) throw invalidArgument('Only StartWorkflow action is supported for schedules');
  const { limits } = namespace.settings;
  if (byteLength(action.workflowId) + TIME_SUFFIX.length > limits.idLengthMax) {
    throw invalidArgument('WorkflowId length exceeds limit.');
  }
  if (action.cronSchedule !== '') throw invalidArgument('Scheduled workflow must not contain CronSchedule');
  if (action.workflowIdReusePolicy !== Reuse.UNSPECIFIED && action.workflowIdReusePolicy !== Reuse.ALLOW_DUPLICATE) {
    throw invalidArgument('Scheduled workflow must not contain WorkflowIDReusePolicy');
  }
  checkSize(action, limits);
  const request = { ...EMPTY_START, ...action };
  normaliseStart(context, namespace, request);
  refuseUnbuilt(request);
  // With their types, as clients read them.
  return { ...action, searchAttributes: checkedSearchAttributes(action.searchAttributes, namespace) };
}

function checkSize({ memo, input }: NewWorkflowExecutionInfo, limits: Limits): void {
  const size = (memo?.length ?? 0) + (input?.length ?? 0);
  if (size > limits.blobSizeMax) throw invalidArgument('Blob data size exceeds limit.');
}

/** @throws StatusError: the namespace, or what the action needs in it, has changed */
export function newScheduledRun(
  context: Pick<FrontendContext, 'namespaces' | 'clock' | 'ids'>,
  { entity, start, workflowId, requestId, identity }: Action,
): NewRun {
  const { namespaceId, id, state } = entity;
  const namespace = context.namespaces.byId(namespaceId);
  if (namespace === undefined) throw namespaceNotFound(namespaceId);
  const { lastResult, lastFailure, definition } = state;
  const workflow = normaliseStart(context, namespace, {
    ...{ ...EMPTY_START, ...definition.action, workflowId, requestId, identity },
    lastCompletionResult: lastResult.length > 0 ? lastResult : undefined,
    continuedFailure: lastFailure.length > 0 ? lastFailure : undefined,
  });
  const searchAttributes = withOrigin(workflow.searchAttributes, id, start.nominalMs);
  return newRun(context, { namespaceId, workflowId }, { ...workflow, searchAttributes }, {});
}

/** Says which schedule a workflow is of, and for which time. Encoded maps that follow each other are one map. */
function withOrigin(encoded: Uint8Array | undefined, scheduleId: string, nominalMs: number): Uint8Array {
  const origin = SearchAttributes.encode({
    indexedFields: new Map([
      ['TemporalScheduledStartTime', jsonPayload(secondText(nominalMs), { type: 'Datetime' })],
      ['TemporalScheduledById', jsonPayload(scheduleId, { type: 'Keyword' })],
    ]),
  });
  return encoded === undefined ? origin : Buffer.concat([encoded, origin]);
}
