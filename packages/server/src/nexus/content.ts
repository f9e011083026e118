// A payload as the content of a Nexus request: the usual encodings have a media type of their own, so that parties that
// know nothing of Temporal can read them; everything else travels as the payload message.

import { Payload } from '@perdure/api/common';

export interface NexusContent {
  /** Names without the prefix `content-`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly data: Uint8Array;
}

const NO_BYTES = new Uint8Array(0);
const text = new TextDecoder();

/** @param bytes an encoded Payload; undefined: no value */
export function nexusContent(bytes: Uint8Array | undefined): NexusContent {
  if (bytes === undefined) return { headers: {}, data: NO_BYTES };
  const { metadata, data } = Payload.decode(bytes);
  const encoding = text.decode(metadata.get('encoding') ?? NO_BYTES);
  if (encoding === 'unknown/nexus-content') return { headers: headersOf(metadata), data };
  const type = mediaType(encoding, metadata);
  if (type === undefined) return { headers: { type: 'application/x-temporal-payload' }, data: bytes };
  return { headers: type === '' ? {} : { type }, data };
}

/** What once came as a content goes out as it came. */
function headersOf(metadata: ReadonlyMap<string, Uint8Array>): Record<string, string> {
  const others = [...metadata].filter(([key]) => key !== 'encoding');
  return Object.fromEntries(others.map(([key, value]) => [key, text.decode(value)]));
}

/** Empty: no value. undefined: not one of the usual encodings, or there is more to say than a media type can. */
function mediaType(encoding: string, metadata: ReadonlyMap<string, Uint8Array>): string | undefined {
  const messageType = text.decode(metadata.get('messageType') ?? NO_BYTES);
  if (metadata.size === 2 && messageType !== '') {
    const name = JSON.stringify(messageType);
    if (encoding === 'json/protobuf') return `application/json; format=protobuf; message-type=${name}`;
    if (encoding === 'binary/protobuf') return `application/x-protobuf; message-type=${name}`;
  }
  if (metadata.size !== 1) return undefined;
  if (encoding === 'json/plain') return 'application/json';
  if (encoding === 'binary/plain') return 'application/octet-stream';
  return encoding === 'binary/null' ? '' : undefined;
}
