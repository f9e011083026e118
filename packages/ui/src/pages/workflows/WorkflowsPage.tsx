// The list of workflow executions: filtered, sorted, live, and acted on many at a time.
import { parseClauses } from '@perdure/ui-core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Suspense, useRef, useState } from 'react';

import { ApiError, GRPC } from '../../api/http.ts';
import { every } from '../../api/poll.ts';
import { extrasQuery } from '../../api/server.ts';
import { useKeys } from '../../app/shortcuts.ts';
import { workflows } from '../../messages/workflows.ts';
import { buttonClass, IconButton } from '../../system/Button.tsx';
import { Icon } from '../../system/Icon.tsx';
import { lazyPart } from '../../system/lazy.ts';
import { ErrorNotice, Skeleton } from '../../system/Notice.tsx';
import type { Sort } from '../../system/table/columns.ts';
import { FilterBar } from './FilterBar.tsx';
import { countsQuery, totalQuery } from './queries.ts';
import { useRows } from './rows.ts';
import type { WorkflowsSearch } from './search.ts';
import { WorkflowTable } from './WorkflowTable.tsx';
import styles from './workflows.module.css';

const StatusBar = lazyPart(async () => (await import('./StatusBar.tsx')).StatusBar);
const SelectionBar = lazyPart(async () => (await import('./SelectionBar.tsx')).SelectionBar);
const BadQuery = lazyPart(async () => (await import('./ListNotices.tsx')).BadQuery);
const NoRows = lazyPart(async () => (await import('./ListNotices.tsx')).NoRows);
const ColumnsButton = lazyPart(async () => (await import('./ColumnsButton.tsx')).ColumnsButton);
const ViewsButton = lazyPart(async () => (await import('./ViewsButton.tsx')).ViewsButton);

const route = getRouteApi('/namespaces/$namespace/workflows');
const COUNTS_EVERY_MS = 10_000;

export function WorkflowsPage() {
  const { namespace } = route.useParams();
  const search = route.useSearch();
  const navigate = useNavigate();
  const go = (change: WorkflowsSearch) =>
    void navigate({ to: '/namespaces/$namespace/workflows', params: { namespace }, search: { ...search, ...change } });
  const query = search.query ?? '';
  const setQuery = (next: string) => go({ query: next });
  const ordered = useOrder(search);
  const { list, rows, newRows, expansion, refresh, isTold } = useRows(namespace, ordered.query);
  // A stream tells when counts have changed.
  const refetchInterval = isTold ? false : every(COUNTS_EVERY_MS);
  const { data: counts } = useQuery({ ...countsQuery(namespace, query), refetchInterval });
  const { data: total } = useQuery({ ...totalQuery(namespace, query), refetchInterval });
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [allMatching, setAllMatching] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  useKeys({ '/': () => input.current?.focus(), r: () => void refresh() });
  const clear = () => {
    setSelected(new Set());
    setAllMatching(false);
  };
  // What was chosen in one list must not be acted on in another one.
  const shown = `${namespace} ${query}`;
  const [chosenIn, setChosenIn] = useState(shown);
  if (chosenIn !== shown) {
    setChosenIn(shown);
    clear();
  }
  return (
    <div className="page">
      <Head {...{ namespace, search, total }} onView={go} onRefresh={() => void refresh()} />
      <FilterBar namespace={namespace} query={query} onQuery={setQuery} input={input} />
      {/* Rows do not wait for counts, and do not move when they come. */}
      <div className={styles['counts']}>
        <Suspense>
          <StatusBar counts={counts} query={query} onQuery={setQuery} />
        </Suspense>
      </div>
      {selected.size > 0 && (
        <Suspense>
          <SelectionBar
            {...{ namespace, query, selected, allMatching, total: total ?? 0 }}
            onAll={() => setAllMatching(true)}
            onClear={clear}
          />
        </Suspense>
      )}
      {list.isPending && !list.error && <Skeleton lines={10} />}
      <Suspense>
        {list.error && <ListError error={list.error} onRetry={() => void refresh()} />}
        {list.isSuccess && rows.length === 0 && <NoRows namespace={namespace} filtered={query !== ''} />}
      </Suspense>
      {rows.length > 0 && (
        <WorkflowTable
          {...{ namespace, rows, newRows, expansion, selected, total }}
          hasMore={list.hasNextPage}
          onMore={() => !list.isFetchingNextPage && void list.fetchNextPage()}
          onNew={() => void refresh()}
          sort={ordered.sort}
          onSort={ordered.canSort ? (sort, attribute) => go(sortSearch(sort, attribute)) : undefined}
          onSelected={(keys) => {
            setSelected(keys);
            setAllMatching(false);
          }}
        />
      )}
    </div>
  );
}

interface HeadProps {
  readonly namespace: string;
  readonly search: WorkflowsSearch;
  readonly total: number | undefined;
  readonly onView: (search: WorkflowsSearch) => void;
  readonly onRefresh: () => void;
}

function Head({ namespace, search, total, onView, onRefresh }: HeadProps) {
  return (
    <div className={styles['head']}>
      <div className={styles['title']}>
        <h1>{workflows.title}</h1>
        <span className="soft" aria-live="polite">
          {total === undefined ? '' : workflows.count(total)}
        </span>
      </div>
      {/* As wide as they will be, so that nothing moves. */}
      <Suspense fallback={<span style={{ width: 188, height: 28 }} />}>
        <ViewsButton namespace={namespace} search={search} onView={onView} />
        <ColumnsButton namespace={namespace} />
      </Suspense>
      <IconButton icon="refresh" label={workflows.refresh} kind="normal" onClick={onRefresh} />
      <Link
        to="/namespaces/$namespace/workflows/start-workflow"
        params={{ namespace }}
        className={buttonClass({ kind: 'primary' })}
      >
        <Icon name="plus" />
        {workflows.start}
      </Link>
    </div>
  );
}

/** Only our own server orders by every attribute. */
function useOrder({ query = '', sort, order }: WorkflowsSearch) {
  const { data: extras } = useQuery(extrasQuery);
  const descending = order !== 'asc';
  const hasOwn = parseClauses(query).order !== '';
  const clause = sort === undefined || hasOwn ? '' : `ORDER BY \`${sort}\` ${descending ? 'DESC' : 'ASC'}`;
  const chosen: Sort | undefined = sort === undefined ? undefined : { column: sort, descending };
  return { query: `${query} ${clause}`.trim(), sort: chosen, canSort: extras?.name === 'perdure' && !hasOwn };
}

function sortSearch({ descending }: Sort, attribute: string): WorkflowsSearch {
  return { sort: attribute, ...(descending ? { order: undefined as never } : { order: 'asc' }) };
}

/** A server that does not answer has no parts of the page either: that it does not is told without any. */
function ListError({ error, onRetry }: { readonly error: Error; readonly onRetry: () => void }) {
  if (error instanceof ApiError && error.code === GRPC.invalidArgument) return <BadQuery error={error} />;
  return <ErrorNotice error={error} onRetry={onRetry} />;
}
