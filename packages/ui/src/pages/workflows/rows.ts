// The rows of the list: what the pages hold, newer facts in their places, and the children of those that are expanded.

import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useMemo, useState } from 'react';
import { openLive, useStreams } from '../../api/live.ts';
import { every } from '../../api/poll.ts';
import type { ListWorkflowsReply, WorkflowExecutionInfo } from '../../api/types.ts';
import { workflows } from '../../messages/workflows.ts';
import { usePreferences } from '../../settings/preferences.ts';
import { announce } from '../../system/Toasts.tsx';
import { keyOf, listPage, listQuery, PAGE_SIZE } from './queries.ts';

/** How often the first page is looked at for changes, where the server does not tell of them. */
const POLL_MS = 3_000;

export interface ListRow {
  readonly key: string;
  readonly info: WorkflowExecutionInfo;
  /** 0: matched the query itself; deeper: a child of the row above that is one less deep. */
  readonly depth: number;
}

export interface Expansion {
  readonly keys: { readonly has: (key: string) => boolean };
  readonly toggle: (row: ListRow) => void;
}

/** All of it, for the page. */
export function useRows(namespace: string, query: string) {
  const client = useQueryClient();
  const list = useInfiniteQuery(listQuery(namespace, query));
  const { newest, isTold } = useNewest(namespace, query, list.isSuccess);
  const { expanded, toggle } = useExpansion(namespace);
  const loaded = useMemo(() => list.data?.pages.flatMap(({ executions = [] }) => executions) ?? [], [list.data]);
  const left = useLeft(namespace, loaded, newest);
  const merged = useMemo(() => inPlace(loaded, newest ?? [], left), [loaded, newest, left]);
  const rows = useMemo(() => withChildren(merged.rows, expanded), [merged.rows, expanded]);
  const expansion: Expansion = { keys: expanded, toggle: (row) => void toggle(row) };
  const refresh = () => {
    void client.invalidateQueries({ queryKey: ['workflow-counts', namespace] });
    void client.invalidateQueries({ queryKey: ['workflow-count', namespace] });
    return client.resetQueries({ queryKey: listQuery(namespace, query).queryKey });
  };
  return { list, rows, newRows: merged.added, expansion, refresh, isTold };
}

/** The first page as it is now, told by the server, or asked for again and again; undefined: not known yet. */
function useNewest(namespace: string, query: string, enabled: boolean) {
  const { live } = usePreferences();
  const streams = useStreams();
  const told = useToldList(namespace, query, enabled && streams === true);
  const { data } = useQuery({
    queryKey: ['workflows-newest', namespace, query],
    queryFn: ({ signal }) => listPage(namespace, query, '', signal),
    enabled: enabled && live && (streams === false || told === 'refused'),
    refetchInterval: every(POLL_MS),
  });
  const isTold = typeof told === 'object';
  return { newest: isTold ? told : data && (data.executions ?? NONE), isTold };
}

/**
 * Open runs that are shown but no longer on the first page: newer ones came, or they no longer match, as one that has
 * ended where only running ones are listed.
 */
function useLeft(namespace: string, loaded: Executions, newest: Executions | undefined): Executions {
  const { live } = usePreferences();
  const runIds = useMemo(() => {
    const there = new Set(newest?.map(keyOf));
    const gone = loaded.slice(0, PAGE_SIZE).filter((info) => info.closeTime === undefined && !there.has(keyOf(info)));
    return newest ? gone.map(({ execution }) => execution?.runId ?? '') : [];
  }, [loaded, newest]);
  const { data } = useQuery({
    queryKey: ['workflows-left', namespace, runIds],
    queryFn: ({ signal }) => listPage(namespace, `RunId IN ('${runIds.join("','")}')`, '', signal),
    enabled: live && runIds.length > 0,
    refetchInterval: POLL_MS,
  });
  return data?.executions ?? NONE;
}

interface ListEvent {
  /** This is all, not only what is different. */
  readonly full?: boolean;
  readonly changed?: readonly WorkflowExecutionInfo[];
  readonly removed?: readonly string[];
}

type Executions = readonly WorkflowExecutionInfo[];
type Told = Executions | 'refused' | undefined;
const NONE: Executions = [];

function useToldList(namespace: string, query: string, enabled: boolean): Told {
  const client = useQueryClient();
  const [told, setTold] = useState<Told>();
  useEffect(() => {
    if (!enabled) return undefined;
    const rows = new Map<string, WorkflowExecutionInfo>();
    const recount = () => {
      void client.invalidateQueries({ queryKey: ['workflow-counts', namespace] });
      void client.invalidateQueries({ queryKey: ['workflow-count', namespace] });
    };
    const list = (data: unknown) => {
      const { full, changed = [], removed = [] } = data as ListEvent;
      if (full) rows.clear();
      for (const runId of removed) rows.delete(runId);
      for (const info of changed) rows.set(info.execution?.runId ?? '', info);
      setTold([...rows.values()]);
    };
    const close = openLive(
      namespace,
      () => ({ query, pageSize: PAGE_SIZE, counts: 1 }),
      { list, counts: recount },
      () => setTold('refused'),
    );
    return () => {
      close();
      // What was told of one query says nothing of the next.
      setTold(undefined);
    };
  }, [client, namespace, query, enabled]);
  return told;
}

/** Rows stay where they are, with what is known of them now; what is new is counted only. */
function inPlace(loaded: Executions, newest: Executions, left: Executions) {
  const fresh = new Map([...left, ...newest].map((info) => [keyOf(info), info]));
  const rows = loaded.map((info): ListRow => {
    const key = keyOf(info);
    const other = fresh.get(key);
    fresh.delete(key);
    return { key, info: other !== undefined && isNewer(other, info) ? other : info, depth: 0 };
  });
  // In whatever order they are: what is older has only come closer to the first page.
  const newestLoaded = loaded.reduce((newestTime, { startTime = '' }) => {
    return startTime > newestTime ? startTime : newestTime;
  }, '');
  const added = [...fresh.values()].filter(({ startTime = '' }) => startTime >= newestLoaded).length;
  return { rows, added };
}

function isNewer(a: WorkflowExecutionInfo, b: WorkflowExecutionInfo): boolean {
  return Number(a.stateTransitionCount ?? 0) >= Number(b.stateTransitionCount ?? 0);
}

function useExpansion(namespace: string) {
  const client = useQueryClient();
  const [expanded, setExpanded] = useState<ReadonlyMap<string, readonly WorkflowExecutionInfo[]>>(new Map());
  const close = (key: string) => setExpanded((before) => new Map([...before].filter(([each]) => each !== key)));
  const read = async (key: string) => {
    const queryKey = ['workflow-children', namespace, key];
    const queryFn = async ({ signal }: { readonly signal: AbortSignal }) =>
      (await import('./children.ts')).childrenOf(namespace, key, signal);
    await client.prefetchQuery({ queryKey, queryFn, staleTime: 0 });
    const reply = client.getQueryData<ListWorkflowsReply>(queryKey);
    // Somebody may have closed it meanwhile.
    setExpanded((before) => (before.has(key) ? new Map(before).set(key, reply?.executions ?? []) : before));
    return reply;
  };
  const toggle = async ({ key }: ListRow) => {
    if (expanded.has(key)) return close(key);
    setExpanded((before) => new Map(before).set(key, []));
    const reply = await read(key);
    if (reply?.nextPageToken) announce(workflows.firstChildren(PAGE_SIZE));
    if (reply?.executions?.length) return;
    close(key);
    announce(reply ? workflows.noChildren : workflows.childrenFailed, { failed: reply === undefined });
  };
  const readAgain = useEffectEvent(() => {
    for (const key of expanded.keys()) void read(key);
  });
  const { live } = usePreferences();
  // A stream tells of what the query finds, and children need not be found by it.
  const isFollowed = live && expanded.size > 0;
  useEffect(() => {
    if (!isFollowed) return undefined;
    const timer = setInterval(() => document.hidden || readAgain(), POLL_MS);
    return () => clearInterval(timer);
  }, [isFollowed]);
  return { expanded, toggle };
}

/** Each followed by its children, if it is expanded, and theirs. */
function withChildren(rows: readonly ListRow[], byParent: ReadonlyMap<string, readonly WorkflowExecutionInfo[]>) {
  if (byParent.size === 0) return rows;
  return rows.flatMap((row): readonly ListRow[] => {
    const children = (byParent.get(row.key) ?? []).map((info) => {
      return { key: `${row.key}\n${keyOf(info)}`, info, depth: row.depth + 1 };
    });
    return [row, ...withChildren(children, byParent)];
  });
}
