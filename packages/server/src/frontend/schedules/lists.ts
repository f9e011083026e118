// Lists and counts of schedules. The rows are found as those of workflows are; what is shown of each comes from its state.

import type { ScheduleListEntry } from '@perdure/api/schedule';
import type { Init } from '@perdure/api/wire';
import type * as api from '@perdure/api/workflowservice';
import { describeListInfo, type FilterContext, parseFilter, SCHEDULE_ALIASES } from '@perdure/core';
import { EntityKind, listCursor, type RunRow } from '@perdure/store';
import type { FrontendContext, Handler } from '../context.ts';
import type { Namespace } from '../namespaces/registry.ts';
import { cursorOf, tokenOf } from '../visibility/cursor.ts';
import { aggregationGroups, GROUPS_MAX } from '../visibility/groups.ts';
import { queryTimeoutMs } from '../visibility/query-time.ts';
import { countWithin, PAGE_BYTES_MAX } from '../visibility/scan.ts';
import { requireSchedules } from './enabled.ts';

const KINDS = [EntityKind.SCHEDULE];

export const listSchedules: Handler<api.ListSchedulesRequest, api.ListSchedulesResponse> = async (
  context,
  request,
  call,
) => {
  const namespace = requireSchedules(context.namespaces.require(request.namespace));
  const { filter, orderBy } = parseFilter(request.query, contextOf(namespace, 'list'));
  const query = { namespaceId: namespace.id, kinds: KINDS, ...(filter && { filter }), ...(orderBy && { orderBy }) };
  const { nextPageToken } = request;
  const after = nextPageToken.length === 0 ? undefined : cursorOf(nextPageToken, query);
  const pageSize = pageSizeFor(namespace, request.maximumPageSize);
  // One more than wanted tells whether another page follows.
  const rows = await context.store.listRuns({
    ...query,
    limit: pageSize + 1,
    bytesMax: PAGE_BYTES_MAX,
    timeoutMs: queryTimeoutMs(context, namespace, call),
    ...(after && { after }),
  });
  const shown = rows.slice(0, Math.min(pageSize, countWithin(rows, PAGE_BYTES_MAX)));
  const entries = await Promise.all(shown.map((row) => entryOf(context, row)));
  const count = entriesWithin(entries);
  const last = rows[count - 1];
  return {
    schedules: entries.slice(0, count).filter((entry) => entry !== undefined),
    ...(last !== undefined && count < rows.length && { nextPageToken: tokenOf(listCursor(last, orderBy), query) }),
  };
};

export const countSchedules: Handler<api.CountSchedulesRequest, api.CountSchedulesResponse> = async (
  context,
  request,
  call,
) => {
  const namespace = requireSchedules(context.namespaces.require(request.namespace));
  const { filter, groupBy } = parseFilter(request.query, contextOf(namespace, 'count'));
  const query = { namespaceId: namespace.id, kinds: KINDS, ...(filter && { filter }), ...(groupBy && { groupBy }) };
  const timeoutMs = queryTimeoutMs(context, namespace, call);
  const { count, groups } = await context.store.countRuns({ ...query, groupsMax: GROUPS_MAX, timeoutMs });
  return groupBy === undefined ? { count } : { count, groups: aggregationGroups(groupBy, groups) };
};

/** Undefined: it was removed meanwhile. */
async function entryOf(
  { scheduler, clock }: FrontendContext,
  { namespaceId, workflowId }: RunRow,
): Promise<Init<ScheduleListEntry> | undefined> {
  const entity = await scheduler.host.find(namespaceId, workflowId);
  if (entity === undefined) return undefined;
  const { state } = entity;
  await scheduler.host.settled(entity);
  const { memo, searchAttributes } = state;
  return { scheduleId: entity.id, memo, searchAttributes, info: describeListInfo(state, clock.now()) };
}

/** How many entries it takes until they are heavy enough, at least one. */
function entriesWithin(entries: readonly (Init<ScheduleListEntry> | undefined)[]): number {
  let bytes = 0;
  const at = entries.findIndex((entry) => (bytes += sizeOf(entry)) >= PAGE_BYTES_MAX);
  return at < 0 ? entries.length : at + 1;
}

/** About: what is longest is the state. */
function sizeOf(entry: Init<ScheduleListEntry> | undefined): number {
  return entry?.info?.stateSizeBytes ?? 0;
}

function contextOf({ searchAttributes: schema }: Namespace, purpose: FilterContext['purpose']): FilterContext {
  return { schema, aliases: SCHEDULE_ALIASES, purpose };
}

function pageSizeFor({ settings }: Namespace, asked: number): number {
  const max = settings.visibilityPageSizeMax;
  return asked <= 0 || asked > max ? max : asked;
}
