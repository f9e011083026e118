// Task tokens: how a worker names the task it was given. Opaque to clients; they carry what is needed to find the run
// and to tell a stale answer from a current one. Encoded as protobuf fields behind a mark, so that garbage is refused.

import { invalidArgument } from '@perdure/api';
import { Reader, Writer } from '@perdure/api/wire';

/** First byte of every token; the low half is the version of the layout. */
const MARK = 0xd1;

export const TokenKind = { WORKFLOW_TASK: 1, ACTIVITY: 2, QUERY: 3 } as const;

export interface TaskToken {
  readonly kind: number;
  readonly namespaceId: string;
  readonly workflowId: string;
  readonly runId: string;
  readonly scheduledEventId: number;
  readonly startedEventId: number;
  readonly attempt: number;
  /** Epoch ms. */
  readonly startedMs: number;
  /** Id of a query. */
  readonly queryId: string;
}

const VARINT = 0;
const FIXED64 = 1;
const LENGTH = 2;
const tag = (field: number, wireType: number) => field * 8 + wireType;

export function encodeToken(token: Omit<TaskToken, 'queryId'> & { readonly queryId?: string }): Uint8Array {
  const writer = Writer.acquire();
  writer.raw(Uint8Array.of(MARK));
  writer.uint32(tag(1, VARINT), token.kind);
  writer.string(tag(2, LENGTH), token.namespaceId);
  writer.string(tag(3, LENGTH), token.workflowId);
  writer.string(tag(4, LENGTH), token.runId);
  writer.uint64(tag(5, VARINT), token.scheduledEventId);
  writer.uint64(tag(6, VARINT), token.startedEventId);
  writer.uint32(tag(7, VARINT), token.attempt);
  writer.double(tag(8, FIXED64), token.startedMs);
  writer.string(tag(9, LENGTH), token.queryId ?? '');
  return writer.finish();
}

/** @throws INVALID_ARGUMENT */
export function decodeToken(bytes: Uint8Array, kind: number): TaskToken {
  if (bytes.length === 0) throw invalidArgument('Task token not set on request.');
  const token = bytes[0] === MARK ? parse(bytes.subarray(1)) : parseForeign(bytes);
  if (token === undefined || token.kind !== kind || token.runId === '') {
    throw invalidArgument('Error deserializing task token.');
  }
  return token;
}

function parse(bytes: Uint8Array): TaskToken | undefined {
  const fields = readFields(bytes);
  if (fields === undefined) return undefined;
  const { numbers: n, texts: t } = fields;
  return {
    kind: n[1],
    namespaceId: t[2],
    workflowId: t[3],
    runId: t[4],
    scheduledEventId: n[5],
    startedEventId: n[6],
    attempt: n[7],
    startedMs: n[8],
    queryId: t[9],
  };
}

/**
 * A token that the Temporal service has made, for an activity that is completed from outside: its task is not known here,
 * and whoever comes with it shall be told that, not that the token is garbage.
 */
function parseForeign(bytes: Uint8Array): TaskToken | undefined {
  const fields = readFields(bytes);
  if (fields === undefined) return undefined;
  const { numbers: n, texts: t } = fields;
  if (t[1] === '' || t[2] === '' || t[6] === '') return undefined;
  const names = { namespaceId: t[1], workflowId: t[2], runId: t[3], scheduledEventId: n[4], attempt: n[5] };
  return { kind: TokenKind.ACTIVITY, ...names, startedEventId: 0, startedMs: 0, queryId: '' };
}

interface Fields {
  readonly numbers: TenOf<number>;
  readonly texts: TenOf<string>;
}
type TenOf<T> = [T, T, T, T, T, T, T, T, T, T];

function readFields(bytes: Uint8Array): Fields | undefined {
  const reader = new Reader(bytes);
  const numbers: TenOf<number> = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
  const texts: TenOf<string> = ['', '', '', '', '', '', '', '', '', ''];
  try {
    while (reader.pos < reader.limit) {
      const key = reader.tag();
      const field = key >> 3;
      if (field > 9) return undefined;
      if ((key & 7) === VARINT) numbers[field] = reader.uint64();
      else if ((key & 7) === FIXED64) numbers[field] = reader.double();
      else if ((key & 7) === LENGTH) texts[field] = reader.string();
      else return undefined;
    }
  } catch {
    // Whatever is wrong with it, it is not a token of ours.
    return undefined;
  }
  return { numbers, texts };
}
