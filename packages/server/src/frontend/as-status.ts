// From errors that are not statuses, but say something about the request or the database, to what a client can act on.
// Everything else stays what it is: a bug, which is logged, and masked on the wire.

import { deadlineExceeded, invalidArgument, ProtobufError, unavailable } from '@perdure/api';
import { FencedError, QueryTimeoutError, StoreUnavailableError } from '@perdure/store';

export function asStatus(error: unknown): unknown {
  // Some fields stay encoded until they are needed. What cannot be decoded is the caller's mistake.
  if (error instanceof ProtobufError) return invalidArgument(`error unmarshalling request: ${error.message}`);
  if (error instanceof StoreUnavailableError) return unavailable(error.message);
  // Clients do not try again of themselves: it would be as slow.
  if (error instanceof QueryTimeoutError) return deadlineExceeded(error.message);
  if (error instanceof FencedError) return unavailable('another server has taken this database');
  return error;
}
