import { EventEmitter, once } from 'node:events';

/** What activities of this process tell the tests of this process. */
export const notices = new EventEmitter();

export function noticed(event: string): Promise<unknown[]> {
  return once(notices, event);
}
