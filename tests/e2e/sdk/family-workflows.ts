// Workflows that have to do with each other: parents, children, and strangers who signal or cancel.

import type { ChildWorkflowCancellationType, ParentClosePolicy, WorkflowIdReusePolicy } from '@temporalio/workflow';
import {
  ApplicationFailure,
  CancellationScope,
  ChildWorkflowFailure,
  condition,
  defineSignal,
  executeChild,
  getExternalWorkflowHandle,
  isCancellation,
  setHandler,
  sleep,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';

export const word = defineSignal<[string]>('word');

/** What a child says of itself. */
export async function introduce(text: string): Promise<string> {
  const { parent, root } = workflowInfo();
  return `${text} of ${parent?.workflowId ?? 'nobody'} of ${root?.workflowId ?? 'nobody'}`;
}

export async function parentOfOne(text: string): Promise<string> {
  return executeChild(introduce, { args: [text], memo: { note: text }, staticSummary: 'a child' });
}

/** A family tree so deep; counts its members. */
export async function generations(depth: number): Promise<number> {
  return depth === 0 ? 1 : 1 + (await executeChild(generations, { args: [depth - 1] }));
}

export async function manyChildren(count: number): Promise<number> {
  const texts = Array.from({ length: count }, (_, index) => String(index));
  const answers = await Promise.all(texts.map((text) => executeChild(introduce, { args: [text] })));
  return new Set(answers).size;
}

export async function failingChild(message: string): Promise<never> {
  await sleep(1);
  throw ApplicationFailure.create({ message });
}

/** What the parent of a child that fails, or cannot start, gets to see. */
export async function failures(taken: string): Promise<string[]> {
  const seen: string[] = [];
  try {
    await executeChild(failingChild, { args: ['no luck'], retry: { maximumAttempts: 1 } });
  } catch (error) {
    if (error instanceof ChildWorkflowFailure) seen.push(error.cause?.message ?? '');
  }
  try {
    await startChild(introduce, { args: ['x'], workflowId: taken });
  } catch (error) {
    if (error instanceof Error) seen.push(error.name);
  }
  return seen;
}

/** Waits for a word, or until it is cancelled. */
export async function waitForWord(): Promise<string> {
  let heard: string | undefined;
  setHandler(word, (said) => void (heard = said));
  await condition(() => heard !== undefined);
  return heard ?? '';
}

/** Cancels its child as soon as it has started. */
export async function cancelsChild(cancellationType: ChildWorkflowCancellationType): Promise<string> {
  const scope = new CancellationScope();
  try {
    return await scope.run(async () => {
      const child = await startChild(waitForWord, { cancellationType });
      scope.cancel();
      return child.result();
    });
  } catch (error) {
    return isCancellation(error) ? 'cancelled' : 'failed';
  }
}

/** Leaves its child behind. */
export async function leaves(parentClosePolicy: ParentClosePolicy): Promise<string> {
  const child = await startChild(waitForWord, { parentClosePolicy });
  return child.workflowId;
}

export async function restarts(workflowId: string, workflowIdReusePolicy: WorkflowIdReusePolicy): Promise<string> {
  const child = await startChild(waitForWord, { workflowId, workflowIdReusePolicy });
  await child.signal(word, 'to the new one');
  return child.result();
}

/** Says a word to another workflow, then cancels a third. */
export async function meddles(listener: string, victim: string): Promise<string[]> {
  const seen: string[] = [];
  await getExternalWorkflowHandle(listener).signal(word, 'hello');
  await getExternalWorkflowHandle(victim).cancel();
  try {
    await getExternalWorkflowHandle('nobody').signal(word, 'hello');
  } catch (error) {
    if (error instanceof Error) seen.push(error.message);
  }
  return seen;
}

/** Each child does a little, and the last of them when it is told to. */
export async function household(children: number): Promise<string[]> {
  const started = await Promise.all(
    Array.from({ length: children }, (_, index) =>
      startChild(index === 0 ? waitForWord : introduce, { args: index === 0 ? [] : [String(index)] } as never),
    ),
  );
  const [first] = started;
  for (const child of started.slice(1)) await child.result();
  await first?.signal(word, 'done');
  return Promise.all(started.map((child) => child.result()));
}
