// Workflows of the end-to-end tests: each shows one behaviour, and nothing else.

import type { ActivityCancellationType, ActivityOptions, LocalActivityOptions } from '@temporalio/workflow';
import {
  ApplicationFailure,
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  defineUpdate,
  isCancellation,
  proxyActivities,
  proxyLocalActivities,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type * as activities from './activities.ts';

type Activities = typeof activities;
type Name = keyof Activities;

export const go = defineSignal<[string?]>('go');
export const heard = defineQuery<string[]>('heard');
export const broken = defineQuery<never>('broken');

export const total = defineQuery<number>('total');
export const add = defineUpdate<number, [number]>('add');
/** The same, by way of an activity. */
export const addLater = defineUpdate<number, [number]>('addLater');

/** Runs one activity, and returns or throws what it did. */
export async function runActivity(name: Name, options: ActivityOptions, ...args: unknown[]): Promise<unknown> {
  const run = proxyActivities<Record<Name, (...args: unknown[]) => Promise<unknown>>>(options)[name];
  return run(...args);
}

export async function runLocalActivity(
  name: Name,
  options: LocalActivityOptions,
  ...args: unknown[]
): Promise<unknown> {
  const run = proxyLocalActivities<Record<Name, (...args: unknown[]) => Promise<unknown>>>(options)[name];
  return run(...args);
}

/** Cancels a running activity at the signal, and tells how that ended. */
export async function cancelActivityAtSignal(cancellationType: ActivityCancellationType): Promise<string> {
  const { untilCancelled } = proxyActivities<Activities>({
    startToCloseTimeout: '1m',
    heartbeatTimeout: '2s',
    cancellationType,
    retry: { maximumAttempts: 1 },
  });
  const scope = new CancellationScope();
  const running = scope.run(() => untilCancelled(workflowInfo().workflowId));
  setHandler(go, () => scope.cancel());
  try {
    return await running;
  } catch (error) {
    return isCancellation(error) ? 'cancelled' : 'failed';
  }
}

export async function sleepFor(ms: number): Promise<number> {
  const before = Date.now();
  await sleep(ms);
  return Date.now() - before;
}

/** Gives up a long timer when a short one is through. */
export async function cancelTimer(): Promise<string> {
  try {
    await CancellationScope.withTimeout(100, () => sleep('1h'));
    return 'slept';
  } catch (error) {
    if (isCancellation(error)) return 'cancelled';
    throw error;
  }
}

/** Collects signals until it has heard `stop`. */
export async function listen(stop = 'stop'): Promise<string[]> {
  const words: string[] = [];
  setHandler(go, (word = '') => void words.push(word));
  setHandler(heard, () => words);
  setHandler(broken, () => {
    throw new Error('this query is broken');
  });
  await condition(() => words.includes(stop));
  return words;
}

/** Listens, with an activity between: so that signals come while workflow tasks and activities are under way. */
export async function listenAndWork(count: number): Promise<string[]> {
  const { echo } = proxyActivities<Activities>({ startToCloseTimeout: '10s' });
  const words: string[] = [];
  setHandler(go, (word = '') => void words.push(word));
  const done: string[] = [];
  while (done.length < count) {
    await condition(() => words.length > done.length);
    done.push(await echo(words[done.length] ?? ''));
  }
  return done;
}

/** Waits for cancellation; cleans up before it obeys. */
export async function cleanUpWhenCancelled(obey: boolean): Promise<string> {
  const { echo } = proxyActivities<Activities>({ startToCloseTimeout: '10s' });
  try {
    await sleep('1h');
    return 'slept';
  } catch (error) {
    const cleaned = await CancellationScope.nonCancellable(() => echo('cleaned up'));
    if (obey) throw error;
    return cleaned;
  }
}

export async function fail(message: string, type: string): Promise<never> {
  throw ApplicationFailure.create({ message, type, details: ['some', 'details'], cause: new Error('the reason') });
}

export async function inherited(): Promise<unknown> {
  const { memo, searchAttributes, workflowType, taskQueue, attempt } = workflowInfo();
  return { memo, searchAttributes, workflowType, taskQueue, attempt };
}

/** Changed in workflows-changed.ts: here a bug that fails the workflow task, there it is fixed. */
export async function buggy(): Promise<string> {
  throw new TypeError('a bug, not a failure of the workflow');
}

/** Changed in workflows-changed.ts: here it begins with a timer, there with an activity. */
export async function changing(): Promise<string> {
  let ready = false;
  setHandler(go, () => {
    ready = true;
  });
  await sleep(10);
  await condition(() => ready);
  return 'as before';
}

export async function manyActivities(count: number): Promise<number> {
  const { echo } = proxyActivities<Activities>({ startToCloseTimeout: '30s' });
  const results = await Promise.all(Array.from({ length: count }, (_, index) => echo(String(index))));
  return new Set(results).size;
}

export async function describedSteps(): Promise<void> {
  const { echo } = proxyActivities<Activities>({ startToCloseTimeout: '10s', summary: 'an activity with a summary' });
  await echo('x');
  await sleep(1, { summary: 'a timer with a summary' });
}

/** Each run counts one number and goes on as the next. */
export async function countDown(from: number, counted: readonly number[]): Promise<number[]> {
  const numbers = [...counted, from];
  if (from > 0) await continueAsNew<typeof countDown>(from - 1, numbers);
  return numbers;
}

/** Fails so many times, then tells in which attempt it is. */
export async function failAttempts(times: number): Promise<number> {
  const { attempt } = workflowInfo();
  if (attempt <= times) throw ApplicationFailure.create({ message: `attempt ${attempt}` });
  return attempt;
}

/** Counts the runs of a cron schedule by what the run before left behind. */
export async function lastResult(): Promise<number> {
  const { lastResult: last } = workflowInfo();
  return typeof last === 'number' ? last + 1 : 1;
}

/** An account that is changed by updates until the signal comes. */
export async function account(): Promise<number> {
  const { echo } = proxyActivities<Activities>({ startToCloseTimeout: '10s', retry: { initialInterval: 50 } });
  let sum = 0;
  let over = false;
  const validator = (amount: number) => {
    if (amount < 0) throw ApplicationFailure.create({ message: 'only deposits', type: 'Refused' });
  };
  setHandler(total, () => sum);
  setHandler(add, (amount) => (sum += amount), { validator });
  setHandler(addLater, async (amount) => {
    const echoed = Number(await echo(String(amount)));
    return (sum += echoed);
  });
  setHandler(go, () => {
    over = true;
  });
  await condition(() => over && allHandlersFinished());
  return sum;
}

/** The same in chapters: every few updates it goes on as a new run. */
export async function accountInChapters(sum: number, chapters: number): Promise<number[]> {
  const { echo } = proxyActivities<Activities>({ startToCloseTimeout: '10s' });
  let now = sum;
  let updates = 0;
  let over = false;
  setHandler(add, (amount) => {
    updates++;
    return (now += amount);
  });
  setHandler(addLater, async (amount) => {
    updates++;
    const echoed = Number(await echo(String(amount)));
    return (now += echoed);
  });
  setHandler(go, () => {
    over = true;
  });
  await condition(() => (over || updates >= 3) && allHandlersFinished());
  if (!over) await continueAsNew<typeof accountInChapters>(now, chapters + 1);
  return [now, chapters];
}

/** Accepts an update and never completes it. */
export async function neverAnswers(): Promise<void> {
  let over = false;
  setHandler(add, async () => {
    await condition(() => false);
    return 0;
  });
  setHandler(go, () => {
    over = true;
  });
  await condition(() => over);
}

export * from './attribute-workflows.ts';
export * from './family-workflows.ts';
