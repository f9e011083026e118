// What a request's header list says, worked out once per list: lists are shared by all requests that are equal.

import { type Code, code } from '@perdure/api';
import type { HeaderBlock } from '../http2/header-field.ts';
import { FieldKind, isPseudo } from '../http2/header-field.ts';
import { parseTimeoutMs } from './timeout.ts';

const CONTENT_TYPE = /^application\/grpc(?:\+proto)?(?:;.*)?$/i;
const PATH = /^\/[^/]+\/[^/]+$/;

/** How a request is refused before any handler sees it. */
export type Refusal =
  /** Breaks HTTP/2's rules for requests: RST_STREAM (RFC 9113 section 8.1.1). */
  | { readonly kind: 'malformed' }
  /** Not a gRPC call: an HTTP status. */
  | { readonly kind: 'http'; readonly status: 405 | 415 }
  | { readonly kind: 'status'; readonly code: Code; readonly message: string };

export class RequestHead {
  readonly path: string;
  readonly timeoutMs: number | undefined;
  readonly isGzip: boolean;
  /** -1: not given. */
  readonly contentLength: number;
  readonly refusal: Refusal | undefined;

  constructor(block: HeaderBlock) {
    const values = readValues(block);
    this.path = values.path ?? '';
    this.timeoutMs = values.timeout === undefined ? undefined : parseTimeoutMs(values.timeout);
    this.isGzip = values.encoding === 'gzip';
    this.contentLength = values.contentLength === undefined ? -1 : Number(values.contentLength);
    this.refusal = values.isMalformed ? { kind: 'malformed' } : refusalOf(values);
  }

  static of(block: HeaderBlock): RequestHead {
    if (block.derived instanceof RequestHead) return block.derived;
    const head = new RequestHead(block);
    block.derived = head;
    return head;
  }
}

interface Values {
  isMalformed: boolean;
  method: string | undefined;
  scheme: string | undefined;
  path: string | undefined;
  contentType: string | undefined;
  contentLength: string | undefined;
  timeout: string | undefined;
  encoding: string | undefined;
}

function readValues(block: HeaderBlock): Values {
  const values: Values = {
    isMalformed: false,
    method: undefined,
    scheme: undefined,
    path: undefined,
    contentType: undefined,
    contentLength: undefined,
    timeout: undefined,
    encoding: undefined,
  };
  let seenPseudo = 0;
  let sawRegular = false;
  for (const field of block.fields) {
    const { kind, value } = field;
    if (isPseudo(kind)) {
      // Pseudo fields come first and once (RFC 9113 section 8.3).
      if (sawRegular || (seenPseudo & (1 << kind)) !== 0) values.isMalformed = true;
      seenPseudo |= 1 << kind;
    } else {
      sawRegular = true;
    }
    switch (kind) {
      case FieldKind.malformed:
      case FieldKind.status:
        values.isMalformed = true;
        break;
      case FieldKind.method:
        values.method = value;
        break;
      case FieldKind.scheme:
        values.scheme = value;
        break;
      case FieldKind.path:
        values.path = value;
        break;
      case FieldKind.contentType:
        values.contentType = value;
        break;
      case FieldKind.contentLength:
        if (!/^[0-9]{1,15}$/.test(value)) values.isMalformed = true;
        values.contentLength = value;
        break;
      case FieldKind.grpcTimeout:
        values.timeout = value;
        break;
      case FieldKind.grpcEncoding:
        values.encoding = value;
        break;
    }
  }
  if (values.method === undefined || (values.method !== 'CONNECT' && (!values.scheme || !values.path)))
    values.isMalformed = true;
  return values;
}

function refusalOf(values: Values): Refusal | undefined {
  const { method, path, contentType, timeout, encoding } = values;
  if (contentType === undefined || !CONTENT_TYPE.test(contentType)) return { kind: 'http', status: 415 };
  if (method !== 'POST') return { kind: 'http', status: 405 };
  if (!PATH.test(path!))
    return { kind: 'status', code: code.UNIMPLEMENTED, message: `malformed method name: ${JSON.stringify(path)}` };
  if (timeout !== undefined && parseTimeoutMs(timeout) === undefined) {
    return { kind: 'status', code: code.INTERNAL, message: `malformed grpc-timeout: ${JSON.stringify(timeout)}` };
  }
  if (encoding !== undefined && encoding !== 'gzip' && encoding !== 'identity') {
    return {
      kind: 'status',
      code: code.UNIMPLEMENTED,
      message: `grpc: Decompressor is not installed for grpc-encoding ${JSON.stringify(encoding)}`,
    };
  }
  return undefined;
}

/** Trailers of a client: no pseudo fields, nothing malformed (RFC 9113 section 8.1). */
export function areValidTrailers(block: HeaderBlock): boolean {
  return !block.tooLarge && block.fields.every((field) => !isPseudo(field.kind) && field.kind !== FieldKind.malformed);
}
