// Whether the server answers, as the last request or stream found.
import { useSyncExternalStore } from 'react';

let isAnswering = true;
const listeners = new Set<() => void>();

export function setAnswering(is: boolean): void {
  if (is === isAnswering) return;
  isAnswering = is;
  for (const listener of listeners) listener();
}

export function useAnswering(): boolean {
  return useSyncExternalStore(subscribe, () => isAnswering);
}

/** Asks, and tells the others. */
export async function isThere(): Promise<boolean> {
  const is = await fetch(document.baseURI, { method: 'HEAD' }).then(
    ({ ok }) => ok,
    () => false,
  );
  setAnswering(is);
  return is;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
