// The editor for JSON. It is large, and comes when somebody begins to type.
import { json } from '@codemirror/lang-json';
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { tags } from '@lezer/highlight';
import { EditorView, minimalSetup } from 'codemirror';
import { useEffect, useEffectEvent, useRef } from 'react';

interface Props {
  readonly labelId: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

const LOOK = EditorView.theme({
  '&': {
    border: '1px solid var(--line-strong)',
    borderRadius: 'var(--radius)',
    background: 'var(--surface)',
    fontSize: 'var(--text-s)',
  },
  '&.cm-focused': { outline: '2px solid var(--focus)' },
  '.cm-content': { fontFamily: 'var(--font-mono)', minHeight: '72px', caretColor: 'var(--text)' },
  '.cm-scroller': { maxHeight: '320px' },
});

/** As payloads are shown (payload.module.css); the editor's own colours cannot be read on dark ground. */
const COLOURS = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--text-soft)' },
  { tag: tags.string, color: 'var(--completed)' },
  { tag: tags.number, color: 'var(--running)' },
  { tag: [tags.bool, tags.null], color: 'var(--continued)' },
]);

/** The page allows no style sheet without it. */
function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
}

export function JsonEditor({ labelId, value, onChange }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const changed = useEffectEvent(onChange);
  const initial = useRef(value);
  useEffect(() => {
    if (place.current === null) return undefined;
    const view = new EditorView({
      parent: place.current,
      doc: initial.current,
      // One goes on typing where one was.
      selection: { anchor: initial.current.length },
      extensions: [
        minimalSetup,
        json(),
        syntaxHighlighting(COLOURS),
        LOOK,
        EditorView.cspNonce.of(styleNonce()),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ 'aria-labelledby': labelId }),
        EditorView.updateListener.of((update) => update.docChanged && changed(update.state.doc.toString())),
      ],
    });
    view.focus();
    view.dispatch({ selection: { anchor: view.state.doc.length } });
    return () => view.destroy();
  }, [labelId]);
  return <div ref={place} />;
}
