// Page tokens of a history: opaque to clients; they pin the run, so that pages of one history never mix two runs.

import { invalidArgument } from '@perdure/api';

export interface HistoryToken {
  readonly runId: string;
  readonly nextEventId: number;
  /** Exclusive end of the pages of a workflow task's history; 0: as far as the history goes. */
  readonly endEventId: number;
  /** The events of the transient workflow task follow the last page. */
  readonly transient: boolean;
}

export function encodeHistoryToken(token: HistoryToken): Uint8Array {
  return Buffer.from(JSON.stringify([token.runId, token.nextEventId, token.endEventId, token.transient]));
}

/** @throws INVALID_ARGUMENT */
export function decodeHistoryToken(bytes: Uint8Array): HistoryToken {
  const fields = parse(bytes);
  if (!Array.isArray(fields)) throw invalidArgument('Invalid NextPageToken.');
  const [runId, nextEventId, endEventId, transient] = fields as unknown[];
  const valid =
    typeof runId === 'string' && isEventId(nextEventId) && isEventId(endEventId) && typeof transient === 'boolean';
  if (!valid) throw invalidArgument('Invalid NextPageToken.');
  return { runId, nextEventId, endEventId, transient };
}

function isEventId(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString());
  } catch {
    // Not a token of ours, whatever else it is.
    return undefined;
  }
}
