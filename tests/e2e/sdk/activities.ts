// Activities of the end-to-end tests. Those that need to tell the test something do it through `notices`.

import {
  ApplicationFailure,
  activityInfo,
  CancelledFailure,
  CompleteAsyncError,
  Context,
  heartbeat,
  sleep,
} from '@temporalio/activity';
import { notices } from './notices.ts';

export async function echo(text: string): Promise<string> {
  return text;
}

export async function failUntil(attempt: number): Promise<number> {
  if (activityInfo().attempt < attempt) throw new Error(`attempt ${activityInfo().attempt} fails`);
  return activityInfo().attempt;
}

export async function failForGood(type: string): Promise<never> {
  throw ApplicationFailure.nonRetryable('hopeless', type, 'a detail');
}

export async function failWithType(type: string): Promise<never> {
  throw ApplicationFailure.retryable('of a type', type);
}

/** Never ends by itself; a worker that shuts down cancels it. */
export async function hang(): Promise<void> {
  await sleep('1h');
}

/** Goes on where the heartbeat of the last attempt was. */
export async function resume(pages: number): Promise<number[]> {
  const { attempt } = activityInfo();
  const details: unknown = activityInfo().heartbeatDetails;
  const reached = typeof details === 'number' ? details : 0;
  heartbeat(reached + 1);
  if (reached + 1 < pages) throw new Error(`page ${reached + 1} tore`);
  return [attempt, reached + 1];
}

export async function untilCancelled(key: string): Promise<string> {
  notices.emit(`running ${key}`);
  const beat = setInterval(heartbeat, 50);
  try {
    await Context.current().cancelled;
    return 'never';
  } catch (error) {
    if (error instanceof CancelledFailure) notices.emit(`cancelled ${key}`);
    throw error;
  } finally {
    clearInterval(beat);
  }
}

export async function completeLater(key: string): Promise<never> {
  notices.emit(`token ${key}`, activityInfo().taskToken, activityInfo().activityId);
  throw new CompleteAsyncError();
}

/** The first attempt runs until the server wants it to end; the next one returns which it is. */
export async function untilInterrupted(key: string): Promise<number> {
  const { attempt } = activityInfo();
  notices.emit(`running ${key}`);
  if (attempt > 1) return attempt;
  const beat = setInterval(heartbeat, 50);
  try {
    await Context.current().cancelled;
    return 0;
  } catch (error) {
    notices.emit(`interrupted ${key}`, Context.current().cancellationDetails);
    throw error;
  } finally {
    clearInterval(beat);
  }
}
