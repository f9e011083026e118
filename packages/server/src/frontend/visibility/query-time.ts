// How long a list or a count may take: until shortly before its client gives up, and never longer than the namespace's
// settings allow.

import type { RpcCall } from '../../transport/rpc.ts';
import type { FrontendContext } from '../context.ts';
import type { Namespace } from '../namespaces/registry.ts';

/** The part of the client's time in which the query runs; the rest is for the way back, so that it hears what was wrong. */
const QUERY_PART = 0.9;

export function queryTimeoutMs(
  { clock }: Pick<FrontendContext, 'clock'>,
  { settings }: Pick<Namespace, 'settings'>,
  { deadlineMs = Infinity }: Pick<RpcCall, 'deadlineMs'>,
): number {
  const leftMs = Math.max(0, deadlineMs - clock.now());
  return Math.min(leftMs * QUERY_PART, settings.queryTimeoutMs);
}
