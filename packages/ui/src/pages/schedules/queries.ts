// What the pages of schedules ask the server, and what they tell it to do.

import { type Payload, quoted, withField } from '@perdure/ui-core';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, path } from '../../api/http.ts';
import { every } from '../../api/poll.ts';
import { once } from '../../api/request-ids.ts';
import type { ListWorkflowsReply } from '../../api/types.ts';
import { IDENTITY } from '../../payloads/encode.ts';
import { send } from '../../payloads/send.ts';
import type { ScheduleRequest } from './form/form.ts';
import type { ListSchedulesReply, ScheduleDescription } from './types.ts';

const PAGE_SIZE = 100;
const REFRESH_EVERY_MS = 5_000;
const PAGES_MAX = 50;
const RECENT_RUNS = 20;

export function schedulesQuery(namespace: string, query: string, live: boolean) {
  return infiniteQueryOptions({
    queryKey: ['schedules', namespace, query],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      api<ListSchedulesReply>(path`namespaces/${namespace}/schedules`, {
        query: { query, maximumPageSize: PAGE_SIZE, nextPageToken: pageParam },
        signal,
      }),
    maxPages: PAGES_MAX,
    refetchInterval: live && every(REFRESH_EVERY_MS),
    getNextPageParam: ({ nextPageToken }) => nextPageToken || undefined,
  });
}

export function scheduleQuery(namespace: string, scheduleId: string) {
  return queryOptions({
    queryKey: ['schedule', namespace, scheduleId],
    queryFn: ({ signal }) =>
      api<ScheduleDescription>(path`namespaces/${namespace}/schedules/${scheduleId}`, { signal }),
  });
}

export function liveScheduleQuery(namespace: string, scheduleId: string, live: boolean) {
  return { ...scheduleQuery(namespace, scheduleId), refetchInterval: live && every(REFRESH_EVERY_MS) };
}

/** What it has started, newest first, with what became of it. */
export function scheduledRunsQuery(namespace: string, scheduleId: string, live: boolean) {
  return queryOptions({
    queryKey: ['schedule-runs', namespace, scheduleId],
    refetchInterval: live && every(REFRESH_EVERY_MS),
    queryFn: ({ signal }) =>
      api<ListWorkflowsReply>(path`namespaces/${namespace}/workflows`, {
        query: { query: startedBy(scheduleId), pageSize: RECENT_RUNS },
        signal,
      }),
  });
}

/** The query that finds them. */
export function startedBy(scheduleId: string): string {
  const field = 'TemporalScheduledById';
  return withField('', field, { kind: 'field', field, operator: '=', values: [quoted(scheduleId)] });
}

/** Of a span, both ends included. */
export function matchingTimesQuery(namespace: string, scheduleId: string, startTime: string, endTime: string) {
  return queryOptions({
    queryKey: ['schedule-times', namespace, scheduleId, startTime, endTime],
    queryFn: async ({ signal }) => {
      const { startTime: times = [] } = await api<{ readonly startTime?: readonly string[] }>(
        path`namespaces/${namespace}/schedules/${scheduleId}/matching-times`,
        { query: { startTime, endTime }, signal },
      );
      return times;
    },
  });
}

export interface SchedulePatch {
  /** The reason. */
  readonly pause?: string;
  readonly unpause?: string;
  readonly triggerImmediately?: { readonly overlapPolicy: string };
  readonly backfillRequest?: readonly {
    readonly startTime: string;
    readonly endTime: string;
    readonly overlapPolicy: string;
  }[];
}

export async function patchSchedule(namespace: string, scheduleId: string, patch: SchedulePatch): Promise<void> {
  const rest = path`namespaces/${namespace}/schedules/${scheduleId}/patch`;
  const body = { patch, identity: IDENTITY };
  await once([rest, body], (requestId) => api(rest, { method: 'POST', body: { ...body, requestId } }));
}

export async function deleteSchedule(namespace: string, scheduleId: string): Promise<void> {
  const query = { identity: IDENTITY };
  await api(path`namespaces/${namespace}/schedules/${scheduleId}`, { method: 'DELETE', query });
}

/**
 * @throws {ApiError}
 * @throws {Error} the codec server did not encode its data
 */
export async function createSchedule(namespace: string, scheduleId: string, request: ScheduleRequest): Promise<void> {
  const rest = path`namespaces/${namespace}/schedules/${scheduleId}`;
  const body = { ...request, identity: IDENTITY };
  await once([rest, body], (requestId) => send(namespace, rest, { ...body, requestId }));
}

/** What it was when somebody began to change it. */
export interface ScheduleBefore {
  readonly conflictToken: string | undefined;
  /** Its data, which goes back as it is stored. */
  readonly stored: ReadonlySet<Payload>;
}

/** Refused if somebody else has changed the schedule since `conflictToken` was given. */
export async function updateSchedule(
  namespace: string,
  scheduleId: string,
  request: ScheduleRequest,
  { conflictToken, stored }: ScheduleBefore,
): Promise<void> {
  const body = { ...request, conflictToken, identity: IDENTITY, requestId: crypto.randomUUID() };
  await send(namespace, path`namespaces/${namespace}/schedules/${scheduleId}/update`, body, stored);
}
