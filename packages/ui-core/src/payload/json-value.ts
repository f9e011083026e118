import type { Payload } from '../history/event.ts';
import { textOfBase64 } from './base64.ts';
import { payloadEncoding } from './encoding.ts';

/** The value of a payload of plain JSON. undefined: another encoding, or bytes that are not what they say. */
export function jsonValue(payload: Payload | undefined): unknown {
  if (payload?.data === undefined || !payloadEncoding(payload).startsWith('json/')) return undefined;
  try {
    return JSON.parse(textOfBase64(payload.data)) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
