// One page of a list, read from the store: rows after a cursor, until the page is full or heavy enough.

import type { Init } from '@perdure/api/wire';
import type { WorkflowExecutionInfo } from '@perdure/api/workflow';
import type { RunListCursor, RunListQuery, RunRow, Store } from '@perdure/store';
import { decodePageToken, encodePageToken } from '../page-token.ts';
import { executionInfo } from './info.ts';

export interface Scan {
  readonly query: Omit<RunListQuery, 'after' | 'limit'>;
  readonly pageSize: number;
  readonly nextPageToken: Uint8Array;
  /** Where to begin when there is no token. */
  readonly from?: RunListCursor;
  /** What the store cannot decide. */
  readonly accept?: (row: RunRow) => boolean;
}

export interface Page {
  readonly executions: Init<WorkflowExecutionInfo>[];
  readonly nextPageToken?: Uint8Array;
}

/** Clients refuse messages above 4 MiB by default; memos may be large. */
const PAGE_BYTES_MAX = 3 * 1024 * 1024;
/** Rows that one call reads at most when it must pick some of them: then the client goes on with the token. */
const ROWS_READ_MAX = 10_000;

export async function readPage(store: Pick<Store, 'listRuns'>, scan: Scan): Promise<Page> {
  const { query, pageSize, nextPageToken, accept } = scan;
  const page = new PageBuilder(pageSize);
  let after = nextPageToken.length === 0 ? scan.from : cursorOf(nextPageToken);
  for (let rowsRead = 0; rowsRead < ROWS_READ_MAX; ) {
    // One more than wanted tells whether another page follows.
    const limit = accept === undefined ? pageSize + 1 : Math.max(pageSize + 1, 1000);
    const rows = await store.listRuns({ ...query, limit, ...(after && { after }) });
    for (const row of rows) {
      if (page.isFull) return { executions: page.executions, ...(after && { nextPageToken: tokenOf(after) }) };
      if (accept === undefined || accept(row)) page.add(row);
      after = { closeMs: row.closeMs, startMs: row.startMs, key: row.key };
    }
    if (rows.length < limit) return { executions: page.executions };
    rowsRead += rows.length;
  }
  return { executions: page.executions, ...(after && { nextPageToken: tokenOf(after) }) };
}

class PageBuilder {
  readonly executions: Init<WorkflowExecutionInfo>[] = [];
  readonly #size: number;
  #bytes = 0;

  constructor(size: number) {
    this.#size = size;
  }

  get isFull(): boolean {
    return this.executions.length >= this.#size || this.#bytes >= PAGE_BYTES_MAX;
  }

  add(row: RunRow): void {
    this.executions.push(executionInfo(row));
    this.#bytes += row.memo.length + row.searchAttributes.length;
  }
}

/** In a token the close time of an open run: JSON has no undefined. */
const OPEN = -1;

function tokenOf({ closeMs, startMs, key }: RunListCursor): Uint8Array {
  return encodePageToken({ closeMs: closeMs ?? OPEN, startMs, key });
}

function cursorOf(token: Uint8Array): RunListCursor {
  const { closeMs, startMs, key } = decodePageToken(token, { closeMs: 'number', startMs: 'number', key: 'number' });
  return { closeMs: closeMs === OPEN ? undefined : closeMs, startMs, key };
}
