// The history of a run in one of its views, with what is selected beside it. Search, selection and view are in the URL.
import {
  criticalPath,
  eventIdOf,
  markedTexts,
  type PendingActivity,
  parseSearch,
  type SearchNode,
  type TimeAxis,
} from '@perdure/ui-core';
import { type CSSProperties, type RefObject, Suspense, useMemo, useRef, useState } from 'react';
import { useKeys } from '../../../app/shortcuts.ts';
import { frame } from '../../../messages/frame.ts';
import { run as texts } from '../../../messages/run.ts';
import { Button } from '../../../system/Button.tsx';
import { lazyPart } from '../../../system/lazy.ts';
import { Empty, ErrorNotice, Notice, Skeleton } from '../../../system/Notice.tsx';
import { Splitter } from '../../../system/Splitter.tsx';
import { useNow } from '../../../system/Time.tsx';
import type { Follow, HistorySnapshot, RunKey } from '../history.ts';
import { Inspector } from '../inspector/Inspector.tsx';
import type { RunDescription } from '../queries.ts';
import type { RunSearch } from '../search.ts';
import styles from './body.module.css';
import { RunTools, type Shown, ZOOM } from './RunTools.tsx';
import { type Row, rowsOf } from './rows.ts';
import { type AxisControl, useAxis } from './use-axis.ts';
import { useChildren } from './use-children.ts';
import { usePaneWidth } from './use-pane-width.ts';
import { type FoundInPayloads, usePayloadSearch } from './use-payload-search.ts';
import { useSize } from './use-size.ts';
import { useTextHighlight } from './use-text-highlight.ts';
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
  const { snapshot, search, onSearch, stacked = false } = props;
  const { state, error } = snapshot;
  const nowMs = useNow();
  const [shown, setShown] = useState<Shown>({ tasks: false, critical: false });
  const [width, setWidth] = useState(800);
  const body = useRef<HTMLDivElement>(null);
  const inspector = usePaneWidth('run.inspector', { within: useSize(body).width, usual: 420, min: 280, shareMax: 0.6 });
  const input = useRef<HTMLInputElement>(null);
  // What has ended looks the same at any time.
  const lookMs = state === 'complete' ? 0 : nowMs;
  const { rows, found, node, marked, onToggleChild } = useRows(props, shown.tasks, lookMs);
  const control = useAxis({
    ...{ groups: snapshot.groups.groups, nowMs, widthPx: width, range: search.range ?? '' },
    onRange: (range) => onSearch({ range }),
  });
  const critical = useCritical(snapshot, shown.critical, lookMs);
  const selected = selectedRow(rows, search.selected);
  useRunKeys({ control, input, selected, nowMs, onDeselect: () => onSearch({ selected: '' }) });
  const view = { rows, nowMs, selectedKey: selected?.key, onSelect: (row: Row) => onSearch({ selected: row.key }) };
  const { problem } = found.progress ?? {};
  return (
    <>
      <RunTools {...{ search, onSearch, snapshot, control, shown, found, input }} onShown={setShown} />
      {state === 'failed' && <ErrorNotice error={error} />}
      {problem !== undefined && <Undecoded problem={problem} onRetry={found.retry} />}
      <div
        ref={body}
        className={`${styles['body']} ${stacked ? styles['stacked'] : ''}`}
        style={{ '--inspector-width': `${inspector.width}px` } as CSSProperties}
      >
        <Suspense fallback={<Skeleton />}>
          {rows.length === 0 && state !== 'loading' && node !== undefined && (
            <div style={{ flex: 1 }}>
              {found.isSearching ? <Skeleton /> : <Empty icon="search" title={texts.noMatch} />}
            </div>
          )}
          {(search.view ?? 'waterfall') === 'waterfall' && rows.length > 0 && (
            <Waterfall
              {...{ ...view, control, critical, marked, onToggleChild }}
              excerpt={found.excerpt}
              onWidth={setWidth}
            />
          )}
          <OtherView {...props} view={view} node={node} payloadFits={found.fits} />
        </Suspense>
        {search.view !== 'json' && (
          <>
            <Splitter
              {...inspector}
              label={texts.widths.inspector}
              resizes="right"
              className={styles['inspectorEdge']}
            />
            <Selected {...props} row={selected} marked={marked} />
          </>
        )}
      </div>
    </>
  );
}

/** The rows that the search leaves, and what it knows of their data. */
function useRows({ runKey, snapshot, search, follow }: Props, showWorkflowTasks: boolean, nowMs: number) {
  const { snapshots, opened, toggle } = useChildren(runKey.namespace, follow);
  const { node } = useMemo(() => parseSearch(search.search ?? ''), [search.search]);
  const all = useMemo(() => [snapshot, ...snapshots.values()], [snapshot, snapshots]);
  const found = usePayloadSearch({ namespace: runKey.namespace, node, snapshots: all });
  const marked = useMemo(() => markedTexts(node), [node]);
  const rows = useMemo(
    () =>
      rowsOf({
        ...{ groups: snapshot.groups.groups, node, payloadFits: found.fits, showWorkflowTasks, nowMs },
        ...{ children: snapshots, opened },
      }),
    [snapshot, node, found.fits, showWorkflowTasks, nowMs, snapshots, opened],
  );
  return { rows, found, node, marked, onToggleChild: toggle };
}

interface KeysOptions {
  readonly control: AxisControl;
  readonly input: RefObject<HTMLInputElement | null>;
  readonly selected: Row | undefined;
  readonly nowMs: number;
  readonly onDeselect: () => void;
}

function useRunKeys({ control, input, selected, nowMs, onDeselect }: KeysOptions): void {
  const { axis, change } = control;
  useKeys({
    '/': () => input.current?.focus(),
    '+': () => change((now) => now.zoom(ZOOM)),
    '-': () => change((now) => now.zoom(1 / ZOOM)),
    '0': () => change((now) => now.fit()),
    z: () => change((now) => zoomed(now, selected, nowMs)),
    Escape: () => (axis.selection === undefined ? onDeselect() : change((now) => now.select(undefined))),
  });
}

/** To the range that was measured, or else to what is selected. */
function zoomed(axis: TimeAxis, selected: Row | undefined, nowMs: number): TimeAxis {
  if (axis.selection !== undefined) return axis.showSelection().select(undefined);
  const { scheduledMs, startedMs, closedMs } = selected?.group ?? {};
  const fromMs = scheduledMs ?? startedMs ?? closedMs;
  return fromMs === undefined ? axis : axis.show(fromMs, closedMs ?? nowMs);
}

function Undecoded({ problem, onRetry }: { readonly problem: string; readonly onRetry: () => void }) {
  return (
    <Notice kind="warning" title={texts.search.undecoded}>
      {problem}{' '}
      <Button size="small" onClick={onRetry}>
        {frame.retry}
      </Button>
    </Notice>
  );
}

interface ViewProps {
  readonly rows: readonly Row[];
  readonly nowMs: number;
  readonly selectedKey: string | undefined;
  readonly onSelect: (row: Row) => void;
}

interface OtherViewProps extends Props {
  readonly view: ViewProps;
  readonly node: SearchNode | undefined;
  readonly payloadFits: FoundInPayloads['fits'];
}

function OtherView({ runKey, snapshot, search, view, node, payloadFits }: OtherViewProps) {
  const { groups } = snapshot;
  switch (search.view) {
    case 'compact':
      return <EventTable {...view} find={groups.find} />;
    case 'all':
      return (
        <EventTable
          {...view}
          events={groups.events}
          {...{ node, payloadFits }}
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

interface SelectedProps extends Props {
  readonly row: Row | undefined;
  readonly marked: readonly string[];
}

function Selected({ runKey, snapshot, description, readOnly, row, marked }: SelectedProps) {
  const aside = useRef<HTMLElement>(null);
  useTextHighlight(aside, marked);
  return (
    <aside ref={aside} className={styles['inspector']} aria-label={texts.inspector.details} tabIndex={0}>
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
