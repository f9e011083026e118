// Workflows whose histories are the same however often the server is killed under them, but for the attempts that were
// lost: every activity may be repeated, and nothing depends on how long something takes.

import type { ActivityOptions } from '@temporalio/workflow';
import {
  ActivityCancellationType,
  ApplicationFailure,
  CancellationScope,
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  defineUpdate,
  getExternalWorkflowHandle,
  ParentClosePolicy,
  patched,
  proxyActivities,
  proxyLocalActivities,
  setHandler,
  sleep,
  startChild,
  upsertMemo,
  workflowInfo,
} from '@temporalio/workflow';
import type * as activities from './activities.ts';

export const say = defineSignal<[string]>('say');
export const echoed = defineQuery<string[]>('echoed');
export const add = defineUpdate<number, [string]>('add');

const RETRY = { initialInterval: 50, backoffCoefficient: 1 };
/** A lost attempt is noticed soon, and tried again until it succeeds. */
const patient: ActivityOptions = { startToCloseTimeout: '3s', retry: RETRY };
const { echo, failOnce, failForGood, resume } = proxyActivities<typeof activities>({
  ...patient,
  heartbeatTimeout: '2s',
});

/** How the promise ended. */
async function outcome(promise: Promise<unknown>): Promise<string> {
  try {
    return `ended with ${JSON.stringify(await promise)}`;
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    return cause instanceof Error ? `${(error as Error).name}: ${cause.message}` : String(error);
  }
}

export async function steps(): Promise<string[]> {
  const { hang } = proxyActivities<typeof activities>({ startToCloseTimeout: 300, retry: { maximumAttempts: 1 } });
  const results = [await echo('once'), await failOnce(), await outcome(failForGood()), await outcome(hang())];
  if (patched('a change')) results.push('patched');
  upsertMemo({ reached: 'the middle' });
  await sleep(50);
  await outcome(CancellationScope.withTimeout(50, () => sleep('1h')));
  results.push(await resume());
  return results;
}

/** Collects what it is told until `stop`; each word is echoed by an activity. */
export async function conversation(): Promise<string[]> {
  const words: string[] = [];
  setHandler(say, (word) => void words.push(word));
  const done: string[] = [];
  setHandler(echoed, () => done);
  while (!done.includes('stop')) {
    await condition(() => words.length > done.length);
    done.push(await echo(words[done.length] ?? ''));
  }
  return done;
}

/** Its worker has the workflow task for a while, so that what comes in the meantime is buffered. */
export async function busy(): Promise<string[]> {
  const { tellAndPause } = proxyLocalActivities<typeof activities>({ startToCloseTimeout: '5s' });
  const words: string[] = [];
  setHandler(say, (word) => void words.push(word));
  await tellAndPause(workflowInfo().workflowId);
  await condition(() => words.length === 2);
  return words;
}

export async function cancelled(): Promise<void> {
  const { untilCancelled } = proxyActivities<typeof activities>({
    ...patient,
    startToCloseTimeout: '1m',
    // A server that is started again takes a while, and a beat that comes late would cost an attempt.
    heartbeatTimeout: '20s',
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  });
  try {
    await untilCancelled(workflowInfo().workflowId);
  } finally {
    await CancellationScope.nonCancellable(() => echo('cleaned up'));
  }
}

/** Gives up the activity before any worker has seen it, and another one that waits for its next attempt. */
export async function givenUp(): Promise<string[]> {
  const { nobodyDoesThis } = proxyActivities<{ nobodyDoesThis(): Promise<void> }>({
    ...patient,
    taskQueue: 'nobody polls this',
  });
  const { failAlways } = proxyActivities<typeof activities>({
    ...patient,
    retry: { initialInterval: '1h' },
  });
  const scope = new CancellationScope();
  const results = scope.run(() => Promise.all([outcome(nobodyDoesThis()), outcome(failAlways())]));
  setHandler(say, () => scope.cancel());
  return results;
}

/** Its activity fails once, and would wait for an hour: operators see to it that it does not. */
export async function operated(): Promise<string> {
  const slowly = proxyActivities<typeof activities>({ ...patient, retry: { initialInterval: '1h' } });
  return slowly.failOnce();
}

export async function completedFromOutside(): Promise<string> {
  const { completeLater } = proxyActivities<typeof activities>({ ...patient, startToCloseTimeout: '1m' });
  return completeLater();
}

/** One run for each letter, and a last one. */
export async function again(letters: string): Promise<string> {
  await echo(`left: ${letters}`);
  if (letters !== '') await continueAsNew<typeof again>(letters.slice(1));
  return 'through';
}

export async function retried(): Promise<number> {
  await sleep(20);
  if (workflowInfo().attempt < 3) throw ApplicationFailure.create({ message: `attempt ${workflowInfo().attempt}` });
  return workflowInfo().attempt;
}

/** Waits for its end, which comes from outside. */
export async function waiting(): Promise<void> {
  await condition(() => false);
}

export async function updated(): Promise<string[]> {
  const words: string[] = [];
  setHandler(
    add,
    async (word) => {
      words.push(await echo(word));
      return words.length;
    },
    {
      validator: (word) => {
        if (word === 'nonsense') throw new Error('this is nonsense');
      },
    },
  );
  await condition(() => words.includes('stop'));
  return words;
}

/** Children that complete, fail, are signalled, cancelled and left behind; and a signal and a cancellation to nobody. */
export async function family(): Promise<string[]> {
  const child = (name: string) =>
    ({ workflowId: `${workflowInfo().workflowId}-${name}`, workflowTaskTimeout: '2s' }) as const;
  const talking = await startChild(conversation, child('talking'));
  await talking.signal(say, 'stop');
  const talked = JSON.stringify(await talking.result());
  const failed = await outcome((await startChild(failing, child('failing'))).result());
  const doomed = new CancellationScope();
  let doomedRuns = false;
  const doomedResult = doomed.run(async () => {
    const started = await startChild(waiting, child('doomed'));
    doomedRuns = true;
    return outcome(started.result());
  });
  await condition(() => doomedRuns);
  doomed.cancel();
  const cancelledChild = await doomedResult;
  await startChild(waiting, { ...child('terminated'), parentClosePolicy: ParentClosePolicy.TERMINATE });
  await startChild(waiting, { ...child('asked to stop'), parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL });
  await startChild(waiting, { ...child('abandoned'), parentClosePolicy: ParentClosePolicy.ABANDON });
  const duplicate = await outcome(startChild(waiting, child('abandoned')));
  const toNobody = getExternalWorkflowHandle('nobody');
  const unheard = [await outcome(toNobody.signal(say, 'anyone?')), await outcome(toNobody.cancel())];
  return [talked, failed, cancelledChild, duplicate, ...unheard];
}

export async function failing(): Promise<void> {
  await echo('about to fail');
  throw ApplicationFailure.create({ message: 'a child that fails' });
}
