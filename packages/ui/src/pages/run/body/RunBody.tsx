// The history of a run in one of its views, with what is selected beside it. Search, selection and view are in the URL.
import { criticalPath, eventIdOf, type PendingActivity } from '@perdure/ui-core';
import { Suspense, useMemo, useRef, useState } from 'react';
import { useKeys } from '../../../app/shortcuts.ts';
import { run as texts } from '../../../messages/run.ts';
import { lazyPart } from '../../../system/lazy.ts';
import { Empty, ErrorNotice, Skeleton } from '../../../system/Notice.tsx';
import { useNow } from '../../../system/Time.tsx';
import type { Follow, HistorySnapshot, RunKey } from '../history.ts';
import { Inspector } from '../inspector/Inspector.tsx';
import type { RunDescription } from '../queries.ts';
import type { RunSearch } from '../search.ts';
import styles from './body.module.css';
import { RunTools, type Shown, ZOOM } from './RunTools.tsx';
import { type Row, rowsOf } from './rows.ts';
import { useAxis } from './use-axis.ts';
import { useChildren } from './use-children.ts';
import { Waterfall } from './Waterfall.tsx';

const EventTable = lazyPart(async () => (await import('./EventTable.tsx')).EventTable);
const HistoryJson = lazyPart(async () => (await import('./HistoryJson.tsx')).HistoryJson);

interface Props {
  readonly runKey: RunKey;
  readonly snapshot: HistorySnapshot;
  readonly description: RunDescription | undefined;
  readonly search: RunSearch;
  readonly onSearch: (change: RunSearch) => void;
  /** How the children that are opened are followed. */
  readonly follow: Follow;
  /** Of a file there is nothing to act on. */
  readonly readOnly: boolean;
  /** With what is selected below, not beside. */
  readonly stacked?: boolean;
}

export function RunBody(props: Props) {
  const { runKey, snapshot, search, onSearch, stacked = false } = props;
  const { state, error } = snapshot;
  const nowMs = useNow();
  // What has ended looks the same at any time.
  const lookMs = state === 'complete' ? 0 : nowMs;
  const [shown, setShown] = useState<Shown>({ tasks: false, critical: false });
  const [width, setWidth] = useState(800);
  const children = useChildren(runKey.namespace, props.follow);
  const input = useRef<HTMLInputElement>(null);
  const { search: typed = '' } = search;
  const rows = useMemo(
    () =>
      rowsOf({
        ...{ groups: snapshot.groups.groups, search: typed, showWorkflowTasks: shown.tasks, nowMs: lookMs },
        ...{ children: children.snapshots, opened: children.opened },
      }),
    [snapshot, typed, shown.tasks, lookMs, children.snapshots, children.opened],
  );
  const control = useAxis(snapshot.groups.groups, nowMs, width);
  const critical = useCritical(snapshot, shown.critical, lookMs);
  useKeys({
    '/': () => input.current?.focus(),
    '+': () => control.change((axis) => axis.zoom(ZOOM)),
    '-': () => control.change((axis) => axis.zoom(1 / ZOOM)),
    '0': () => control.change((axis) => axis.fit()),
    Escape: () => onSearch({ selected: undefined as never }),
  });
  const selected = selectedRow(rows, search.selected);
  const view = { rows, nowMs, selectedKey: selected?.key, onSelect: (row: Row) => onSearch({ selected: row.key }) };
  return (
    <>
      <RunTools {...{ search, onSearch, snapshot, control, shown, input }} onShown={setShown} />
      {state === 'failed' && <ErrorNotice error={error} />}
      <div className={`${styles['body']} ${stacked ? styles['stacked'] : ''}`}>
        <Suspense fallback={<Skeleton />}>
          {rows.length === 0 && state !== 'loading' && typed !== '' && (
            <div style={{ flex: 1 }}>
              <Empty icon="search" title={texts.noMatch} />
            </div>
          )}
          {(search.view ?? 'waterfall') === 'waterfall' && rows.length > 0 && (
            <Waterfall {...view} {...{ control, critical }} onWidth={setWidth} onToggleChild={children.toggle} />
          )}
          <OtherView {...props} view={view} />
        </Suspense>
        {search.view !== 'json' && <Selected {...props} row={selected} />}
      </div>
    </>
  );
}

interface ViewProps {
  readonly rows: readonly Row[];
  readonly nowMs: number;
  readonly selectedKey: string | undefined;
  readonly onSelect: (row: Row) => void;
}

function OtherView({ runKey, snapshot, search, view }: Props & { readonly view: ViewProps }) {
  const { groups } = snapshot;
  switch (search.view) {
    case 'compact':
      return <EventTable {...view} find={groups.find} />;
    case 'all':
      return (
        <EventTable
          {...view}
          events={groups.events}
          search={search.search ?? ''}
          selectedKey={search.selected}
          find={groups.find}
          groupOf={(event) => groups.groupOf(eventIdOf(event))}
        />
      );
    case 'json':
      return <HistoryJson events={groups.events} name={runKey.workflowId} />;
    default:
      return null;
  }
}

function Selected({ runKey, snapshot, description, readOnly, row }: Props & { readonly row: Row | undefined }) {
  return (
    <aside className={styles['inspector']} aria-label={texts.inspector.details} tabIndex={0}>
      {row === undefined ? (
        <p className="faint" style={{ padding: 16 }}>
          {texts.select}
        </p>
      ) : (
        <Inspector
          key={row.key}
          {...runKey}
          readOnly={readOnly}
          group={row.group}
          find={snapshot.groups.find}
          pending={row.depth === 0 ? pendingOf(description, row) : undefined}
        />
      )}
    </aside>
  );
}

function useCritical(snapshot: HistorySnapshot, isShown: boolean, nowMs: number): ReadonlySet<string> | undefined {
  return useMemo(() => {
    if (!isShown) return undefined;
    const pieces = criticalPath(snapshot.groups, nowMs)?.pieces ?? [];
    return new Set(pieces.flatMap(({ group }) => group?.id ?? []));
  }, [snapshot, isShown, nowMs]);
}

/** By the key of a row, or by the id of an event in it, as links of others have it. */
function selectedRow(rows: readonly Row[], selected: string | undefined): Row | undefined {
  if (selected === undefined) return undefined;
  return (
    rows.find(({ key }) => key === selected) ??
    rows.find(({ group }) => group.events.some(({ eventId }) => eventId === selected))
  );
}

function pendingOf(description: RunDescription | undefined, { group }: Row): PendingActivity | undefined {
  if (group.kind !== 'activity') return undefined;
  return description?.pendingActivities?.find(({ activityId }) => activityId === group.instance);
}
