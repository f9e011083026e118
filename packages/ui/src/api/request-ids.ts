// Ids of requests that must not be carried out twice. Where an answer was lost, nobody knows whether the request was: who
// sends the same again means the same, so it goes out with the same id, by which the server knows it.
import { ApiError } from './http.ts';

interface Unanswered {
  readonly requestId: string;
  readonly sentMs: number;
}

/** Who sends the same later than this wants it to happen once more. */
const SAME_WITHIN_MS = 60_000;
const unanswered = new Map<string, Unanswered>();

/**
 * Sends a request under an id: a new one, or that of the same request if that had no answer.
 * @param content all that the request says
 */
export async function once<T>(content: unknown, send: (requestId: string) => Promise<T>): Promise<T> {
  const key = JSON.stringify(content);
  const before = unanswered.get(key);
  const nowMs = Date.now();
  const isSame = before !== undefined && nowMs - before.sentMs < SAME_WITHIN_MS;
  const requestId = isSame ? before.requestId : crypto.randomUUID();
  unanswered.set(key, { requestId, sentMs: nowMs });
  try {
    const answer = await send(requestId);
    unanswered.delete(key);
    return answer;
  } catch (error) {
    if (isRefused(error)) unanswered.delete(key);
    throw error;
  }
}

/** It was not carried out, and will not be. */
function isRefused(error: unknown): boolean {
  return !(error instanceof ApiError) || (error.status >= 400 && error.status < 500);
}
