// All schedules of a namespace, with what they did last and do next.
import { specLine } from '@perdure/ui-core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { ApiError, GRPC } from '../../api/http.ts';
import { extrasQuery } from '../../api/server.ts';
import { useCommand } from '../../app/use-command.ts';
import { schedules } from '../../messages/schedules.ts';
import { usePreferences } from '../../settings/preferences.ts';
import { buttonClass } from '../../system/Button.tsx';
import { Icon } from '../../system/Icon.tsx';
import { Command, Empty, ErrorNotice, Notice, Skeleton } from '../../system/Notice.tsx';
import { WorkflowStatus } from '../../system/Status.tsx';
import { Time } from '../../system/Time.tsx';
import type { Column } from '../../system/table/columns.ts';
import { DataTable } from '../../system/table/DataTable.tsx';
import { runQuery } from '../run/queries.ts';
import { QueryField } from './QueryField.tsx';
import { schedulesQuery } from './queries.ts';
import { RunLink } from './RunLink.tsx';
import { ScheduleState } from './ScheduleState.tsx';
import styles from './schedules.module.css';
import type { ScheduleAction, ScheduleListEntry } from './types.ts';

const route = getRouteApi('/namespaces/$namespace/schedules');
const texts = schedules.columns;
const EXAMPLE = {
  command: 'schedule create',
  scheduleId: 'nightly-report',
  cron: ['0 3 * * *'],
  type: 'Report',
  taskQueue: 'reports',
} as const;

export function SchedulesPage() {
  const { namespace } = route.useParams();
  const { query = '' } = route.useSearch();
  const { live } = usePreferences();
  const navigate = useNavigate();
  const list = useInfiniteQuery(schedulesQuery(namespace, query, live));
  const rows = list.data?.pages.flatMap((page) => page.schedules ?? []) ?? [];
  const open = ({ scheduleId = '' }: ScheduleListEntry) =>
    void navigate({ to: '/namespaces/$namespace/schedules/$scheduleId', params: { namespace, scheduleId } });
  return (
    <div className="page">
      <div className={styles['head']}>
        <h1>{schedules.title}</h1>
        <span className={`soft ${styles['grow']}`} aria-live="polite">
          {list.isSuccess && schedules.shown(rows.length, list.hasNextPage)}
        </span>
        <Link
          to="/namespaces/$namespace/schedules/create"
          params={{ namespace }}
          className={buttonClass({ kind: 'primary' })}
        >
          <Icon name="plus" />
          {schedules.create}
        </Link>
      </div>
      <QueryField
        query={query}
        onQuery={(next) =>
          void navigate({ to: '/namespaces/$namespace/schedules', params: { namespace }, search: { query: next } })
        }
      />
      {list.error && <ListError error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && !list.error && <Skeleton lines={6} />}
      {list.isSuccess && rows.length === 0 && <NoRows namespace={namespace} filtered={query !== ''} />}
      {rows.length > 0 && (
        <DataTable
          label={schedules.label}
          rows={rows}
          rowKey={({ scheduleId = '' }) => scheduleId}
          columns={columns(namespace)}
          onRowClick={open}
          {...(list.hasNextPage ? { onEnd: () => !list.isFetching && void list.fetchNextPage() } : {})}
        />
      )}
    </div>
  );
}

function columns(namespace: string): readonly Column<ScheduleListEntry>[] {
  return [
    {
      ...{ id: 'status', title: texts.status, width: 170, narrow: 'second' },
      cell: ({ info }) => <ScheduleState paused={info?.paused} notes={info?.notes} />,
    },
    {
      ...{ id: 'id', title: texts.id, width: 200, narrow: 'first' },
      cell: ({ scheduleId = '' }) => (
        <Link
          to="/namespaces/$namespace/schedules/$scheduleId"
          params={{ namespace, scheduleId }}
          className="mono"
          title={scheduleId}
        >
          {scheduleId}
        </Link>
      ),
    },
    { id: 'type', title: texts.type, width: 140, cell: ({ info }) => info?.workflowType?.name },
    {
      ...{ id: 'when', title: texts.when, width: 220, grows: true, narrow: 'second' },
      cell: ({ info }) => {
        const words = specLine(info?.spec ?? {});
        return (
          <span className={styles['words']} title={words}>
            {words}
          </span>
        );
      },
    },
    { id: 'lastRun', title: texts.lastRun, width: 270, cell: (row) => <LastRun namespace={namespace} entry={row} /> },
    {
      ...{ id: 'nextRun', title: texts.nextRun, width: 150 },
      cell: ({ info }) => <Time at={info?.paused ? undefined : info?.futureActionTimes?.[0]} />,
    },
  ];
}

function LastRun({ namespace, entry }: { readonly namespace: string; readonly entry: ScheduleListEntry }) {
  const last = entry.info?.recentActions?.at(-1);
  if (last === undefined) return <span className="faint">{schedules.never}</span>;
  return (
    <span className={styles['lastRun']}>
      <RunStatus namespace={namespace} run={last} />
      <RunLink namespace={namespace} execution={last.startWorkflowResult}>
        <Time at={last.actualTime} />
      </RunLink>
    </span>
  );
}

const RUNNING = 'WORKFLOW_EXECUTION_STATUS_RUNNING';
const STATUS_FRESH_MS = 30_000;

/** Our server says how a run stands; others say how it stood when the schedule last looked, so the run itself is asked. */
function RunStatus({ namespace, run }: { readonly namespace: string; readonly run: ScheduleAction }) {
  const { startWorkflowStatus: told, startWorkflowResult: { workflowId = '', runId } = {} } = run;
  const { data: extras } = useQuery(extrasQuery);
  const { data } = useQuery({
    ...runQuery(namespace, workflowId, runId, false),
    enabled: told === RUNNING && extras?.name === '',
    staleTime: STATUS_FRESH_MS,
  });
  return <WorkflowStatus status={data?.workflowExecutionInfo?.status ?? told} />;
}

function ListError({ error, onRetry }: { readonly error: Error; readonly onRetry: () => void }) {
  if (!(error instanceof ApiError) || error.code !== GRPC.invalidArgument)
    return <ErrorNotice error={error} onRetry={onRetry} />;
  return (
    <div role="alert">
      <Notice kind="warning" title={schedules.badQuery}>
        {error.message}
      </Notice>
    </div>
  );
}

function NoRows({ namespace, filtered }: { readonly namespace: string; readonly filtered: boolean }) {
  const command = useCommand(namespace);
  if (filtered) {
    return (
      <Empty icon="filter" title={schedules.noMatch}>
        <p>{schedules.noMatchText}</p>
      </Empty>
    );
  }
  return (
    <Empty icon="schedules" title={schedules.emptyTitle}>
      <p>{schedules.emptyText}</p>
      <Command line={command(EXAMPLE)} />
    </Empty>
  );
}
