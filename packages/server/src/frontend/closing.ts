// A workflow that tried to close and was refused, because of events it had not seen, is about to try again. What would
// make it try for ever waits until it has.

import { resourceExhausted, type StatusError } from '@perdure/api';
import { ResourceExhaustedCause, ResourceExhaustedScope } from '@perdure/api/enums';
import type { Run } from '../runtime/run.ts';
import type { RpcCall } from '../transport/rpc.ts';

/** Who waits, and may go before it has an answer. */
export type Caller = Pick<RpcCall, 'deadlineMs' | 'cancelled' | 'onCancel'>;

export function closing(): StatusError {
  return resourceExhausted(
    'workflow operation can not be applied because workflow is closing',
    ResourceExhaustedCause.BUSY_WORKFLOW,
    ResourceExhaustedScope.NAMESPACE,
  );
}

/** Resolves after the next commit on the run, after the time given, or when the client goes. */
export function nextChange(run: Run, ms: number, call: Caller): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      run.removeWaiter(finish);
      call.onCancel = undefined;
      resolve();
    };
    const timer = setTimeout(finish, ms);
    run.addWaiter(finish);
    call.onCancel = finish;
  });
}
