import type { ListBatchOperationsRequest } from '@perdure/api/workflowservice';
import type { FilterField, Order } from '@perdure/core';
import { EntityKind, listCursor, type RunListCursor, type RunRow } from '@perdure/store';
import type { FrontendContext } from '../context.ts';
import type { Namespace } from '../namespaces/registry.ts';
import { decodePageToken, encodePageToken } from '../page-token.ts';

const START_TIME: FilterField = { kind: 'column', column: 'startTime', type: 'datetime' };
const NEWEST_FIRST: Order = [{ field: START_TIME, descending: true }];
/** In a token the close time of what is open: JSON has no undefined. */
const OPEN = -1;

export interface ListedBatches {
  readonly rows: readonly RunRow[];
  readonly nextPageToken?: Uint8Array;
}

/** A page of the batch operations of a namespace, newest first. @throws INVALID_ARGUMENT */
export async function listBatches(
  { store }: Pick<FrontendContext, 'store'>,
  namespace: Namespace,
  { pageSize, nextPageToken }: ListBatchOperationsRequest,
  timeoutMs: number,
): Promise<ListedBatches> {
  const { visibilityPageSizeMax } = namespace.settings;
  const size = pageSize > 0 ? Math.min(pageSize, visibilityPageSizeMax) : visibilityPageSizeMax;
  const found = await store.listRuns({
    namespaceId: namespace.id,
    kinds: [EntityKind.BATCH_OPERATION],
    orderBy: NEWEST_FIRST,
    timeoutMs,
    // One more than wanted tells whether another page follows.
    limit: size + 1,
    ...(nextPageToken.length > 0 && { after: cursorOf(nextPageToken) }),
  });
  const rows = found.slice(0, size);
  const last = rows.at(-1);
  return last === undefined || found.length <= size ? { rows } : { rows, nextPageToken: tokenOf(last) };
}

function tokenOf(row: RunRow): Uint8Array {
  const { closeMs = OPEN, startMs, key } = listCursor(row, NEWEST_FIRST);
  return encodePageToken({ closeMs, startMs, key });
}

function cursorOf(token: Uint8Array): RunListCursor {
  const { closeMs, startMs, key } = decodePageToken(token, { closeMs: 'number', startMs: 'number', key: 'number' });
  return { closeMs: closeMs === OPEN ? undefined : closeMs, startMs, key, values: [startMs] };
}
