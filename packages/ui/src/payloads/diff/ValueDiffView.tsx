// What differs between two values, as a tree; what is the same is folded. Each change has a sign and a word beside its
// colour.
import { type DiffEntry, type ExactJson, exactJsonText, type ValueDiff } from '@perdure/ui-core';
import { type ReactNode, useState } from 'react';
import { compare as texts } from '../../messages/compare.ts';
import { payloads } from '../../messages/payloads.ts';
import { JsonTree } from '../JsonTree.tsx';
import tree from '../payload.module.css';
import styles from './diff.module.css';
import { TextDiffView } from './TextDiffView.tsx';

const SHOWN_AT_ONCE = 100;
/** Values that are longer are a tree of their own. */
const INLINE_LENGTH_MAX = 80;

export function ValueDiffView({ diff }: { readonly diff: ValueDiff }) {
  return (
    <div className={`${tree['tree']} ${styles['tree']}`}>
      <Inside name={undefined} diff={diff} />
    </div>
  );
}

interface InsideProps {
  readonly name: string | undefined;
  readonly diff: ValueDiff;
}

function Inside({ name, diff }: InsideProps) {
  const key = name === undefined ? null : <span className={tree['key']}>{name}: </span>;
  switch (diff.kind) {
    case 'same':
      return null;
    case 'text':
      return (
        <Line sign="changed">
          {key}
          <TextDiffView parts={diff.parts} />
        </Line>
      );
    case 'changed':
      return (
        <Line sign="changed">
          {key}
          <Changed a={diff.a} b={diff.b} />
        </Line>
      );
    default:
      return <Container name={key} kind={diff.kind} entries={diff.entries} />;
  }
}

interface ContainerProps {
  readonly name: ReactNode;
  readonly kind: 'list' | 'object';
  readonly entries: readonly DiffEntry[];
}

function Container({ name, kind, entries }: ContainerProps) {
  const [shown, setShown] = useState(SHOWN_AT_ONCE);
  const [before, after] = kind === 'list' ? ['[', ']'] : ['{', '}'];
  const rows = folded(entries);
  return (
    <div className={tree['line']}>
      {name}
      {before}
      {rows
        .slice(0, shown)
        .map((row) =>
          'change' in row ? <Entry key={keyOf(row)} entry={row} /> : <Same key={keyOf(row[0])} entries={row} />,
        )}
      {rows.length > shown && (
        <button type="button" className={tree['toggle']} onClick={() => setShown(shown + SHOWN_AT_ONCE * 10)}>
          {payloads.moreEntries(rows.length - shown)}
        </button>
      )}
      <div>{after}</div>
    </div>
  );
}

function Entry({ entry }: { readonly entry: Exclude<DiffEntry, { readonly change: 'same' }> }) {
  if (entry.change === 'inside') {
    return (
      <Inside name={entry.aName === entry.name ? entry.name : `${entry.aName} → ${entry.name}`} diff={entry.diff} />
    );
  }
  const Element = entry.change === 'added' ? 'ins' : 'del';
  return (
    <Line sign={entry.change}>
      <Element className={styles[entry.change]}>
        <JsonTree name={entry.name} value={entry.value} depth={1} />
      </Element>
    </Line>
  );
}

function Same({ entries }: { readonly entries: readonly SameEntry[] }) {
  const [open, setOpen] = useState(false);
  const [shown, setShown] = useState(SHOWN_AT_ONCE);
  return (
    <div className={tree['line']}>
      <button type="button" className={tree['toggle']} aria-expanded={open} onClick={() => setOpen(!open)}>
        <span className="faint">{texts.sameEntries(entries.length)}</span>
      </button>
      {open &&
        entries
          .slice(0, shown)
          .map((entry) => <JsonTree key={entry.name} name={entry.name} value={entry.value} depth={1} />)}
      {open && entries.length > shown && (
        <button type="button" className={tree['toggle']} onClick={() => setShown(shown + SHOWN_AT_ONCE * 10)}>
          {payloads.moreEntries(entries.length - shown)}
        </button>
      )}
    </div>
  );
}

function Changed({ a, b }: { readonly a: ExactJson; readonly b: ExactJson }) {
  const [aText, bText] = [exactJsonText(a), exactJsonText(b)];
  if (Math.max(aText.length, bText.length) <= INLINE_LENGTH_MAX) {
    return (
      <>
        <del className={styles['removed']}>{aText}</del>
        <span className="faint"> → </span>
        <ins className={styles['added']}>{bText}</ins>
      </>
    );
  }
  return (
    <>
      <del className={styles['removed']}>
        <JsonTree value={a} depth={1} />
      </del>
      <ins className={styles['added']}>
        <JsonTree value={b} depth={1} />
      </ins>
    </>
  );
}

const SIGNS = { added: '+', removed: '−', changed: '~' } as const;

function Line({ sign, children }: { readonly sign: keyof typeof SIGNS; readonly children: ReactNode }) {
  return (
    <div className={`${tree['line']} ${styles['change']}`}>
      <span className={`${styles['sign']} ${styles[`${sign}Sign`]}`} aria-hidden>
        {SIGNS[sign]}
      </span>
      <span className="visually-hidden">{texts.signs[sign]} </span>
      {children}
    </div>
  );
}

type SameEntries = readonly [SameEntry, ...SameEntry[]];
type SameEntry = Extract<DiffEntry, { readonly change: 'same' }>;
type OtherEntry = Exclude<DiffEntry, { readonly change: 'same' }>;

/** Neighbours that are the same are one row. */
function folded(entries: readonly DiffEntry[]): readonly (OtherEntry | SameEntries)[] {
  const rows: (OtherEntry | [SameEntry, ...SameEntry[]])[] = [];
  for (const entry of entries) {
    const last = rows.at(-1);
    if (entry.change !== 'same') rows.push(entry);
    else if (Array.isArray(last)) last.push(entry);
    else rows.push([entry]);
  }
  return rows;
}

/** A list may have the same place in both. */
function keyOf({ change, name }: DiffEntry): string {
  return `${change} ${name}`;
}
