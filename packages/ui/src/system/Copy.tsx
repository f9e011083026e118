// Every id and payload can be copied.
import { useState } from 'react';
import { frame } from '../messages/frame.ts';
import { IconButton } from './Button.tsx';
import { announce } from './Toasts.tsx';

const SHOWN_MS = 1_200;

interface Props {
  readonly text: string | (() => string);
  /** "workflow id": what is copied, for the label. */
  readonly what: string;
}

export function CopyButton({ text, what }: Props) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(typeof text === 'string' ? text : text());
      setCopied(true);
      setTimeout(() => setCopied(false), SHOWN_MS);
    } catch (error) {
      announce(String(error), { failed: true });
    }
  };
  return (
    <IconButton
      size="small"
      icon={copied ? 'check' : 'copy'}
      label={copied ? frame.copied : frame.copy(what)}
      onClick={(event) => {
        event.stopPropagation();
        void copy();
      }}
    />
  );
}
