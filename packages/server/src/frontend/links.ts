// Links that responses carry: where in a history the effect of the request can be seen.

import { Link } from '@perdure/api/common';
import type { Run } from '../runtime/run.ts';

/** An encoded Link to an event. */
export function eventLink(namespace: string, run: Run, eventId: number, eventType: number): Uint8Array {
  const { workflowId, runId } = run.state;
  return Link.encode({ workflowEvent: { namespace, workflowId, runId, eventRef: { eventId, eventType } } });
}

/** An encoded Link to the event that a request made, whatever id it will have. */
export function requestLink(namespace: string, run: Run, requestId: string, eventType: number): Uint8Array {
  const { workflowId, runId } = run.state;
  return Link.encode({ workflowEvent: { namespace, workflowId, runId, requestIdRef: { requestId, eventType } } });
}

/** An encoded Link to the run as a whole. */
export function runLink(namespace: string, run: Run, reason: string): Uint8Array {
  const { workflowId, runId } = run.state;
  return Link.encode({ workflow: { namespace, workflowId, runId, reason } });
}
