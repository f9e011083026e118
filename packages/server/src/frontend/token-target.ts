// From a task token to the run it belongs to.

import { invalidArgument, namespaceNotFound, notFound } from '@perdure/api';
import type { Run } from '../runtime/run.ts';
import type { FrontendContext } from './context.ts';
import type { Namespace } from './namespaces/registry.ts';
import { decodeToken, type TaskToken } from './tokens.ts';
import { executionNotFoundText } from './validate.ts';

export interface TokenTarget {
  readonly namespace: Namespace;
  readonly token: TaskToken;
  readonly run: Run;
}

interface TokenRequest {
  readonly taskToken: Uint8Array;
  readonly namespace: string;
}

/** The namespace of the token; the request's own may be empty, but not another one. */
export function tokenNamespace(
  context: FrontendContext,
  request: TokenRequest,
  kind: number,
): { namespace: Namespace; token: TaskToken } {
  const asked = request.namespace === '' ? undefined : context.namespaces.require(request.namespace);
  const token = decodeToken(request.taskToken, kind);
  const namespace = context.namespaces.byId(token.namespaceId);
  if (namespace === undefined) throw namespaceNotFound(token.namespaceId);
  if (asked !== undefined && asked.id !== namespace.id && context.config.enforceTokenNamespace) {
    throw invalidArgument('Operation requested with a token from a different namespace.');
  }
  return { namespace, token };
}

/** @throws INVALID_ARGUMENT, NOT_FOUND */
export async function tokenTarget(context: FrontendContext, request: TokenRequest, kind: number): Promise<TokenTarget> {
  const { namespace, token } = tokenNamespace(context, request, kind);
  const ref = { namespaceId: token.namespaceId, workflowId: token.workflowId, runId: token.runId };
  const run = context.engine.loader.inMemory(ref) ?? (await context.engine.loader.find(ref));
  if (run === undefined) throw notFound(executionNotFoundText(ref));
  return { namespace, token, run };
}
