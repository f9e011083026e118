// Actions whose dialog was closed before the answer came: if one fails after all, somebody must hear of it.
import type { MutationCacheNotifyEvent } from '@tanstack/react-query';
import { queryClient } from '../api/query-client.ts';
import { announce } from './Toasts.tsx';

const abandoned = new WeakSet<object>();

/** From now on, once for all dialogs. */
export function tellOfAbandoned(): void {
  queryClient.getMutationCache().subscribe(hear);
}

function hear(event: MutationCacheNotifyEvent): void {
  const { type, mutation } = event;
  if (mutation === undefined) return;
  if (type === 'observerAdded') abandoned.delete(mutation);
  if (type === 'observerRemoved' && mutation.state.status === 'pending') abandoned.add(mutation);
  if (type !== 'updated' || event.action.type !== 'error' || !abandoned.has(mutation)) return;
  announce(event.action.error instanceof Error ? event.action.error.message : String(event.action.error), {
    failed: true,
  });
}
