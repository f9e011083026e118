// Values of the API as people read them.

import { parseJson } from '@perdure/api/json';
import { JsonNodeValue, type Printable, toJson } from './json.ts';

/** `EVENT_TYPE_TIMER_FIRED` is `TimerFired`. */
export function enumText(prefix: string, name: string | undefined): string {
  if (name === undefined || name === `${prefix}_UNSPECIFIED`) return '';
  const words = name.startsWith(`${prefix}_`) ? name.slice(prefix.length + 1) : name;
  return words
    .split('_')
    .map((word) => word.slice(0, 1) + word.slice(1).toLowerCase())
    .join('');
}

/** The other way: `BufferOne` is `SCHEDULE_OVERLAP_POLICY_BUFFER_ONE`. */
export function enumJson(prefix: string, text: string): string {
  return `${prefix}_${text.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase()}`;
}

/** A payload of proto JSON without shorthand. */
export interface PayloadJson {
  readonly metadata?: Readonly<Record<string, string>>;
  readonly data?: string;
}

/** Its value if it is JSON, otherwise what it is. */
export function payloadText(payload: PayloadJson): string {
  return toJson(payloadValue(payload), { pretty: false, payloadShorthand: true });
}

/** A text without its quotes; anything else as JSON. */
export function plainText(payload: PayloadJson): string {
  const text = payloadText(payload);
  return text.startsWith('"') ? String(JSON.parse(text)) : text;
}

/** For programs: the value if it is JSON, otherwise the payload as it is. */
export function payloadValue(payload: PayloadJson): Printable {
  const encoding = Buffer.from(payload.metadata?.['encoding'] ?? '', 'base64').toString();
  const data = Buffer.from(payload.data ?? '', 'base64');
  if (encoding === 'binary/null') return null;
  if (encoding !== 'json/plain' && encoding !== 'json/protobuf') {
    return { metadata: { ...payload.metadata }, data: payload.data ?? '' };
  }
  try {
    return new JsonNodeValue(parseJson(data.toString()));
  } catch {
    // It says that it is JSON, and is not: shown as the bytes that it is.
    return { metadata: { ...payload.metadata }, data: payload.data ?? '' };
  }
}
