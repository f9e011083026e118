// The codec server that a person has set: one request to its /encode or /decode.
import type { Payload } from '@perdure/ui-core';
import type { CodecSettings } from '../settings/preferences.ts';

const TIMEOUT_MS = 15_000;

/**
 * As many payloads as were given, in their order.
 * @throws {Error} with a reason that a person can act on
 */
export async function callCodec(
  verb: 'encode' | 'decode',
  payloads: readonly Payload[],
  namespace: string,
  codec: CodecSettings,
): Promise<readonly Payload[]> {
  const url = `${codec.endpoint.replaceAll('{namespace}', encodeURIComponent(namespace)).replace(/\/+$/, '')}/${verb}`;
  const response = await post(url, payloads, namespace, codec);
  if (!response.ok) {
    throw new Error(`the codec server answered ${verb} with ${response.status} ${response.statusText}`.trim());
  }
  const changed = payloadsOfAnswer(await response.text());
  if (changed?.length !== payloads.length) {
    throw new Error(`the codec server answered ${verb} with something other than as many payloads`);
  }
  return changed;
}

async function post(
  url: string,
  payloads: readonly Payload[],
  namespace: string,
  { token, includeCredentials }: CodecSettings,
): Promise<Response> {
  try {
    return await fetch(url, {
      method: 'POST',
      credentials: includeCredentials ? 'include' : 'omit',
      headers: {
        'content-type': 'application/json',
        'x-namespace': namespace,
        ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ payloads }),
      // Elsewhere nobody has said that payloads may go.
      redirect: 'error',
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
}

/** undefined: it is no JSON, or another. */
function payloadsOfAnswer(text: string): readonly Payload[] | undefined {
  try {
    const { payloads } = JSON.parse(text) as { readonly payloads?: readonly Payload[] };
    return Array.isArray(payloads) && payloads.every((each) => typeof each === 'object' && each !== null)
      ? payloads
      : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}
