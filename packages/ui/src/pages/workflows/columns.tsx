// What the list can show of an execution.
import { jsonValue, parseTimestamp, sizeWords } from '@perdure/ui-core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { WorkflowExecutionInfo } from '../../api/types.ts';
import { workflows } from '../../messages/workflows.ts';
import { WorkflowStatus } from '../../system/Status.tsx';
import { Duration, Time } from '../../system/Time.tsx';
import type { Column } from '../../system/table/columns.ts';
import { textOf } from '../../system/text.ts';

type Row = WorkflowExecutionInfo;
type WorkflowColumn = Column<Row> & {
  /** The search attribute that it is sorted by. */
  readonly attribute?: string;
};

const texts = workflows.columns;

/** Under which this browser remembers them, in all namespaces. */
export const WIDTHS_KEY = 'widths.workflows';
/** CSS pixels of the columns that somebody has resized. */
export type WidthsById = Readonly<Record<string, number>>;

export const DEFAULT_COLUMNS = ['status', 'workflowId', 'type', 'started', 'duration', 'taskQueue', 'historyLength'];

export function workflowColumns(namespace: string, custom: readonly string[]): readonly WorkflowColumn[] {
  return [...builtIn(namespace), ...custom.map(customColumn)];
}

function builtIn(namespace: string): readonly WorkflowColumn[] {
  const runLink = runLinkOf(namespace);
  return [...identityColumns(runLink), ...timeColumns(), ...sizeColumns(namespace), ...originColumns(runLink)];
}

type RunLink = (workflowId: string, runId: string, shown: string) => ReactNode;

function runLinkOf(namespace: string): RunLink {
  return (workflowId, runId, shown) => (
    <Link
      to="/namespaces/$namespace/workflows/$workflowId/$runId"
      params={{ namespace, workflowId, runId }}
      className="mono"
      title={shown}
    >
      {shown}
    </Link>
  );
}

function identityColumns(runLink: RunLink): readonly WorkflowColumn[] {
  return [
    {
      ...{
        id: 'status',
        title: texts.status,
        width: 132,
        narrow: 'second',
        sortable: true,
        attribute: 'ExecutionStatus',
      },
      cell: ({ status }) => <WorkflowStatus status={status} />,
    },
    {
      ...{ id: 'workflowId', title: texts.workflowId, width: 220, grows: true, narrow: 'first', sortable: true },
      attribute: 'WorkflowId',
      cell: ({ execution }) =>
        runLink(execution?.workflowId ?? '', execution?.runId ?? '', execution?.workflowId ?? ''),
    },
    {
      ...{ id: 'runId', title: texts.runId, width: 290, sortable: true, attribute: 'RunId' },
      cell: ({ execution }) => runLink(execution?.workflowId ?? '', execution?.runId ?? '', execution?.runId ?? ''),
    },
    {
      ...{ id: 'type', title: texts.type, width: 150, narrow: 'second', sortable: true, attribute: 'WorkflowType' },
      cell: ({ type }) => <span title={type?.name}>{type?.name}</span>,
    },
  ];
}

function timeColumns(): readonly WorkflowColumn[] {
  return [
    {
      ...{ id: 'started', title: texts.started, width: 150, narrow: 'second', sortable: true, attribute: 'StartTime' },
      cell: ({ startTime }) => <Time at={startTime} />,
    },
    {
      ...{ id: 'closed', title: texts.closed, width: 150, sortable: true, attribute: 'CloseTime' },
      cell: ({ closeTime }) => <Time at={closeTime} />,
    },
    {
      ...{ id: 'executionTime', title: texts.executionTime, width: 150, sortable: true, attribute: 'ExecutionTime' },
      cell: ({ executionTime }) => <Time at={executionTime} />,
    },
    {
      ...{
        id: 'duration',
        title: texts.duration,
        width: 90,
        align: 'end',
        sortable: true,
        attribute: 'ExecutionDuration',
      },
      cell: ({ executionTime, closeTime }) => (
        <Duration fromMs={parseTimestamp(executionTime)} toMs={parseTimestamp(closeTime)} />
      ),
    },
  ];
}

function sizeColumns(namespace: string): readonly WorkflowColumn[] {
  return [
    {
      ...{ id: 'taskQueue', title: texts.taskQueue, width: 140, sortable: true, attribute: 'TaskQueue' },
      cell: ({ taskQueue = '' }) => (
        <Link to="/namespaces/$namespace/task-queues/$taskQueue" params={{ namespace, taskQueue }}>
          {taskQueue}
        </Link>
      ),
    },
    {
      // What a list knows of these is as old as the last change that lists show; of closed runs it is all.
      ...{ id: 'historyLength', title: texts.historyLength, width: 80, align: 'end', sortable: true },
      attribute: 'HistoryLength',
      cell: ({ closeTime, historyLength = 0 }) => closeTime && Number(historyLength).toLocaleString('en'),
    },
    {
      ...{ id: 'historySize', title: texts.historySize, width: 100, align: 'end', sortable: true },
      attribute: 'HistorySizeBytes',
      cell: ({ closeTime, historySizeBytes = '0' }) => closeTime && sizeWords(Number(historySizeBytes)),
    },
    {
      ...{ id: 'transitions', title: texts.transitions, width: 120, align: 'end', sortable: true },
      attribute: 'StateTransitionCount',
      cell: ({ closeTime, stateTransitionCount }) => closeTime && stateTransitionCount,
    },
  ];
}

function originColumns(runLink: RunLink): readonly WorkflowColumn[] {
  return [
    {
      ...{ id: 'parent', title: texts.parent, width: 180 },
      cell: ({ parentExecution: { workflowId = '', runId = '' } = {} }) => runLink(workflowId, runId, workflowId),
    },
    {
      ...{ id: 'scheduledBy', title: texts.scheduledBy, width: 140 },
      cell: (row) => attributeText(row, 'TemporalScheduledById'),
    },
  ];
}

function customColumn(name: string): WorkflowColumn {
  return {
    ...{ id: `sa:${name}`, title: name, width: 140, sortable: true, attribute: name },
    cell: (row) => attributeText(row, name),
  };
}

function attributeText({ searchAttributes }: Row, name: string): string {
  const payload = searchAttributes?.indexedFields?.[name];
  const value = payload && jsonValue(payload);
  return Array.isArray(value) ? value.map(textOf).join(', ') : textOf(value);
}
