import { code, StatusError } from '@perdure/api';
import type { OutgoingField } from '../http2/hpack/encoder.ts';
import { Indexing, PreparedBlock } from '../http2/hpack/encoder.ts';
import { Http2Stream } from '../http2/stream.ts';
import { sendTrailers } from './message-writer.ts';
import type { Refusal } from './request-head.ts';
import type { ServerConnection } from './server-connection.ts';
import { RESPONSE_HEADERS, statusTrailers } from './status-fields.ts';

/**
 * A request that no handler sees: not gRPC (answered with an HTTP status, so that no client takes it for a gRPC
 * error), or gRPC that cannot be served. It is answered
 * at once, and what it has still to say is not read.
 */
export class RefusedCall extends Http2Stream {
  private readonly why: AnsweredRefusal;

  constructor(id: number, connection: ServerConnection, why: AnsweredRefusal) {
    super(id, connection);
    this.why = why;
  }

  receiveHeaders(): void {}

  receiveData(): void {}

  receiveEnd(): void {}

  aborted(): void {}

  refuse(): void {
    this.connection.guard.callAnswered();
    sendTrailers(this.connection, this, new PreparedBlock(refusalFields(this.why)));
  }
}

/** What kind of request it was decides who must understand the answer. */
export type AnsweredRefusal = Exclude<Refusal, { readonly kind: 'malformed' }> | { readonly kind: 'headerList' };

function refusalFields(why: AnsweredRefusal): OutgoingField[] {
  switch (why.kind) {
    case 'http': {
      const allow = { name: 'allow', value: 'POST', indexing: Indexing.once };
      return why.status === 405 ? [httpStatus(405), allow] : [httpStatus(415)];
    }
    case 'headerList': {
      const status = new StatusError(code.RESOURCE_EXHAUSTED, 'the request headers are larger than the server accepts');
      return [httpStatus(431), ...RESPONSE_HEADERS.slice(1), ...statusTrailers(status, Infinity)];
    }
    default:
      return [...RESPONSE_HEADERS, ...statusTrailers(new StatusError(why.code, why.message), Infinity)];
  }
}

function httpStatus(status: number): OutgoingField {
  return { name: ':status', value: String(status), indexing: Indexing.once };
}
