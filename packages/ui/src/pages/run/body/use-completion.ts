// Suggestions below a search field: which there are where the caret is, which one is chosen, and what keys do with them. The
// focus stays in the field, as the combobox pattern has it.
import { type Completion, completeSearch, type EventGroup } from '@perdure/ui-core';
import { type KeyboardEvent, type RefObject, useLayoutEffect, useState } from 'react';
import type { UrlValue } from '../../../app/use-url-value.ts';

interface Options {
  readonly search: UrlValue;
  readonly groups: readonly EventGroup[];
  readonly input: RefObject<HTMLInputElement | null>;
}

export interface CompletionControl {
  readonly completion: Completion;
  readonly isOpen: boolean;
  /** Of the suggestions; -1: none is chosen. */
  readonly active: number;
  readonly type: (text: string, caret: number) => void;
  readonly take: (i: number) => void;
  readonly moved: (caret: number) => void;
  readonly show: (isWanted: boolean) => void;
  readonly press: (event: KeyboardEvent) => void;
}

const NONE: Completion = { from: 0, to: 0, suggestions: [] };
const ASKS_FOR_VALUE = /[:>]$/;

export function useCompletion({ search, groups, input }: Options): CompletionControl {
  const { value: typed, set, flush } = search;
  const [caret, setCaret] = useState(typed.length);
  const [isWanted, show] = useState(false);
  const [active, setActive] = useState(-1);
  const moveCaret = useCaret(input);
  const completion = isWanted ? usefulOnes(typed, completeSearch(typed, caret, groups)) : NONE;
  const count = completion.suggestions.length;
  const isOpen = count > 0;
  const put = (text: string, at: number) => {
    set(text);
    setCaret(at);
    setActive(-1);
  };
  const type = (text: string, at: number) => {
    put(text, at);
    // Between two words nothing covers the rows, unless it is asked for.
    show(!text.endsWith(' '));
  };
  const take = (i: number) => {
    const { text, at } = completed(typed, completion, i);
    put(text, at);
    moveCaret(at);
    show(ASKS_FOR_VALUE.test(text.slice(0, at)));
  };
  const step = (by: number) => {
    if (!isOpen) show(true);
    // Between the last and the first there is the field itself.
    else setActive(((active + 1 + by + count + 1) % (count + 1)) - 1);
  };
  const isTaken = ({ key, ctrlKey }: KeyboardEvent): boolean => {
    switch (key) {
      case 'ArrowDown':
        step(1);
        return true;
      case 'ArrowUp':
        step(-1);
        return true;
      case 'Enter':
        if (isOpen && active >= 0) take(active);
        else {
          show(false);
          flush();
        }
        return true;
      case 'Escape':
        show(false);
        return isOpen;
      case ' ':
        if (ctrlKey) show(true);
        return ctrlKey;
      default:
        return false;
    }
  };
  const press = (event: KeyboardEvent) => {
    if (isTaken(event)) event.preventDefault();
  };
  return { completion, isOpen, active, type, take, moved: setCaret, show, press };
}

/** Not the one that stands there already. */
function usefulOnes(typed: string, completion: Completion): Completion {
  const written = typed.slice(completion.from, completion.to);
  const [only, ...others] = completion.suggestions;
  return others.length === 0 && only?.text === written ? NONE : completion;
}

/** A value is followed by a space, a field by its value. */
function completed(typed: string, { from, to, suggestions }: Completion, i: number) {
  const chosen = suggestions[i]?.text ?? '';
  const rest = typed.slice(to);
  const gap = ASKS_FOR_VALUE.test(chosen) || rest.startsWith(' ') ? '' : ' ';
  const before = typed.slice(0, from) + chosen + gap;
  return { text: before + rest, at: before.length };
}

/** Puts the caret somewhere, once the field has its new text. */
function useCaret(input: RefObject<HTMLInputElement | null>): (at: number) => void {
  const [wanted, setWanted] = useState<{ readonly at: number }>();
  useLayoutEffect(() => {
    if (wanted !== undefined) input.current?.setSelectionRange(wanted.at, wanted.at);
  }, [input, wanted]);
  return (at) => setWanted({ at });
}
