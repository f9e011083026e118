// The rows in sight as a tree, walked by keyboard.
import { type EventGroup, marksIn } from '@perdure/ui-core';
import type { CSSProperties, RefObject } from 'react';
import { run as texts } from '../../../messages/run.ts';
import styles from './body.module.css';
import { OutlineRow } from './OutlineRow.tsx';
import type { Row } from './rows.ts';
import { useMove } from './use-move.ts';

/** What of the rows is in sight. */
export interface Sight {
  readonly shown: readonly Row[];
  /** Where the first of them is. */
  readonly firstPx: number;
  readonly rowPx: number;
  readonly height: number;
  readonly nowMs: number;
  readonly selectedKey: string | undefined;
  readonly hoveredKey: string | undefined;
}

/** What the search found, to be marked in the rows. */
export interface Found {
  readonly marked: readonly string[];
  readonly excerpt: (group: EventGroup, texts: readonly string[]) => string | undefined;
}

interface Props extends Sight, Found {
  readonly rows: readonly Row[];
  readonly scroll: RefObject<HTMLElement | null>;
  readonly onSelect: (row: Row) => void;
  readonly onToggleChild: (row: Row) => void;
  readonly onHover: (key: string | undefined) => void;
}

export function Outline(props: Props) {
  const { shown, firstPx, rowPx, nowMs, selectedKey, hoveredKey, marked } = props;
  return (
    <div
      role="tree"
      aria-label={texts.outline}
      tabIndex={0}
      aria-activedescendant={selectedKey === undefined ? undefined : `row-${selectedKey}`}
      className={styles['outline']}
      style={{ '--outline-row': `${rowPx}px` } as CSSProperties}
      onKeyDown={useMove(props)}
    >
      {shown.map((row, i) => (
        <OutlineRow
          key={row.key}
          row={row}
          nowMs={nowMs}
          top={firstPx + i * rowPx}
          isSelected={row.key === selectedKey}
          isHovered={row.key === hoveredKey}
          marked={marked}
          excerpt={excerptOf(row, props)}
          onSelect={props.onSelect}
          onToggleChild={props.onToggleChild}
          onHover={props.onHover}
        />
      ))}
    </div>
  );
}

/** Only of a row that does not show by itself why it was found. */
function excerptOf({ group }: Row, { marked, excerpt }: Found): string | undefined {
  if (marked.length === 0 || marksIn(group.label, marked).length > 0) return undefined;
  return excerpt(group, marked);
}
