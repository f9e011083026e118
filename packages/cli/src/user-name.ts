// Who does this, as histories and jobs show it. In containers, a user often has an id and no name.

import { userInfo } from 'node:os';

export function userName(): string {
  try {
    return userInfo().username;
  } catch (error) {
    // SystemError: there is no entry for the id.
    if (error instanceof Error && 'code' in error && error.code === 'ERR_SYSTEM_ERROR') return 'unknown';
    throw error;
  }
}
