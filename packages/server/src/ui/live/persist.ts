import { code, StatusError } from '@perdure/api';
import { pause } from './pause.ts';

/** What may pass of itself. */
const PASSING = new Set<number>([code.UNAVAILABLE, code.RESOURCE_EXHAUSTED, code.DEADLINE_EXCEEDED, code.ABORTED]);
const PAUSE_MS = 1000;
const PAUSE_MAX_MS = 30_000;

/**
 * Asks again, less and less often, as long as what goes wrong may pass. Undefined: the stream has ended meanwhile.
 * @throws {StatusError} and whatever else will not pass
 */
export async function persist<T>(signal: AbortSignal, ask: () => Promise<T>): Promise<T | undefined> {
  for (let pauseMs = PAUSE_MS; !signal.aborted; pauseMs = Math.min(2 * pauseMs, PAUSE_MAX_MS)) {
    try {
      return await ask();
    } catch (error) {
      if (signal.aborted) break;
      if (!(error instanceof StatusError) || !PASSING.has(error.code)) throw error;
      await pause(pauseMs, signal);
    }
  }
  return undefined;
}
