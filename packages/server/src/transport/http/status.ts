// How an RPC's failure looks in HTTP: the status code that gateways agree on, and google.rpc.Status as JSON.

import { type Code, code, type StatusError } from '@perdure/api';
import { messageToJson, type Schema, type ToJsonOptions } from '@perdure/api/json';

const HTTP_STATUS: Readonly<Record<Code, number>> = {
  [code.OK]: 200,
  [code.CANCELLED]: 499,
  [code.UNKNOWN]: 500,
  [code.INVALID_ARGUMENT]: 400,
  [code.DEADLINE_EXCEEDED]: 504,
  [code.NOT_FOUND]: 404,
  [code.ALREADY_EXISTS]: 409,
  [code.PERMISSION_DENIED]: 403,
  [code.RESOURCE_EXHAUSTED]: 429,
  [code.FAILED_PRECONDITION]: 400,
  [code.ABORTED]: 409,
  [code.OUT_OF_RANGE]: 400,
  [code.UNIMPLEMENTED]: 501,
  [code.INTERNAL]: 500,
  [code.UNAVAILABLE]: 503,
  [code.DATA_LOSS]: 500,
  [code.UNAUTHENTICATED]: 401,
};

export function httpStatusOf(status: StatusError): number {
  return HTTP_STATUS[status.code];
}

/** Details name their types in `@type`. */
export function statusToJson(schema: Schema, status: StatusError, options: ToJsonOptions): string {
  return messageToJson(schema, 'google.rpc.Status', status.toStatusBytes(), options);
}
