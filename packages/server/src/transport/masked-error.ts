// What a caller learns of an error that is none of his business: a bug of ours, or of the store's.

import { code, StatusError } from '@perdure/api';

/** FNV-1a over the error's text: the same bug gives the same number, which a user can quote. */
export function maskedError(error: unknown): StatusError {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(String(error))) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return new StatusError(code.INTERNAL, `something went wrong, please retry (${hash.toString(16).padStart(8, '0')})`);
}
