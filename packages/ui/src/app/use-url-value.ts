// A value that the URL holds and that changes here first, as somebody types or drags: the URL follows when it has been left
// alone for a moment. When something else changes the URL (Back, a link), that is the value.
import { useEffect, useEffectEvent, useState } from 'react';

export interface UrlValue {
  readonly value: string;
  readonly set: (value: string) => void;
  /** The URL follows now. */
  readonly flush: () => void;
}

const FOLLOWS_AFTER_MS = 200;

/**
 * @param inUrl what the URL has now; empty: nothing
 * @param write must replace the address, or Back would lead through every letter
 */
export function useUrlValue(inUrl: string, write: (value: string) => void): UrlValue {
  const [value, setValue] = useState(inUrl);
  const [seen, setSeen] = useState(inUrl);
  /** Those that are on their way to the URL. */
  const [written, setWritten] = useState<readonly string[]>([]);
  if (seen !== inUrl) {
    const at = written.indexOf(inUrl);
    setSeen(inUrl);
    setWritten(written.slice(at + 1));
    if (at < 0) setValue(inUrl);
  }
  const send = (next: string) => {
    if (next === (written.at(-1) ?? seen)) return;
    setWritten([...written, next]);
    write(next);
  };
  const follow = useEffectEvent((next: string) => send(next));
  useEffect(() => {
    const timer = setTimeout(() => follow(value), FOLLOWS_AFTER_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return { value, set: setValue, flush: () => send(value) };
}
