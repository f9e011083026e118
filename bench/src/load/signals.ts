// How many signals per second one workflow takes. No worker polls: each signal only appends to the history.

import { median } from '../stats.ts';
import { signalWorkflow, startWorkflow, uniqueName } from './messages.ts';
import { Session, type Target } from './session.ts';

const inFlight = 64;

/** The median over `workflows` workflows of `signals` signals each (servers limit the signals of one run to 10,000). */
export async function measureSignals(
  target: Target,
  sizes: { readonly workflows: number; readonly signals: number },
): Promise<number> {
  const session = await Session.open(target);
  try {
    const perSecond: number[] = [];
    for (let index = 0; index < sizes.workflows; index++) perSecond.push(await signalOne(session, sizes.signals));
    return median(perSecond);
  } finally {
    session.close();
  }
}

async function signalOne(session: Session, signals: number): Promise<number> {
  const workflowId = uniqueName('signals');
  await session.call('StartWorkflowExecution', startWorkflow(session.namespace, workflowId)(workflowId));
  const request = signalWorkflow(session.namespace, workflowId);
  let sent = 0;
  const sender = async () => {
    while (sent < signals) {
      sent++;
      await session.call('SignalWorkflowExecution', request);
    }
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: inFlight }, sender));
  return (signals / (performance.now() - startedAt)) * 1000;
}
