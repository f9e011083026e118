// One row of the outline: what it is, how it stands, and what is worth knowing at a glance.
import { durationWords, type EventGroup, isOpen, kindWords, marksIn, statusWords } from '@perdure/ui-core';
import { Fragment, memo, type ReactNode } from 'react';
import { run as texts } from '../../../messages/run.ts';
import { Icon } from '../../../system/Icon.tsx';
import { statusIcon, toneVariable } from '../../../system/Status.tsx';
import styles from './body.module.css';
import { groupTone, kindIcon } from './group-look.ts';
import type { Row } from './rows.ts';

interface Props {
  readonly row: Row;
  readonly nowMs: number;
  readonly top: number;
  readonly isSelected: boolean;
  readonly isHovered: boolean;
  /** Texts that the search found. */
  readonly marked: readonly string[];
  /** Of the row's data, where one of them is. */
  readonly excerpt: string | undefined;
  readonly onSelect: (row: Row) => void;
  readonly onToggleChild: (row: Row) => void;
  readonly onHover: (key: string | undefined) => void;
}

const INDENT = 16;

function OutlineRowOf(props: Props) {
  const { row, nowMs, top, isSelected, isHovered, marked, excerpt, onSelect, onToggleChild, onHover } = props;
  const { key, group, depth, inside, isFound } = row;
  const tone = groupTone(group);
  return (
    <div
      id={`row-${key}`}
      role="treeitem"
      aria-level={depth + 1}
      aria-expanded={inside && inside !== 'closed'}
      aria-selected={isSelected}
      data-hovered={isHovered}
      className={styles['row']}
      style={{ top, paddingLeft: 8 + depth * INDENT, opacity: isFound ? 1 : 0.6 }}
      onClick={() => onSelect(row)}
      onKeyDown={undefined}
      onPointerEnter={() => onHover(key)}
      onPointerLeave={() => onHover(undefined)}
    >
      <span style={{ color: `var(${toneVariable(tone)})`, display: 'inline-flex' }}>
        <Icon name={statusIcon(tone)} size={12} />
      </span>
      <span className="faint" style={{ display: 'inline-flex' }}>
        <Icon name={kindIcon(group)} size={14} />
      </span>
      {/* What icons and signs say is said in words to those who hear the row. */}
      <span className="visually-hidden">{kindWords(group.kind)}</span>
      <span className={`${styles['label']} ellipsis`} title={group.label}>
        <Marked text={group.label} marked={marked} />
      </span>
      <span className="visually-hidden">{stateWords(group, nowMs)}</span>
      {excerpt !== undefined && (
        <span className={`${styles['excerpt']} ellipsis mono`} title={excerpt}>
          <span className="visually-hidden">{texts.search.inData}: </span>
          <Marked text={excerpt} marked={marked} />
        </span>
      )}
      <span className={styles['note']} aria-hidden="true">
        {noteOf(group, nowMs)}
      </span>
      {inside && (
        // Of the pointer alone: the row itself can be opened by keyboard.
        <span
          aria-hidden="true"
          className={styles['expander']}
          title={texts.openChild(group.label)}
          onKeyDown={undefined}
          onClick={(event) => {
            event.stopPropagation();
            onToggleChild(row);
          }}
        >
          <Icon name={inside === 'closed' ? 'right' : 'down'} size={12} />
        </span>
      )}
    </div>
  );
}

export const OutlineRow = memo(OutlineRowOf);

function Marked({ text, marked }: { readonly text: string; readonly marked: readonly string[] }): ReactNode {
  const marks = marked.length === 0 ? [] : marksIn(text, marked);
  if (marks.length === 0) return text;
  return (
    <>
      {marks.map(({ from, to }, i) => (
        <Fragment key={from}>
          {text.slice(marks[i - 1]?.to ?? 0, from)}
          <mark className={styles['mark']}>{text.slice(from, to)}</mark>
        </Fragment>
      ))}
      {text.slice(marks.at(-1)?.to)}
    </>
  );
}

function noteOf(group: EventGroup, nowMs: number): string {
  const { attempt, maximumAttempts } = group;
  const attempts =
    attempt > 1 ? `×${attempt}${maximumAttempts > 0 && isOpen(group) ? `/${maximumAttempts}` : ''} ` : '';
  return `${attempts}${lengthOf(group, nowMs)}`;
}

function lengthOf({ scheduledMs, startedMs, closedMs, segments }: EventGroup, nowMs: number): string {
  const from = scheduledMs ?? startedMs;
  if (from === undefined || segments.length === 0) return '';
  return durationWords(Math.max(0, (closedMs ?? nowMs) - from));
}

/** "completed, attempt 3, 1.2s" */
function stateWords(group: EventGroup, nowMs: number): string {
  const attempt = group.attempt > 1 ? texts.attemptWords(group.attempt) : '';
  return [statusWords(group), attempt, lengthOf(group, nowMs)].filter((part) => part !== '').join(', ');
}
