// How many streams all tabs have together. Browsers open six connections to a server at most (HTTP/1.1): with a stream in
// each of six tabs none would be left to ask anything.

const STREAMS_MAX = 4;

/**
 * @param done ends the stream
 * @returns whether there may be one more until then
 */
export async function takeStream(done: AbortSignal): Promise<boolean> {
  // On pages without TLS tabs do not know of each other.
  if (!('locks' in navigator)) return true;
  const ended = new Promise<void>((resolve) => done.addEventListener('abort', () => resolve(), { once: true }));
  for (let i = 0; i < STREAMS_MAX; i++) {
    if (await tryLock(`perdure stream ${i}`, ended)) return true;
  }
  return false;
}

function tryLock(name: string, ended: Promise<void>): Promise<boolean> {
  return new Promise((resolve, reject) => {
    navigator.locks
      .request(name, { ifAvailable: true }, (lock) => {
        resolve(lock !== null);
        return lock === null ? undefined : ended;
      })
      .catch(reject);
  });
}
