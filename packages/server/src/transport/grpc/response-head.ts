// What a response's header list says, worked out once per list (see request-head.ts).

import { type Code, code, ProtobufError, StatusError } from '@perdure/api';
import { Status } from '@perdure/api/google';
import { ErrorCode } from '../http2/errors.ts';
import type { HeaderBlock } from '../http2/header-field.ts';
import { FieldKind, isPseudo } from '../http2/header-field.ts';
import { decodeStatusMessage } from './status-fields.ts';

const CONTENT_TYPE = /^application\/grpc(?:$|[+;])/i;

export class ResponseHead {
  /** undefined in trailers. */
  readonly httpStatus: string | undefined;
  readonly isGrpc: boolean;
  readonly isGzip: boolean;
  readonly grpcStatus: string | undefined;
  readonly isMalformed: boolean;
  private readonly message: string;
  private readonly details: string | undefined;

  constructor(block: HeaderBlock) {
    const values = new Map<number, string>();
    let isMalformed = false;
    let sawRegular = false;
    for (const { kind, value } of block.fields) {
      if (isPseudo(kind) && (kind !== FieldKind.status || sawRegular || values.has(kind))) isMalformed = true;
      if (kind === FieldKind.malformed) isMalformed = true;
      if (!isPseudo(kind)) sawRegular = true;
      values.set(kind, value);
    }
    this.isMalformed = isMalformed;
    this.httpStatus = values.get(FieldKind.status);
    this.isGrpc = CONTENT_TYPE.test(values.get(FieldKind.contentType) ?? '');
    this.isGzip = values.get(FieldKind.grpcEncoding) === 'gzip';
    this.grpcStatus = values.get(FieldKind.grpcStatus);
    this.message = values.get(FieldKind.grpcMessage) ?? '';
    this.details = values.get(FieldKind.grpcDetails);
  }

  static of(block: HeaderBlock): ResponseHead {
    if (block.derived instanceof ResponseHead) return block.derived;
    const head = new ResponseHead(block);
    block.derived = head;
    return head;
  }

  /** 1xx: the real response follows. */
  get isInformational(): boolean {
    return this.httpStatus !== undefined && /^1[0-9][0-9]$/.test(this.httpStatus);
  }

  /** undefined for OK. */
  error(): StatusError | undefined {
    if (this.grpcStatus === undefined) return this.httpError();
    if (this.grpcStatus === '0') return undefined;
    const message = decodeStatusMessage(this.message);
    return new StatusError(
      statusCode(this.grpcStatus),
      message,
      this.details === undefined ? [] : decodeDetails(this.details),
    );
  }

  /** The gRPC code for an answer that is none of gRPC's (gRPC's "HTTP to gRPC Status Code Mapping"). */
  httpError(): StatusError {
    const status = this.httpStatus;
    if (status === undefined || status === '200') {
      return new StatusError(code.UNKNOWN, 'the server ended the call without a gRPC status');
    }
    return new StatusError(CODE_BY_HTTP_STATUS.get(status) ?? code.UNKNOWN, `unexpected HTTP status code ${status}`);
  }
}

function decodeDetails(text: string): StatusError['details'] {
  try {
    return Status.decode(Buffer.from(text, 'base64')).details;
  } catch (error) {
    // Details are an extra: if they cannot be read, code and message still stand.
    if (error instanceof ProtobufError) return [];
    throw error;
  }
}

const CODES: ReadonlySet<number> = new Set<number>(Object.values(code));

function isCode(value: number): value is Code {
  return CODES.has(value);
}

function statusCode(text: string): Code {
  const value = Number(text);
  return isCode(value) ? value : code.UNKNOWN;
}

const CODE_BY_HTTP_STATUS: ReadonlyMap<string, Code> = new Map<string, Code>([
  ['400', code.INTERNAL],
  ['401', code.UNAUTHENTICATED],
  ['403', code.PERMISSION_DENIED],
  ['404', code.UNIMPLEMENTED],
  ['429', code.UNAVAILABLE],
  ['502', code.UNAVAILABLE],
  ['503', code.UNAVAILABLE],
  ['504', code.UNAVAILABLE],
]);

/** The gRPC code for an RST_STREAM (gRPC over HTTP/2, "Errors"). */
export function codeOfReset(errorCode: number): Code {
  switch (errorCode) {
    case ErrorCode.refusedStream:
      return code.UNAVAILABLE;
    case ErrorCode.cancel:
      return code.CANCELLED;
    case ErrorCode.enhanceYourCalm:
      return code.RESOURCE_EXHAUSTED;
    case ErrorCode.inadequateSecurity:
      return code.PERMISSION_DENIED;
    default:
      return code.INTERNAL;
  }
}
