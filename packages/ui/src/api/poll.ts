// How often a page asks again, where nobody tells it of changes. Pages that nobody sees do not ask (the query client
// knows), nor those that somebody has paused.
import type { Query } from '@tanstack/react-query';

const REST_MAX_MS = 60_000;

/**
 * For `refetchInterval`. What fails is asked for less and less often: half as long again as it has not been answered.
 * @param isLive whether there is something to wait for
 */
export function every<T>(ms: number, isLive: (data: T | undefined) => boolean = () => true) {
  return ({ state }: Pick<Query<T>, 'state'>): number | false => {
    if (!isLive(state.data)) return false;
    return state.status === 'error' ? restMs(ms, Date.now() - state.dataUpdatedAt) : ms;
  };
}

export function restMs(ms: number, silentMs: number): number {
  return Math.max(ms, Math.min(REST_MAX_MS, silentMs / 2));
}
