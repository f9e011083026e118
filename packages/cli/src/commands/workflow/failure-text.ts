// A failure as people read it: one line for each link of its chain, from where it surfaced to where it began.

import { type Failure, failureChain, failureLine } from '@perdure/ui-core';

/** Lines, the first of which is the outermost. Empty without a failure. */
export function failureText(failure: Failure | undefined): string {
  return failureChain(failure)
    .map((link, at) => `${'  '.repeat(Math.max(0, at - 1))}${at === 0 ? '' : '└ because '}${failureLine(link)}`)
    .join('\n');
}

/** Where the failure began, in its code. */
export function stackTraceOf(failure: Failure | undefined): string {
  return failureChain(failure).findLast(({ stackTrace }) => stackTrace)?.stackTrace ?? '';
}
