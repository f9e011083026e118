// From the path of a request below /ui-api/v1 to what answers it.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { HttpRefusal } from '../../transport/http/refusal.ts';

export interface ExtraRequest {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly query: URLSearchParams;
  /** What stands in the path for `*`, in order. */
  readonly parameters: readonly string[];
}

type Handle = (asked: ExtraRequest) => Promise<void> | void;

export interface Route {
  /** Behind /ui-api/v1; `*` is any segment that is not empty. */
  readonly path: readonly string[];
  readonly verbs: Readonly<Partial<Record<'GET' | 'POST' | 'PUT' | 'DELETE', Handle>>>;
}

const PREFIX = ['ui-api', 'v1'];

/** @throws {HttpRefusal} there is nothing at the path, or it cannot be asked like this */
export function findRoute(
  routes: readonly Route[],
  segments: readonly string[],
  method: string,
): { readonly handle: Handle; readonly parameters: readonly string[] } {
  const route = routes.find(({ path }) => isAt([...PREFIX, ...path], segments));
  if (route === undefined) throw new HttpRefusal(404, 'Not Found');
  const verb = method === 'HEAD' ? 'GET' : method;
  const handle = Object.entries(route.verbs).find(([name]) => name === verb)?.[1];
  if (handle === undefined) {
    const allow = Object.keys(route.verbs).flatMap((name) => (name === 'GET' ? ['GET', 'HEAD'] : [name]));
    throw new HttpRefusal(405, 'Method Not Allowed', { headers: { allow: allow.join(', ') } });
  }
  const parameters = segments.slice(PREFIX.length).filter((_segment, at) => route.path[at] === '*');
  return { handle, parameters };
}

function isAt(path: readonly string[], segments: readonly string[]): boolean {
  if (path.length !== segments.length) return false;
  return path.every((name, at) => (name === '*' ? segments[at] !== '' : name === segments[at]));
}
