// How a call's outcome is written into header fields (gRPC over HTTP/2, "Responses").

import type { StatusError } from '@perdure/api';
import { FIELD_OVERHEAD_BYTES } from '../http2/header-field.ts';
import type { OutgoingField } from '../http2/hpack/encoder.ts';
import { Indexing } from '../http2/hpack/encoder.ts';

export const RESPONSE_HEADERS: readonly OutgoingField[] = [
  { name: ':status', value: '200', indexing: Indexing.keep },
  { name: 'content-type', value: 'application/grpc', indexing: Indexing.keep },
  { name: 'grpc-accept-encoding', value: 'identity,gzip', indexing: Indexing.keep },
];

export const OK_TRAILERS: readonly OutgoingField[] = [{ name: 'grpc-status', value: '0', indexing: Indexing.keep }];

/** Details that would not fit in the peer's header list are left out: the code and the message matter more. */
export function statusTrailers(status: StatusError, headerListBytesMax: number): OutgoingField[] {
  const message = encodeStatusMessage(status.message);
  const trailers = [
    { name: 'grpc-status', value: String(status.code), indexing: Indexing.keep },
    { name: 'grpc-message', value: message, indexing: Indexing.once },
  ];
  if (status.details.length === 0) return trailers;
  const details = encodeBinary(status.toStatusBytes());
  const size = message.length + details.length + 8 * FIELD_OVERHEAD_BYTES;
  if (size <= headerListBytesMax)
    trailers.push({ name: 'grpc-status-details-bin', value: details, indexing: Indexing.once });
  return trailers;
}

/** Percent-encodes UTF-8: printable ASCII other than `%` stays. */
export function encodeStatusMessage(message: string): string {
  if (/^[ -$&-~]*$/.test(message)) return message;
  let encoded = '';
  for (const byte of Buffer.from(message, 'utf8')) {
    if (byte >= 0x20 && byte <= 0x7e && byte !== 0x25) encoded += String.fromCharCode(byte);
    else encoded += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return encoded;
}

/** The reverse; what is not a valid escape stays as it is. */
export function decodeStatusMessage(text: string): string {
  if (!text.includes('%')) return text;
  const bytes = Buffer.alloc(text.length);
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const hex = text[i] === '%' ? text.slice(i + 1, i + 3) : '';
    if (/^[0-9a-fA-F]{2}$/.test(hex)) {
      bytes[length++] = Number.parseInt(hex, 16);
      i += 2;
    } else {
      bytes[length++] = text.charCodeAt(i);
    }
  }
  return bytes.toString('utf8', 0, length);
}

/** Base64 without padding, as gRPC recommends for `-bin` fields. */
export function encodeBinary(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64').replace(/=+$/, '');
}
