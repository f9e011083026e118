// The history of a run in one of its views, with what is selected beside it. Search, selection and view are in the URL.
import { criticalPath, eventIdOf, type PendingActivity, parseSearch } from '@perdure/ui-core';
import { Suspense, useMemo, useRef, useState } from 'react';
import { useKeys } from '../../../app/shortcuts.ts';
import { run as texts } from '../../../messages/run.ts';
import { Button, IconButton } from '../../../system/Button.tsx';
import { Segmented, TextField } from '../../../system/Field.tsx';
import { lazyPart } from '../../../system/lazy.ts';
import { Empty, ErrorNotice, Skeleton } from '../../../system/Notice.tsx';
import { useNow } from '../../../system/Time.tsx';
import type { HistorySnapshot, RunHistory, RunKey } from '../history.ts';
import { Inspector } from '../inspector/Inspector.tsx';
import type { RunDescription } from '../queries.ts';
import type { RunSearch, RunView } from '../search.ts';
import styles from './body.module.css';
import { type Row, rowsOf } from './rows.ts';
import { useAxis } from './use-axis.ts';
import { useChildren } from './use-children.ts';
import { Waterfall } from './Waterfall.tsx';

const EventTable = lazyPart(async () => (await import('./EventTable.tsx')).EventTable);
const HistoryJson = lazyPart(async () => (await import('./HistoryJson.tsx')).HistoryJson);

interface Props {
  readonly runKey: RunKey;
  readonly history: RunHistory;
  readonly snapshot: HistorySnapshot;
  readonly description: RunDescription | undefined;
  readonly search: RunSearch;
  readonly onSearch: (change: RunSearch) => void;
  readonly readOnly: boolean;
}

const VIEWS: readonly RunView[] = ['waterfall', 'compact', 'all', 'json'];
const ZOOM = 1.6;

export function RunBody({ runKey, snapshot, description, search, onSearch, readOnly }: Props) {
  const { namespace, workflowId, runId } = runKey;
  const { groups, version, state, error, count } = snapshot;
  const nowMs = useNow();
  const view = search.view ?? 'waterfall';
  const typed = search.search ?? '';
  const [showTasks, setShowTasks] = useState(false);
  const [showCritical, setShowCritical] = useState(false);
  const [width, setWidth] = useState(800);
  const children = useChildren(namespace);
  const input = useRef<HTMLInputElement>(null);
  const all = groups.groups;
  const isOpen = state !== 'complete';
  const rowsNow = isOpen ? nowMs : 0;
  const rows = useMemo(
    () =>
      rowsOf({
        ...{ groups: groups.groups, search: typed, showWorkflowTasks: showTasks, nowMs: rowsNow },
        ...{ children: children.snapshots, opened: children.opened },
      }),
    [groups, version, typed, showTasks, rowsNow, children.snapshots, children.opened],
  );
  const control = useAxis(all, nowMs, width);
  const critical = useMemo(
    () =>
      showCritical ? new Set(criticalPath(groups, nowMs)?.pieces.flatMap(({ group }) => group?.id ?? [])) : undefined,
    [groups, version, showCritical, isOpen ? nowMs : 0],
  );
  const selected =
    rows.find(({ key }) => key === search.selected) ??
    rows.find(({ group }) => group.events.some((event) => event.eventId === search.selected));
  const select = (row: Row) => onSearch({ selected: row.key });
  useKeys({
    '/': () => input.current?.focus(),
    '+': () => control.change((axis) => axis.zoom(ZOOM)),
    '-': () => control.change((axis) => axis.zoom(1 / ZOOM)),
    '0': () => control.change((axis) => axis.fit()),
    Escape: () => onSearch({ selected: undefined as never }),
  });
  const { error: searchError } = parseSearch(typed);
  return (
    <>
      <div className={styles['tools']}>
        <div className={styles['search']}>
          <TextField
            ref={input}
            label={texts.search.label}
            hideLabel
            type="search"
            placeholder={texts.search.placeholder}
            value={typed}
            error={searchError?.message}
            onChange={(value) => onSearch({ search: value })}
          />
        </div>
        <Segmented
          label={texts.views.label}
          value={view}
          choices={VIEWS.map((value) => ({ value, words: texts.views[value] }))}
          onChange={(next) => onSearch({ view: next })}
        />
        {view === 'waterfall' && (
          <>
            <IconButton
              icon="plus"
              label={texts.tools.zoomIn}
              onClick={() => control.change((axis) => axis.zoom(ZOOM))}
            />
            <IconButton
              icon="minus"
              label={texts.tools.zoomOut}
              onClick={() => control.change((axis) => axis.zoom(1 / ZOOM))}
            />
            <Button
              kind="quiet"
              title={texts.tools.help}
              onClick={() => control.change((axis) => axis.select(undefined).fit())}
            >
              {texts.tools.fit}
            </Button>
            <Button
              kind="quiet"
              pressed={control.folding === 'auto'}
              onClick={() => control.setFolding(control.folding === 'auto' ? 'none' : 'auto')}
            >
              {texts.tools.fold}
            </Button>
            <Button kind="quiet" pressed={showCritical} onClick={() => setShowCritical(!showCritical)}>
              {texts.tools.critical}
            </Button>
          </>
        )}
        <Button kind="quiet" pressed={showTasks} onClick={() => setShowTasks(!showTasks)}>
          {texts.tools.tasks}
        </Button>
        {state === 'loading' && <span className="faint">{texts.loading(count)}</span>}
      </div>
      {state === 'failed' && <ErrorNotice error={error} />}
      <div className={styles['body']}>
        <Suspense fallback={<Skeleton />}>
          {rows.length === 0 && state !== 'loading' && typed !== '' && (
            <div style={{ flex: 1 }}>
              <Empty icon="search" title={texts.noMatch} />
            </div>
          )}
          {view === 'waterfall' && rows.length > 0 && (
            <Waterfall
              {...{ rows, control, nowMs, critical }}
              selectedKey={selected?.key}
              onWidth={setWidth}
              onSelect={select}
              onToggleChild={children.toggle}
            />
          )}
          {view === 'compact' && (
            <EventTable {...{ rows, nowMs }} selectedKey={selected?.key} find={groups.find} onSelect={select} />
          )}
          {view === 'all' && (
            <EventTable
              {...{ nowMs }}
              rows={rows}
              events={groups.events}
              search={typed}
              selectedKey={search.selected}
              find={groups.find}
              groupOf={(event) => groups.groupOf(eventIdOf(event))}
              onSelect={select}
            />
          )}
          {view === 'json' && <HistoryJson events={groups.events} name={workflowId} />}
        </Suspense>
        {view !== 'json' && (
          <aside className={styles['inspector']} aria-label={texts.inspector.details} tabIndex={0}>
            {selected ? (
              <Inspector
                key={selected.key}
                {...{ namespace, workflowId, runId, readOnly }}
                group={selected.group}
                find={groups.find}
                pending={selected.depth === 0 ? pendingOf(description, selected) : undefined}
              />
            ) : (
              <p className="faint" style={{ padding: 16 }}>
                {texts.select}
              </p>
            )}
          </aside>
        )}
      </div>
    </>
  );
}

function pendingOf(description: RunDescription | undefined, { group }: Row): PendingActivity | undefined {
  if (group.kind !== 'activity') return undefined;
  return description?.pendingActivities?.find(({ activityId }) => activityId === group.instance);
}
