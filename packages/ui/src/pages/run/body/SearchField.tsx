// The search of the history: a field that suggests, while it is typed in, what its language understands and what the rows at
// hand have.
import { type Completion, type EventGroup, parseSearch } from '@perdure/ui-core';
import { type RefObject, Suspense, useId, useRef, useState } from 'react';
import { useUrlValue } from '../../../app/use-url-value.ts';
import { run as texts } from '../../../messages/run.ts';
import { Button } from '../../../system/Button.tsx';
import { TextField } from '../../../system/Field.tsx';
import { lazyPart } from '../../../system/lazy.ts';
import styles from './search.module.css';
import { useCompletion } from './use-completion.ts';

const SearchHelp = lazyPart(async () => (await import('./SearchHelp.tsx')).SearchHelp);

interface Props {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly groups: readonly EventGroup[];
  readonly input: RefObject<HTMLInputElement | null>;
}

export function SearchField({ value, onChange, groups, input }: Props) {
  const search = useUrlValue(value, onChange);
  const { completion, isOpen, active, type, take, moved, show, press } = useCompletion({ search, groups, input });
  const list = useId();
  const { error } = parseSearch(search.value);
  return (
    <div className={styles['field']}>
      <TextField
        ref={input}
        label={texts.search.label}
        hideLabel
        type="search"
        role="combobox"
        aria-autocomplete="list"
        aria-expanded={isOpen}
        aria-controls={isOpen ? list : undefined}
        aria-activedescendant={isOpen && active >= 0 ? optionId(list, active) : undefined}
        autoComplete="off"
        spellCheck={false}
        placeholder={texts.search.placeholder}
        value={search.value}
        // What is being typed is not wrong yet, as long as something is suggested for it.
        error={isOpen && error !== undefined && error.to >= completion.from ? undefined : error?.message}
        onChange={(next) => type(next, input.current?.selectionStart ?? next.length)}
        onSelect={({ currentTarget }) => moved(currentTarget.selectionStart ?? 0)}
        onFocus={() => show(search.value === '')}
        onBlur={() => show(false)}
        onKeyDown={press}
      />
      <HelpButton onExample={search.set} />
      {isOpen && <Suggestions {...{ list, completion, active }} onTake={take} />}
    </div>
  );
}

function HelpButton({ onExample }: { readonly onExample: (search: string) => void }) {
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLDivElement>(null);
  return (
    <div ref={anchor} className={styles['help']}>
      <Button
        size="small"
        kind="quiet"
        aria-label={texts.search.help}
        title={texts.search.help}
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => setOpen(true)}
      >
        ?
      </Button>
      {open && (
        <Suspense>
          <SearchHelp
            anchor={anchor}
            onClose={() => setOpen(false)}
            onExample={(example) => {
              setOpen(false);
              onExample(example);
            }}
          />
        </Suspense>
      )}
    </div>
  );
}

interface SuggestionsProps {
  readonly list: string;
  readonly completion: Completion;
  readonly active: number;
  readonly onTake: (i: number) => void;
}

function Suggestions({ list, completion, active, onTake }: SuggestionsProps) {
  return (
    <div id={list} role="listbox" aria-label={texts.search.suggestions} className={styles['list']}>
      {completion.suggestions.map(({ text, hint }, i) => (
        <div
          key={text}
          id={optionId(list, i)}
          role="option"
          tabIndex={-1}
          aria-selected={i === active}
          ref={i === active ? intoView : null}
          className={styles['option']}
          // The focus stays in the field.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onTake(i)}
          onKeyDown={undefined}
        >
          <span className="mono ellipsis">{text}</span>
          <span className="faint ellipsis">{hint}</span>
        </div>
      ))}
    </div>
  );
}

function optionId(list: string, i: number): string {
  return `${list}-${i}`;
}

function intoView(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: 'nearest' });
}
