// Payloads through the codec server that a person has set: many in one request, each once.
import type { Payload } from '@perdure/ui-core';
import { useEffect, useState } from 'react';
import { type CodecSettings, preferences, usePreferences } from '../settings/preferences.ts';

export type Decoded =
  | { readonly state: 'done'; readonly payload: Payload }
  | { readonly state: 'waiting'; readonly payload: Payload }
  /** Shown as it is stored, with the reason why. */
  | { readonly state: 'failed'; readonly payload: Payload; readonly reason: string };

interface Wish {
  readonly payload: Payload;
  readonly resolve: (decoded: Decoded) => void;
}

const TIMEOUT_MS = 15_000;
const cache = new WeakMap<Payload, Promise<Decoded>>();
let cacheOf: CodecSettings | undefined;
let wishes: Wish[] = [];

/** The payload as it is to be shown. Without a codec server that is the payload itself, at once. */
export function useDecoded(payload: Payload, namespace: string): Decoded {
  const { codec } = usePreferences();
  const [decoded, setDecoded] = useState<Decoded>();
  useEffect(() => {
    if (codec.endpoint === '') return undefined;
    let current = true;
    void decode(payload, namespace, codec).then((result) => current && setDecoded(result));
    return () => {
      current = false;
    };
  }, [payload, namespace, codec]);
  if (codec.endpoint === '') return { state: 'done', payload };
  return decoded ?? { state: 'waiting', payload };
}

/** Never rejects. */
export function decode(payload: Payload, namespace: string, codec: CodecSettings): Promise<Decoded> {
  if (cacheOf !== codec) {
    cacheOf = codec;
    wishes = [];
  }
  const known = cache.get(payload);
  if (known !== undefined) return known;
  const promise = new Promise<Decoded>((resolve) => {
    if (wishes.length === 0) queueMicrotask(() => void send(namespace, codec));
    wishes.push({ payload, resolve });
  });
  cache.set(payload, promise);
  // A failure may be over the next time somebody looks.
  void promise.then(({ state }) => state === 'failed' && cache.delete(payload));
  return promise;
}

/**
 * One request to the codec server.
 * @throws {Error} with a reason that a person can act on
 */
export async function decodeAll(
  payloads: readonly Payload[],
  namespace: string,
  { endpoint, token, includeCredentials }: CodecSettings,
): Promise<readonly Payload[]> {
  const url = `${endpoint.replaceAll('{namespace}', encodeURIComponent(namespace)).replace(/\/+$/, '')}/decode`;
  let response: Response;
  try {
    response = await fetch(url, {
      method: 'POST',
      credentials: includeCredentials ? 'include' : 'omit',
      headers: {
        'content-type': 'application/json',
        'x-namespace': namespace,
        ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ payloads }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'TimeoutError')
      throw new Error('the codec server did not answer in time', { cause: error });
    throw new Error(
      `${url} cannot be reached: it does not run, or it does not allow this page (CORS: ${location.origin})`,
      { cause: error },
    );
  }
  if (!response.ok) throw new Error(`the codec server answered ${response.status} ${response.statusText}`);
  const { payloads: decoded } = (await response.json()) as { readonly payloads?: readonly Payload[] };
  if (decoded?.length !== payloads.length) throw new Error('the codec server answered with another number of payloads');
  return decoded;
}

async function send(namespace: string, codec: CodecSettings): Promise<void> {
  const batch = wishes;
  wishes = [];
  if (codec !== preferences().codec) {
    for (const { payload, resolve } of batch)
      resolve({ state: 'failed', payload, reason: 'the codec server was changed' });
    return;
  }
  try {
    const decoded = await decodeAll(
      batch.map(({ payload }) => payload),
      namespace,
      codec,
    );
    for (const [i, { payload, resolve }] of batch.entries()) resolve({ state: 'done', payload: decoded[i] ?? payload });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    for (const { payload, resolve } of batch) resolve({ state: 'failed', payload, reason });
  }
}
