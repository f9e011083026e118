// A request that is refused before any RPC is reached. It is answered like an RPC that failed, so that clients need to
// understand one form of errors only.

import type { OutgoingHttpHeaders } from 'node:http';
import { type Code, code } from '@perdure/api';

const CODES: Readonly<Record<RefusalStatus, Code>> = {
  400: code.INVALID_ARGUMENT,
  403: code.PERMISSION_DENIED,
  404: code.NOT_FOUND,
  405: code.UNIMPLEMENTED,
  412: code.FAILED_PRECONDITION,
  413: code.INVALID_ARGUMENT,
  415: code.INVALID_ARGUMENT,
  502: code.UNAVAILABLE,
  503: code.UNAVAILABLE,
  504: code.DEADLINE_EXCEEDED,
};

type RefusalStatus = 400 | 403 | 404 | 405 | 412 | 413 | 415 | 502 | 503 | 504;

interface RefusalOptions extends ErrorOptions {
  /** Of the answer. */
  readonly headers?: OutgoingHttpHeaders;
}

export class HttpRefusal extends Error {
  override readonly name = 'HttpRefusal';
  readonly status: RefusalStatus;
  readonly headers: OutgoingHttpHeaders;

  constructor(status: RefusalStatus, message: string, options?: RefusalOptions) {
    super(message, options);
    this.status = status;
    this.headers = options?.headers ?? {};
  }

  get code(): Code {
    return CODES[this.status];
  }
}
