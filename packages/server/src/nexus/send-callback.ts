// From a run that has ended to the answer of its callback: reads how it ended, and makes the request.

import { HistoryEvent } from '@perdure/api/history';
import { splitEvents } from '@perdure/core';
import type { Store } from '@perdure/store';
import type { NamespaceRegistry } from '../frontend/namespaces/registry.ts';
import type { SendCallback } from '../runtime/callback-sender.ts';
import { readHistory } from '../runtime/history-reader.ts';
import type { Run } from '../runtime/run.ts';
import { completionRequest } from './completion.ts';
import { postCallback } from './post.ts';

export function callbackSender(store: Store, namespaces: NamespaceRegistry): SendCallback {
  return async (run, callback, signal) => {
    const namespace = namespaces.byId(run.state.namespaceId);
    if (namespace === undefined) return { problem: 'the namespace no longer exists', isRetryable: false };
    let request: ReturnType<typeof completionRequest>;
    try {
      request = completionRequest(run.state, namespace.name, callback, await closingEvent(store, run));
    } catch (error) {
      // Headers that HTTP does not allow stay what they are.
      if (error instanceof TypeError) return { problem: error.message, isRetryable: false };
      return { problem: String(error), isRetryable: true };
    }
    return postCallback(request, namespace.settings.callbackTimeoutMs, signal);
  };
}

async function closingEvent(store: Store, run: Run): Promise<HistoryEvent> {
  const to = run.committedNextEventId;
  const slice = await readHistory(store, run, { from: to - 1, to, eventsMax: 1, bytesMax: Number.MAX_SAFE_INTEGER });
  const [bytes] = splitEvents(slice.bytes);
  if (bytes === undefined) throw new Error('the closing event is missing');
  return HistoryEvent.decode(bytes);
}
