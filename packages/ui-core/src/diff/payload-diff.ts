// Two payloads, as far as they can be read: the tree of what differs, or why there is none.
import type { Payload } from '../history/event.ts';
import { samePayloads } from '../history/payloads.ts';
import { base64Bytes } from '../payload/base64.ts';
import { type ExactJson, payloadJson, payloadView } from '../payload/view.ts';
import { type DiffLimit, type ValueDiff, valueDiff } from './value-diff.ts';

export type PayloadDiff =
  | { readonly kind: 'same' }
  | { readonly kind: 'value'; readonly diff: ValueDiff }
  /** The values are the same; how they are encoded, or other metadata, is not. */
  | { readonly kind: 'metadata' }
  /** Not both of them can be read. */
  | { readonly kind: 'bytes'; readonly aBytes: number; readonly bBytes: number; readonly firstAt: number }
  | { readonly kind: 'limit'; readonly limit: DiffLimit };

export function payloadDiff(a: Payload, b: Payload): PayloadDiff {
  if (samePayloads([a], [b])) return { kind: 'same' };
  const [aValue, bValue] = [valueOf(a), valueOf(b)];
  if (aValue === undefined || bValue === undefined) return bytesDiff(a, b);
  const diff = valueDiff(aValue, bValue);
  if (typeof diff === 'string') return { kind: 'limit', limit: diff };
  return diff.kind === 'same' ? { kind: 'metadata' } : { kind: 'value', diff };
}

/** Nothing at all is null, as SDKs write it. */
function valueOf(payload: Payload): ExactJson | undefined {
  const view = payloadView(payload);
  if (view.kind === 'nothing') return null;
  if (view.kind === 'text') return payloadJson(payload) ?? view.text;
  return view.kind === 'json' ? view.value : undefined;
}

function bytesDiff(a: Payload, b: Payload): PayloadDiff {
  const [aBytes, bBytes] = [base64Bytes(a.data ?? ''), base64Bytes(b.data ?? '')];
  const different = aBytes.findIndex((byte, at) => byte !== bBytes[at]);
  const firstAt = different === -1 ? aBytes.length : different;
  if (firstAt === aBytes.length && firstAt === bBytes.length) return { kind: 'metadata' };
  return { kind: 'bytes', aBytes: aBytes.length, bBytes: bBytes.length, firstAt };
}
