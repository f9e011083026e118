// Short notes on what an action did, read out by assistive technology as well. The page shows the effect itself; a note
// only says that it came from here.
import { useSyncExternalStore } from 'react';
import { frame } from '../messages/frame.ts';
import { IconButton } from './Button.tsx';
import styles from './toast.module.css';

interface Toast {
  readonly id: number;
  readonly text: string;
  readonly failed: boolean;
}

const SHOWN_MS = 5_000;
const listeners = new Set<() => void>();
let toasts: readonly Toast[] = [];
let lastId = 0;

/** Failures stay until they are closed. */
export function announce(text: string, { failed = false }: { readonly failed?: boolean } = {}): void {
  const id = ++lastId;
  change([...toasts, { id, text, failed }]);
  if (!failed) setTimeout(() => dismiss(id), SHOWN_MS);
}

export function Toasts() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
  return (
    <div className={styles['region']} role="status" aria-live="polite">
      {shown.map(({ id, text, failed }) => (
        <div key={id} className={`${styles['toast']} ${failed ? styles['failed'] : ''}`}>
          <span style={{ flex: 1 }}>{text}</span>
          <IconButton icon="cross" size="small" label={frame.close} onClick={() => dismiss(id)} />
        </div>
      ))}
    </div>
  );
}

function dismiss(id: number): void {
  change(toasts.filter((toast) => toast.id !== id));
}

function change(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}
