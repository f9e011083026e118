// Looks into the data of many steps at once, through the codec server if there is one.
import { type ExactJson, type JsonOf, type Payload, payloadView } from '@perdure/ui-core';
import { decode } from '../../../payloads/decode.ts';
import { preferences } from '../../../settings/preferences.ts';

/** Each look may show that more has to be decoded; what is seen then seldom leads further. */
const LOOKS_MAX = 5;
const values = new WeakMap<Payload, { readonly value: ExactJson | undefined }>();

/**
 * Looks again, with more decoded, until nothing is missing.
 * @param look must not keep the function that it is given
 */
export async function readData<T>(namespace: string, look: (json: JsonOf) => T): Promise<T> {
  const { codec } = preferences();
  if (codec.endpoint === '') return look(valueOf);
  const decoded = new Map<Payload, Payload>();
  for (let looks = 1; ; looks += 1) {
    const missing = new Set<Payload>();
    const seen = look((payload) => {
      const known = decoded.get(payload);
      if (known === undefined) missing.add(payload);
      return known && valueOf(known);
    });
    if (missing.size === 0 || looks === LOOKS_MAX) return seen;
    const found = await Promise.all([...missing].map((payload) => decode(payload, namespace, codec)));
    for (const [i, payload] of [...missing].entries()) decoded.set(payload, found[i]?.payload ?? payload);
  }
}

/** A conversation is read anew with each event that comes: what was parsed stays. */
function valueOf(payload: Payload): ExactJson | undefined {
  const known = values.get(payload);
  if (known !== undefined) return known.value;
  const view = payloadView(payload);
  const value = view.kind === 'json' ? view.value : view.kind === 'text' ? view.text : undefined;
  values.set(payload, { value });
  return value;
}
