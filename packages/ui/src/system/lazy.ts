// Parts of the page that are loaded when they are first shown. Their modules export by name like all others.
//
// While the server is away nothing can be loaded: a part waits then, and comes as soon as the server is back, rather than
// take the page away.
import { type ComponentType, type LazyExoticComponent, lazy } from 'react';
import { isThere } from '../api/answering.ts';

const AGAIN_AFTER_MS = 2_000;

/** lazyPart(async () => (await import('./SignalDialog.tsx')).SignalDialog) */
export function lazyPart<P>(load: () => Promise<ComponentType<P>>): LazyExoticComponent<ComponentType<P>> {
  return lazy(async () => ({ default: await loaded(load) }));
}

/**
 * What is loaded, however long the server is away.
 * @throws what `load` throws although the server answers: another version of the pages is there by now
 */
export async function loaded<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch {
    while (!(await isThere())) await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS));
    return load();
  }
}
