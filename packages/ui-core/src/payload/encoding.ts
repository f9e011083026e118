// How the bytes of a payload are to be read, as its metadata says.
import type { Payload } from '../history/event.ts';
import { textOfBase64 } from './base64.ts';

/** `json/plain`, `binary/encrypted` ...; empty if the payload does not say. */
export function payloadEncoding({ metadata }: Payload): string {
  const encoded = metadata?.['encoding'];
  return encoded === undefined ? '' : textOfBase64(encoded);
}
