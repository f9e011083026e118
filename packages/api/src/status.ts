// How an RPC fails: a gRPC code, a text, and details that SDKs branch on. Every layer above throws StatusError for what
// a caller may know; any other exception is a bug and is masked before it leaves the process.
import { type Any, Status } from '@perdure/api/google';
import type { Init, MessageType } from './wire.ts';

/** gRPC status codes. */
export const code = {
  OK: 0,
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
} as const;

export type Code = (typeof code)[keyof typeof code];

/** Longer messages are cut, so that they fit in the trailers of any client. */
const messageBytesMax = 4000;
const truncatedSuffix = '... <truncated>';
const typeUrlPrefix = 'type.googleapis.com/';

export class StatusError extends Error {
  override readonly name = 'StatusError';
  readonly code: Code;
  readonly details: readonly Any[];

  constructor(statusCode: Code, message: string, details: readonly Any[] = []) {
    super(truncate(message));
    this.code = statusCode;
    this.details = details;
  }

  /** Encoded google.rpc.Status, the content of `grpc-status-details-bin`. */
  toStatusBytes(): Uint8Array {
    return Status.encode({ code: this.code, message: this.message, details: this.details });
  }
}

/** The message as google.protobuf.Any. */
export function packAny<M>(type: MessageType<M>, message: Init<M>): Any {
  return { typeUrl: typeUrlPrefix + type.typeName, value: type.encode(message) };
}

/** The content of an Any, undefined when it holds another type. */
export function unpackAny<M>(type: MessageType<M>, any: Any): M | undefined {
  const typeName = any.typeUrl.slice(any.typeUrl.lastIndexOf('/') + 1);
  return typeName === type.typeName ? type.decodeStrict(any.value) : undefined;
}

function truncate(message: string): string {
  // A UTF-16 unit becomes at most three bytes.
  if (message.length * 3 <= messageBytesMax || Buffer.byteLength(message) <= messageBytesMax) return message;
  const kept = new Uint8Array(messageBytesMax - truncatedSuffix.length);
  // encodeInto stops before a character that does not fit whole.
  return message.slice(0, new TextEncoder().encodeInto(message, kept).read) + truncatedSuffix;
}
