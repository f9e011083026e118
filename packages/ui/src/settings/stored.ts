// Small things that this browser remembers between visits: columns, widths, views on servers that keep none.
import { useSyncExternalStore } from 'react';
import { store, stored } from './storage.ts';

const listeners = new Set<() => void>();
const parsed = new Map<string, { readonly text: string | null; readonly value: unknown }>();

/** The value under a key and how to change it; the same value in all components that ask for the key. */
export function useStored<T>(key: string, otherwise: T): readonly [T, (value: T) => void] {
  const value = useSyncExternalStore(subscribe, () => read(key, otherwise));
  return [value, (next) => write(key, next)];
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The same object as long as the text is the same. */
function read<T>(key: string, otherwise: T): T {
  const text = stored(`perdure.${key}`);
  const known = parsed.get(key);
  if (known?.text === text) return known.value as T;
  let value: unknown = otherwise;
  try {
    const given: unknown = JSON.parse(text ?? 'null');
    if (isLike(given, otherwise)) value = given;
  } catch {
    // What cannot be read is replaced by the next write.
  }
  parsed.set(key, { text, value });
  return value as T;
}

/** Whatever else once stood there, or was damaged, is not taken for it. */
function isLike(value: unknown, otherwise: unknown): boolean {
  return typeof value === typeof otherwise && value !== null && Array.isArray(value) === Array.isArray(otherwise);
}

function write(key: string, value: unknown): void {
  store(`perdure.${key}`, JSON.stringify(value));
  for (const listener of listeners) listener();
}
