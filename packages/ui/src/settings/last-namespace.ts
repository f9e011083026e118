// The namespace that was looked at last, where a visit without an address begins.

import { store, stored } from './storage.ts';

const KEY = 'perdure.namespace';

export function lastNamespace(): string | undefined {
  return stored(KEY) || undefined;
}

export function rememberNamespace(namespace: string): void {
  store(KEY, namespace);
}
