// From the verb and the path of an HTTP request to the RPC it means, as the annotations of the API say. A tree with one
// level for each segment of a path; literal segments are tried before fields.

import type { HttpBinding, RpcMethod } from '@perdure/api/services';

export interface Route {
  readonly method: RpcMethod;
  readonly binding: HttpBinding;
  /** The fields that the path holds (`execution.workflow_id`), in the order of the path. */
  readonly fields: readonly string[];
}

export interface RouteMatch {
  readonly route: Route;
  /** The values of the route's fields. */
  readonly values: readonly string[];
}

export interface Routes {
  /** The verbs that the path has; empty: there is no such path. */
  verbsOf(segments: readonly string[]): readonly string[];
  find(verb: string, segments: readonly string[]): RouteMatch | undefined;
}

interface Node {
  readonly literals: Map<string, Node>;
  field: Node | undefined;
  readonly byVerb: Map<string, Route>;
}

export function createRoutes(methods: readonly RpcMethod[]): Routes {
  const root = newNode();
  for (const method of methods) for (const binding of method.http) add(root, method, binding);
  return {
    verbsOf: (segments) => [...new Set(matches(root, segments).flatMap(({ node }) => Array.from(node.byVerb.keys())))],
    find: (verb, segments) => {
      for (const { node, values } of matches(root, segments)) {
        const route = node.byVerb.get(verb);
        if (route !== undefined) return { route, values };
      }
      return undefined;
    },
  };
}

function newNode(): Node {
  return { literals: new Map(), field: undefined, byVerb: new Map() };
}

function add(root: Node, method: RpcMethod, binding: HttpBinding): void {
  const fields: string[] = [];
  let node = root;
  for (const segment of binding.path.split('/').slice(1)) {
    const [, field] = /^\{([a-z_.]+)\}$/.exec(segment) ?? [];
    // The language of path templates has more forms; the API uses none of them.
    if (field === undefined && !/^[\w.-]+$/.test(segment)) throw new Error(`${binding.path} is not understood`);
    if (field === undefined) {
      const next = node.literals.get(segment) ?? newNode();
      node.literals.set(segment, next);
      node = next;
    } else {
      fields.push(field);
      node = node.field ??= newNode();
    }
  }
  const other = node.byVerb.get(binding.verb);
  if (other !== undefined)
    throw new Error(`${binding.verb} ${binding.path} is ${other.method.path} and ${method.path}`);
  node.byVerb.set(binding.verb, { method, binding, fields });
}

interface Found {
  readonly node: Node;
  readonly values: readonly string[];
}

/** All ends of the tree that the path leads to. */
function matches(root: Node, segments: readonly string[]): Found[] {
  const found: Found[] = [];
  walk(root, segments, [], found);
  return found;
}

function walk(node: Node, segments: readonly string[], values: readonly string[], found: Found[]): void {
  const [segment, ...rest] = segments;
  if (segment === undefined) {
    if (node.byVerb.size > 0) found.push({ node, values });
    return;
  }
  const literal = node.literals.get(segment);
  if (literal !== undefined) walk(literal, rest, values, found);
  if (node.field !== undefined && segment !== '') walk(node.field, rest, [...values, segment], found);
}
