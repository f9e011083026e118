// A workflow that many clients pull at: it notes what it is told, works a little on some of it, and after a while ends
// in one of the ways in which a workflow can end by itself.

import {
  ApplicationFailure,
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  defineSignal,
  defineUpdate,
  executeChild,
  proxyActivities,
  setHandler,
} from '@temporalio/workflow';
import type * as activities from './activities.ts';

export const note = defineSignal<[string]>('note');
export const change = defineUpdate<string, [string]>('change');

const NOTES_MAX = 15;
const { work } = proxyActivities<typeof activities>({
  startToCloseTimeout: '5s',
  retry: { initialInterval: 10, backoffCoefficient: 1 },
});

export async function room(): Promise<number> {
  const notes: string[] = [];
  let worked = 0;
  setHandler(note, (word) => void notes.push(word));
  setHandler(
    change,
    async (id) => {
      notes.push(id);
      await work();
      return id;
    },
    {
      validator: (id: string) => {
        if (id.endsWith('0')) throw new Error('not this one');
      },
    },
  );
  try {
    while (notes.length < NOTES_MAX) {
      await condition(() => notes.length > worked, 200);
      worked = notes.length;
      await work();
    }
  } finally {
    // The SDK has an update that is cut off answered behind the closing command, which no server accepts.
    await CancellationScope.nonCancellable(() => condition(allHandlersFinished));
  }
  return end(notes.length);
}

async function end(notes: number): Promise<number> {
  const way = Math.random();
  if (way < 0.4) return continueAsNew<typeof room>();
  if (way < 0.5) throw ApplicationFailure.nonRetryable('enough');
  if (way < 0.6) throw ApplicationFailure.create({ message: 'once more' });
  if (way < 0.7) await executeChild(short);
  return notes;
}

export async function short(): Promise<void> {
  await work();
}
