// The keys that work on every page. Pages add their own with `useKeys`.
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useEffectEvent, useRef } from 'react';

export type Overlay = 'palette' | 'settings' | 'shortcuts';

/** A key, or "g" and a key within a second: `g w`. "mod" is Ctrl, or Command on a Mac. */
export type KeyMap = Readonly<Record<string, (event: KeyboardEvent) => void>>;

const SEQUENCE_WITHIN_MS = 1_000;

/** Not while somebody types, nor while a dialog is open. */
export function useKeys(keys: KeyMap): void {
  // Drawing the page anew between two keys of a sequence does not end it.
  const last = useRef({ key: '', atMs: 0 });
  const press = useEffectEvent((event: KeyboardEvent) => {
    const mod = event.ctrlKey || event.metaKey;
    if (event.defaultPrevented || event.altKey || (!mod && isTaken(event))) return;
    const key = mod ? `mod+${event.key.toLowerCase()}` : event.key;
    const { key: before, atMs } = last.current;
    const sequence = performance.now() - atMs < SEQUENCE_WITHIN_MS ? `${before} ${key}` : key;
    const action = keys[sequence] ?? keys[key];
    last.current = { key, atMs: performance.now() };
    if (action === undefined) return;
    event.preventDefault();
    action(event);
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => press(event);
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, []);
}

export function useShortcuts(open: (overlay: Overlay) => void, namespace = 'default'): void {
  const navigate = useNavigate();
  const params = { namespace };
  useKeys({
    'mod+k': () => open('palette'),
    '?': () => open('shortcuts'),
    'g w': () => void navigate({ to: '/namespaces/$namespace/workflows', params }),
    'g s': () => void navigate({ to: '/namespaces/$namespace/schedules', params }),
    'g b': () => void navigate({ to: '/namespaces/$namespace/batch-operations', params }),
    'g q': () => void navigate({ to: '/namespaces/$namespace/task-queues', params }),
    'g n': () => void navigate({ to: '/namespaces' }),
  });
}

function isTaken({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false;
  // It presses what has the focus.
  if (key === 'Enter' && target.closest('a, button') !== null) return true;
  return target.closest('input, textarea, select, [contenteditable="true"], [role="dialog"], [role="menu"]') !== null;
}
