// The history as a table: one row for each step, or one for each event.
import {
  type EventGroup,
  type EventLookup,
  eventDetail,
  eventIdOf,
  eventMatcher,
  eventTitle,
  failureLine,
  type HistoryEvent,
  kindWords,
  parseTimestamp,
  type SearchNode,
  type SearchOptions,
  statusWords,
} from '@perdure/ui-core';
import { useMemo } from 'react';
import { run as texts } from '../../../messages/run.ts';
import { Icon } from '../../../system/Icon.tsx';
import { Status } from '../../../system/Status.tsx';
import { Duration, Time } from '../../../system/Time.tsx';
import type { Column } from '../../../system/table/columns.ts';
import { DataTable } from '../../../system/table/DataTable.tsx';
import styles from './body.module.css';
import { groupTone, kindIcon } from './group-look.ts';
import type { Row } from './rows.ts';

interface Props {
  readonly rows: readonly Row[];
  /** Given: one row for each of them. */
  readonly events?: readonly HistoryEvent[];
  readonly node?: SearchNode | undefined;
  readonly payloadFits?: Required<SearchOptions>['payloadFits'];
  readonly groupOf?: (event: HistoryEvent) => EventGroup | undefined;
  readonly find: EventLookup;
  readonly nowMs: number;
  readonly selectedKey: string | undefined;
  readonly onSelect: (row: Row) => void;
}

export function EventTable(props: Props) {
  const { rows, events, node, payloadFits, groupOf, find, nowMs, selectedKey, onSelect } = props;
  const shown = useMemo(() => {
    if (events === undefined || groupOf === undefined || node === undefined) return events;
    const matches = eventMatcher(node, { nowMs, find, ...(payloadFits && { payloadFits }) });
    return events.filter((event) => {
      const group = groupOf(event);
      return group !== undefined && matches(event, group);
    });
  }, [events, groupOf, node, payloadFits, nowMs, find]);
  if (shown === undefined) {
    return (
      <div style={{ flex: 1, display: 'flex', minWidth: 0 }}>
        <DataTable
          label={texts.views.compact}
          rows={rows}
          rowKey={({ key }) => key}
          columns={stepColumns(onSelect)}
          currentKey={selectedKey}
          onRowClick={onSelect}
        />
      </div>
    );
  }
  const selectEvent = (event: HistoryEvent) => {
    const group = groupOf?.(event);
    if (group) onSelect({ key: group.id, group, depth: 0, inside: undefined, isFound: true });
  };
  return (
    <div style={{ flex: 1, display: 'flex', minWidth: 0 }}>
      <DataTable
        label={texts.views.all}
        rows={shown}
        rowKey={({ eventId = '' }) => eventId}
        columns={eventColumns(find, groupOf, selectEvent)}
        currentKey={selectedKey}
        onRowClick={selectEvent}
      />
    </div>
  );
}

function stepColumns(onSelect: (row: Row) => void): readonly Column<Row>[] {
  return [
    {
      id: 'id',
      title: '#',
      width: 64,
      cell: ({ group }) => <span className="faint mono">{group.firstEventId || ''}</span>,
    },
    {
      ...{ id: 'step', title: 'Step', width: 220, grows: true, narrow: 'first' },
      cell: (row) => (
        <button
          type="button"
          className={styles['pick']}
          style={{ paddingLeft: row.depth * 16 }}
          onClick={() => onSelect(row)}
        >
          <Icon name={kindIcon(row.group)} size={14} />
          {row.group.label}
          <span className="faint">{kindWords(row.group.kind)}</span>
        </button>
      ),
    },
    {
      id: 'status',
      title: 'Status',
      width: 130,
      narrow: 'second',
      cell: ({ group }) => <Status tone={groupTone(group)}>{statusWords(group)}</Status>,
    },
    {
      id: 'attempt',
      title: 'Attempts',
      width: 80,
      align: 'end',
      cell: ({ group }) => (group.attempt > 1 ? group.attempt : ''),
    },
    {
      id: 'started',
      title: 'Began',
      width: 150,
      cell: ({ group }) => <Time at={group.scheduledMs ?? group.startedMs ?? group.closedMs} />,
    },
    {
      ...{ id: 'duration', title: 'Duration', width: 90, align: 'end', narrow: 'second' },
      cell: ({ group }) =>
        group.segments.length === 0 ? (
          ''
        ) : (
          <Duration fromMs={group.scheduledMs ?? group.startedMs} toMs={group.closedMs} />
        ),
    },
    {
      id: 'what',
      title: 'What',
      width: 200,
      cell: ({ group }) => (group.lastFailure ? failureLine(group.lastFailure) : ''),
    },
  ];
}

function eventColumns(
  find: EventLookup,
  groupOf: Props['groupOf'],
  onSelect: (event: HistoryEvent) => void,
): readonly Column<HistoryEvent>[] {
  return [
    {
      id: 'id',
      title: '#',
      width: 64,
      narrow: 'second',
      cell: (event) => <span className="mono faint">{eventIdOf(event)}</span>,
    },
    {
      id: 'time',
      title: 'Time',
      width: 160,
      narrow: 'second',
      cell: (event) => <Time at={parseTimestamp(event.eventTime)} />,
    },
    {
      ...{ id: 'type', title: 'Event', width: 240, narrow: 'first' },
      cell: (event) => {
        const group = groupOf?.(event);
        return (
          <button type="button" className={styles['pick']} onClick={() => onSelect(event)}>
            {group && <Icon name={kindIcon(group)} size={14} />}
            {eventTitle(event.eventType)}
          </button>
        );
      },
    },
    {
      id: 'detail',
      title: 'Details',
      width: 240,
      grows: true,
      cell: (event) => <span className="soft">{eventDetail(event, find)}</span>,
    },
  ];
}
