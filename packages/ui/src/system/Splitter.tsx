// The edge between two parts of a page: dragged, or moved by arrow keys; a double click brings the usual width back.
import type { KeyboardEvent, PointerEvent } from 'react';
import styles from './splitter.module.css';

interface Props {
  /** "Width of the details" */
  readonly label: string;
  /** Of the part that is resized, in CSS pixels. */
  readonly width: number;
  readonly min: number;
  readonly max: number;
  /** On which side of the edge that part is. */
  readonly resizes: 'left' | 'right';
  /** undefined: the usual one. */
  readonly onWidth: (width: number | undefined) => void;
  readonly className?: string | undefined;
}

const KEY_STEP = 16;
const SHIFT_STEP = 64;

export function Splitter({ label, width, min, max, resizes, onWidth, className = '' }: Props) {
  const sign = resizes === 'left' ? 1 : -1;
  const clamp = (px: number) => Math.round(Math.max(min, Math.min(max, px)));
  const begin = (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0) return;
    const { currentTarget: edge, pointerId, clientX } = event;
    edge.setPointerCapture(pointerId);
    const move = (moved: globalThis.PointerEvent) => onWidth(clamp(width + sign * (moved.clientX - clientX)));
    edge.addEventListener('pointermove', move);
    edge.addEventListener('lostpointercapture', () => edge.removeEventListener('pointermove', move), { once: true });
  };
  const press = (event: KeyboardEvent) => {
    const step = sign * (event.shiftKey ? SHIFT_STEP : KEY_STEP);
    const next = { ArrowLeft: width - step, ArrowRight: width + step, Home: min, End: max }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    onWidth(clamp(next));
  };
  return (
    <div
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation="vertical"
      aria-valuemin={Math.round(min)}
      aria-valuemax={Math.round(max)}
      aria-valuenow={Math.round(width)}
      className={`${styles['splitter']} ${className}`}
      onPointerDown={begin}
      onKeyDown={press}
      onDoubleClick={() => onWidth(undefined)}
    />
  );
}
