/** How it may be given: `perdure`, `/perdure`, `/tools/perdure/`. */
const FORM = /^\/*((?:[\w~.-]+\/)*[\w~.-]+)?\/*$/;

/** With a slash at both ends; undefined: it cannot be the beginning of a path. */
export function normalBasePath(given: string): string | undefined {
  const match = FORM.exec(given);
  if (match === null) return undefined;
  const [, inner = ''] = match;
  if (inner.split('/').some((part) => part === '.' || part === '..')) return undefined;
  return inner === '' ? '/' : `/${inner}/`;
}
