import type { RunRef } from '../matching/task.ts';
import type { Engine } from './engine.ts';
import type { Run } from './run.ts';

/**
 * Looks a run up (with an empty run id: the newest of the workflow id) and uses it in the same turn of the event loop:
 * nothing comes between what `use` is given and what it decides. Had it to wait, two starts could find that there is no
 * run, and both would win.
 */
export async function withRun<T>(engine: Engine, ref: RunRef, use: (run: Run | undefined) => T): Promise<Awaited<T>> {
  const { loader } = engine;
  for (;;) {
    const found = loader.inMemory(ref) ?? (await loader.find(ref));
    // Another one may have begun while this one was looked up.
    const run = loader.inMemory(ref) ?? found;
    if (run?.dropped !== true) return await use(run);
  }
}
