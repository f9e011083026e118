// Two long texts in one: what was removed and added in its place. Long stretches that are the same are folded.
import type { TextPart } from '@perdure/ui-core';
import { useState } from 'react';
import { compare as texts } from '../../messages/compare.ts';
import tree from '../payload.module.css';
import styles from './diff.module.css';

const FOLDED_FROM = 400;
/** Shown at both ends of what is folded. */
const CONTEXT = 120;

export function TextDiffView({ parts }: { readonly parts: readonly TextPart[] }) {
  return (
    <div className={styles['text']}>
      {parts.map(({ kind, text }, i) => {
        if (kind === 'same') return <SameText key={i} text={text} />;
        const Element = kind === 'added' ? 'ins' : 'del';
        return (
          <Element key={i} className={styles[kind]}>
            {text}
          </Element>
        );
      })}
    </div>
  );
}

function SameText({ text }: { readonly text: string }) {
  const [open, setOpen] = useState(false);
  if (open || text.length < FOLDED_FROM) return <span>{text}</span>;
  return (
    <>
      <span>{text.slice(0, CONTEXT)}</span>
      <button type="button" className={`${tree['toggle']} faint`} aria-expanded={false} onClick={() => setOpen(true)}>
        {texts.sameCharacters(text.length - 2 * CONTEXT)}
      </button>
      <span>{text.slice(-CONTEXT)}</span>
    </>
  );
}
