/** What timers of the platform can wait at most: they do not wait at all for longer. */
const SLEEP_MAX_MS = 2 ** 31 - 1;

/** Resolves after a time, or as soon as the signal aborts. The process does not stay alive for it. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const finish = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, Math.min(ms, SLEEP_MAX_MS));
    timer.unref();
    signal.addEventListener('abort', finish);
  });
}
