import { ApplicationFailure, activityInfo, CompleteAsyncError, Context, heartbeat, sleep } from '@temporalio/activity';
import { notices } from '../../e2e/sdk/notices.ts';

export async function echo(text: string): Promise<string> {
  return text;
}

export async function failOnce(): Promise<string> {
  if (activityInfo().attempt === 1) throw new Error('the first attempt fails');
  return 'succeeded after all';
}

export async function failAlways(): Promise<void> {
  throw new Error('every attempt fails');
}

export async function failForGood(): Promise<never> {
  throw ApplicationFailure.nonRetryable('hopeless', 'Hopeless', 'a detail');
}

export async function hang(): Promise<void> {
  await sleep('1h');
}

/** Reports a position, fails, and goes on from there. */
export async function resume(): Promise<string> {
  const details: unknown = activityInfo().heartbeatDetails;
  if (details === 'half') return 'resumed';
  heartbeat('half');
  throw new Error('torn');
}

export async function untilCancelled(workflowId: string): Promise<void> {
  const beat = setInterval(heartbeat, 50);
  notices.emit(`running ${workflowId}`);
  try {
    await Context.current().cancelled;
  } finally {
    clearInterval(beat);
  }
}

export async function tellAndPause(workflowId: string): Promise<void> {
  notices.emit(`running ${workflowId}`);
  await sleep(300);
}

export async function completeLater(): Promise<never> {
  throw new CompleteAsyncError();
}
