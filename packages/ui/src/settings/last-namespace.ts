// The namespace that was looked at last, where a visit without an address begins.

const KEY = 'perdure.namespace';

export function lastNamespace(): string | undefined {
  return localStorage.getItem(KEY) ?? undefined;
}

export function rememberNamespace(namespace: string): void {
  localStorage.setItem(KEY, namespace);
}
