// Parts of the page that are loaded when they are first shown. Their modules export by name like all others.
import { type ComponentType, type LazyExoticComponent, lazy } from 'react';

/** lazyPart(async () => (await import('./SignalDialog.tsx')).SignalDialog) */
export function lazyPart<P>(load: () => Promise<ComponentType<P>>): LazyExoticComponent<ComponentType<P>> {
  return lazy(async () => ({ default: await load() }));
}
