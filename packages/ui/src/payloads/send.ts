// Requests with data that a person typed. If there is a codec server, the data goes through it before it leaves the
// browser: whatever cannot be encoded is not sent.
import { type Payload, payloadsIn, withPayloads } from '@perdure/ui-core';
import { api } from '../api/http.ts';
import { preferences } from '../settings/preferences.ts';
import { callCodec } from './codec.ts';

const NONE: ReadonlySet<Payload> = new Set();

/**
 * Posts to the API.
 * @param rest as for `api`
 * @param stored payloads that came from the server and go back as they are: a codec has been over them already
 * @throws {ApiError}
 * @throws {Error} the codec server did not encode it; nothing was sent
 */
export async function send<T>(
  namespace: string,
  rest: string,
  body: object,
  stored: ReadonlySet<Payload> = NONE,
): Promise<T> {
  return api<T>(rest, { method: 'POST', body: await encoded(namespace, body, stored) });
}

async function encoded(namespace: string, body: object, stored: ReadonlySet<Payload>): Promise<object> {
  const { codec } = preferences();
  const fresh = payloadsIn(body).filter((payload) => !stored.has(payload));
  if (codec.endpoint === '' || !codec.encodesSent || fresh.length === 0) return body;
  const changed = await callCodec('encode', fresh, namespace, codec).catch((error: unknown) => {
    throw new Error(`Nothing was sent: ${error instanceof Error ? error.message : String(error)}.`, { cause: error });
  });
  const byPayload = new Map(fresh.map((payload, at) => [payload, changed[at] ?? payload]));
  return withPayloads(body, (payload) => byPayload.get(payload) ?? payload);
}
