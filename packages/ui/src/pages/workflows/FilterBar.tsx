// The query, as chips or as text. The text is the truth; the chips are read from it.
import { type Clause, clausesText, fieldText, parseClauses } from '@perdure/ui-core';
import { type Ref, Suspense, useState } from 'react';
import { workflows } from '../../messages/workflows.ts';
import { Button, IconButton } from '../../system/Button.tsx';
import { Icon } from '../../system/Icon.tsx';
import { lazyPart } from '../../system/lazy.ts';
import { conditionWords } from './condition-words.ts';
import styles from './workflows.module.css';

const ConditionEditor = lazyPart(async () => (await import('./ConditionEditor.tsx')).ConditionEditor);

interface Props {
  readonly namespace: string;
  readonly query: string;
  readonly onQuery: (query: string) => void;
  readonly input: Ref<HTMLInputElement>;
}

const texts = workflows.filter;

export function FilterBar({ namespace, query, onQuery, input }: Props) {
  const [typed, setTyped] = useState(query);
  const [before, setBefore] = useState(query);
  /** The chip that is edited; `-1` is a new one. */
  const [edited, setEdited] = useState<number>();
  if (before !== query) {
    // It was changed elsewhere: by a chip, a status, or Back.
    setBefore(query);
    setTyped(query);
  }
  const parsed = parseClauses(query);
  const { clauses } = parsed;
  const change = (at: number, next: typeof clauses) =>
    onQuery(clausesText({ ...parsed, clauses: clauses.toSpliced(at, 1, ...next) }));
  return (
    <div className={styles['filter']}>
      <form
        className={styles['queryForm']}
        onSubmit={(event) => {
          event.preventDefault();
          onQuery(typed.trim());
        }}
      >
        <Icon name="filter" />
        <input
          ref={input}
          className={`${styles['query']} mono`}
          aria-label={texts.label}
          placeholder={texts.placeholder}
          spellCheck={false}
          autoComplete="off"
          value={typed}
          onChange={({ target }) => setTyped(target.value)}
        />
        {typed !== query && (
          <Button type="submit" size="small" kind="primary">
            {texts.apply}
          </Button>
        )}
        {query !== '' && <IconButton size="small" icon="cross" label={texts.clear} onClick={() => onQuery('')} />}
      </form>
      <Chips clauses={clauses} onEdit={setEdited} onRemove={(at) => change(at, [])} />
      {edited !== undefined && (
        <Suspense>
          <ConditionEditor
            namespace={namespace}
            clause={edited < 0 ? undefined : clauses[edited]}
            onClose={() => setEdited(undefined)}
            onDone={(clause) => {
              setEdited(undefined);
              change(edited < 0 ? clauses.length : edited, [clause]);
            }}
          />
        </Suspense>
      )}
    </div>
  );
}

interface ChipsProps {
  readonly clauses: readonly Clause[];
  readonly onEdit: (at: number) => void;
  readonly onRemove: (at: number) => void;
}

function Chips({ clauses, onEdit, onRemove }: ChipsProps) {
  return (
    <div className={styles['chips']}>
      {clauses.map((clause, i) => {
        const words = conditionWords(clause);
        return (
          <span key={clause.kind === 'text' ? clause.text : fieldText(clause)} className={styles['chip']}>
            <button type="button" disabled={clause.kind === 'text'} onClick={() => onEdit(i)}>
              {words}
            </button>
            <IconButton size="small" icon="cross" label={texts.remove(words)} onClick={() => onRemove(i)} />
          </span>
        );
      })}
      <Button size="small" kind="quiet" icon="plus" onClick={() => onEdit(-1)}>
        {texts.add}
      </Button>
    </div>
  );
}
