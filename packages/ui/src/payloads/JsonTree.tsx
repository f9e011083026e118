// JSON as a tree that opens and closes. Long lists show their beginning first.
import { type ExactJson, ExactNumber } from '@perdure/ui-core';
import { useState } from 'react';
import { payloads as texts } from '../messages/payloads.ts';
import styles from './payload.module.css';

interface Props {
  readonly value: ExactJson;
  readonly name?: string;
  readonly depth?: number;
}

const OPEN_DEPTH = 2;
const OPEN_ENTRIES = 30;
const SHOWN_AT_ONCE = 100;

export function JsonTree({ value, name, depth = 0 }: Props) {
  const entries = entriesOf(value);
  const [open, setOpen] = useState(depth < OPEN_DEPTH && (entries?.length ?? 0) <= OPEN_ENTRIES);
  const [shown, setShown] = useState(SHOWN_AT_ONCE);
  const key = name === undefined ? null : <span className={styles['key']}>{name}: </span>;
  if (entries === undefined || entries.length === 0) {
    return (
      <div className={styles['line']}>
        {key}
        <Leaf value={value} />
      </div>
    );
  }
  const [before, after] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  return (
    <div className={styles['line']}>
      <button type="button" className={styles['toggle']} aria-expanded={open} onClick={() => setOpen(!open)}>
        {key}
        {open ? before : <span className="faint">{`${before} ${texts.entries(entries.length)} ${after}`}</span>}
      </button>
      {open && (
        <>
          {entries.slice(0, shown).map(([entry, inner]) => (
            <JsonTree key={entry} name={entry} value={inner} depth={depth + 1} />
          ))}
          {entries.length > shown && (
            <button type="button" className={styles['toggle']} onClick={() => setShown(shown + SHOWN_AT_ONCE * 10)}>
              {texts.moreEntries(entries.length - shown)}
            </button>
          )}
          <div>{after}</div>
        </>
      )}
    </div>
  );
}

function Leaf({ value }: { readonly value: ExactJson }) {
  if (value instanceof ExactNumber) return <span className={styles['number']}>{value.text}</span>;
  if (typeof value === 'string') return <span className={styles['string']}>{JSON.stringify(value)}</span>;
  if (value === null || typeof value === 'boolean') return <span className={styles['word']}>{String(value)}</span>;
  return <span>{Array.isArray(value) ? '[]' : '{}'}</span>;
}

function entriesOf(value: ExactJson): readonly (readonly [string, ExactJson])[] | undefined {
  if (value === null || typeof value !== 'object' || value instanceof ExactNumber) return undefined;
  return Array.isArray(value) ? value.map((each: ExactJson, i) => [String(i), each] as const) : Object.entries(value);
}
