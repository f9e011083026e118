// What can be wrong with a list filter, with the texts that clients of the service know: INVALID_ARGUMENT, in three sorts.

import { invalidArgument, type StatusError } from '@perdure/api';

/** The text is no query. */
export function malformed(what: string): StatusError {
  return invalidArgument(`invalid query: malformed SQL query: ${what}`);
}

/** It is a query in SQL, but not one that lists understand. */
export function unsupported(what: string): StatusError {
  return invalidArgument(`invalid query: operation is not supported: ${what}`);
}

/** It asks for what does not exist, or does not fit together. */
export function invalid(what: string): StatusError {
  return invalidArgument(`invalid query: invalid expression: ${what}`);
}
