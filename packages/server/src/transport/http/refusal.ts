// A request that is refused before any RPC is reached. It is answered like an RPC that failed, so that clients need to
// understand one form of errors only.

import { type Code, code } from '@perdure/api';

const CODES: Readonly<Record<RefusalStatus, Code>> = {
  400: code.INVALID_ARGUMENT,
  403: code.PERMISSION_DENIED,
  404: code.NOT_FOUND,
  405: code.UNIMPLEMENTED,
  413: code.INVALID_ARGUMENT,
  415: code.INVALID_ARGUMENT,
  503: code.UNAVAILABLE,
};

type RefusalStatus = 400 | 403 | 404 | 405 | 413 | 415 | 503;

export class HttpRefusal extends Error {
  override readonly name = 'HttpRefusal';
  readonly status: RefusalStatus;

  constructor(status: RefusalStatus, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }

  get code(): Code {
    return CODES[this.status];
  }
}
