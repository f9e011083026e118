// A failure is a chain: the outermost says where it surfaced (an activity, a child), the innermost what went wrong.
import { enumWords } from './enum-words.ts';
import type { Failure } from './event.ts';

const SUMMARY_LENGTH_MAX = 200;

/** From the outermost to the innermost. */
export function failureChain(failure: Failure | undefined): Failure[] {
  const chain: Failure[] = [];
  for (let link = failure; link !== undefined; link = link.cause) chain.push(link);
  return chain;
}

export function rootFailure(failure: Failure | undefined): Failure | undefined {
  return failureChain(failure).at(-1);
}

/** Does it only say where a failure came from: an activity, a child, a Nexus operation? */
export function namesWork(failure: Failure): boolean {
  const { activityFailureInfo, childWorkflowExecutionFailureInfo, nexusOperationExecutionFailureInfo } = failure;
  return Boolean(activityFailureInfo ?? childWorkflowExecutionFailureInfo ?? nexusOperationExecutionFailureInfo);
}

/** What kind of failure it is: the type that application code gave it, "start to close timeout", "canceled" ... */
export function failureType(failure: Failure): string {
  if (failure.applicationFailureInfo) return failure.applicationFailureInfo.type ?? '';
  if (failure.timeoutFailureInfo) {
    return `${enumWords(failure.timeoutFailureInfo.timeoutType, 'TIMEOUT_TYPE')} timeout`.trim();
  }
  if (failure.canceledFailureInfo) return 'canceled';
  if (failure.terminatedFailureInfo) return 'terminated';
  if (failure.serverFailureInfo) return 'server failure';
  if (failure.resetWorkflowFailureInfo) return 'reset';
  if (failure.activityFailureInfo) return 'activity failure';
  if (failure.childWorkflowExecutionFailureInfo) return 'child workflow failure';
  if (failure.nexusOperationExecutionFailureInfo) return 'Nexus operation failure';
  if (failure.nexusHandlerFailureInfo) return failure.nexusHandlerFailureInfo.type ?? 'Nexus handler failure';
  return '';
}

/** One line about one failure of a chain: "CardDeclined: no funds". */
export function failureLine(failure: Failure): string {
  const type = failureType(failure);
  const message = firstLine(failure.message ?? '');
  if (message === '' || type === '') return message || type || 'failure without a message';
  return message.toLowerCase() === type.toLowerCase() ? message : `${type}: ${message}`;
}

/** One line about what went wrong at the bottom of it. Empty without a failure. */
export function failureSummary(failure: Failure | undefined): string {
  const root = rootFailure(failure);
  return root === undefined ? '' : failureLine(root);
}

export function firstLine(text: string): string {
  const line = text.trim().split('\n', 1)[0]?.trim() ?? '';
  return line.length > SUMMARY_LENGTH_MAX ? `${line.slice(0, SUMMARY_LENGTH_MAX - 1)}…` : line;
}
