// A failure as people read it: one line for each link of its chain, from where it surfaced to where it began.

import { type Failure, failureChain, failureLine, retryWords } from '@perdure/ui-core';

/** Lines, the first of which is the outermost. Empty without a failure. */
export function failureText(failure: Failure | undefined): string {
  return failureChain(failure)
    .map((link, at) => `${'  '.repeat(Math.max(0, at - 1))}${at === 0 ? '' : '└ because '}${linkText(link)}`)
    .join('\n');
}

/** A link that says where a failure came from names it: `activity charge (maximum attempts reached): ...`. */
function linkText(link: Failure): string {
  const { activityFailureInfo: activity, childWorkflowExecutionFailureInfo: child } = link;
  const { nexusOperationExecutionFailureInfo: operation } = link;
  const work = activity
    ? ['activity', activity.activityType?.name]
    : child
      ? ['child workflow', child.workflowType?.name, child.workflowExecution?.workflowId]
      : operation && ['Nexus operation', operation.service, operation.operation];
  if (work === undefined) return failureLine(link);
  const retries = retryWords((activity ?? child)?.retryState);
  const message = failureLine({ message: link.message ?? '' });
  return `${work.filter(Boolean).join(' ')}${retries && ` (${retries})`}: ${message}`;
}

/** Where the failure began, in its code. */
export function stackTraceOf(failure: Failure | undefined): string {
  return failureChain(failure).findLast(({ stackTrace }) => stackTrace)?.stackTrace ?? '';
}
