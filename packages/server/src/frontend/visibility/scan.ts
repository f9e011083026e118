// One page of a list, read from the store: rows after a cursor, until the page is full or heavy enough.

import type { Init } from '@perdure/api/wire';
import type { WorkflowExecutionInfo } from '@perdure/api/workflow';
import { listCursor, type RunRow, type Store } from '@perdure/store';
import { cursorOf, tokenOf } from './cursor.ts';
import { executionInfo } from './info.ts';
import type { ListQuery } from './query.ts';

export interface PageRequest {
  readonly query: ListQuery;
  readonly pageSize: number;
  /** Empty: the first page. */
  readonly nextPageToken: Uint8Array;
  readonly timeoutMs: number;
}

export interface Page {
  readonly executions: Init<WorkflowExecutionInfo>[];
  readonly nextPageToken?: Uint8Array;
}

/** Clients refuse messages above 4 MiB by default; memos may be large. */
export const PAGE_BYTES_MAX = 3 * 1024 * 1024;

export async function readPage(store: Pick<Store, 'listRuns'>, request: PageRequest): Promise<Page> {
  const { query, pageSize, nextPageToken, timeoutMs } = request;
  const after = nextPageToken.length === 0 ? undefined : cursorOf(nextPageToken, query);
  // One more than wanted tells whether another page follows.
  const rows = await store.listRuns({
    ...query,
    limit: pageSize + 1,
    bytesMax: PAGE_BYTES_MAX,
    timeoutMs,
    ...(after && { after }),
  });
  const count = Math.min(pageSize, countWithin(rows, PAGE_BYTES_MAX));
  const executions = rows.slice(0, count).map(executionInfo);
  const last = rows[count - 1];
  return last === undefined || count === rows.length
    ? { executions }
    : { executions, nextPageToken: tokenOf(listCursor(last, query.orderBy), query) };
}

/** How many rows it takes until they are heavy enough, at least one. */
export function countWithin(rows: readonly RunRow[], bytesMax: number): number {
  let bytes = 0;
  const at = rows.findIndex((row) => (bytes += row.memo.length + row.searchAttributes.length) >= bytesMax);
  return at < 0 ? rows.length : at + 1;
}
