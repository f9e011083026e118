// The whole run in a strip below the bars: how much went on when, where something failed, and the part that is in sight,
// which is moved, resized and drawn anew there. For the keyboard and for assistive technology it is three sliders.
import { densityOf, durationWords, firstRowWithin, type TimeAxis } from '@perdure/ui-core';
import { type KeyboardEvent, memo, type RefObject, useLayoutEffect, useMemo, useRef } from 'react';
import { run as texts } from '../../../messages/run.ts';
import { usePreferences } from '../../../settings/preferences.ts';
import { type BrushParts, brushParts, type Extent } from './brush-parts.ts';
import { paletteOf, sized } from './canvas.ts';
import { drawMinimap, MINIMAP_HEIGHT } from './draw-minimap.ts';
import styles from './minimap.module.css';
import type { Row } from './rows.ts';
import type { AxisControl } from './use-axis.ts';
import { type BrushPart, useBrush, windowOf } from './use-brush.ts';

interface Props {
  readonly rows: readonly Row[];
  readonly control: AxisControl;
  readonly nowMs: number;
  /** What scrolls the rows. */
  readonly scroll: RefObject<HTMLElement | null>;
  readonly rowPx: number;
}

const words = texts.minimap;

/** Not drawn again while rows are only scrolled. */
export const Minimap = memo(MinimapOf);

function MinimapOf({ rows, control, nowMs, scroll, rowPx }: Props) {
  const { axis } = control;
  const canvas = useRef<HTMLCanvasElement>(null);
  const { theme } = usePreferences();
  const whole = useMemo(() => axis.fit(), [axis]);
  const { fromMs, toMs } = axis.run;
  const folds = axis.gaps.filter(({ folded }) => folded).length;
  // Whatever is in sight, the whole run looks the same.
  const density = useMemo(
    () => densityOf(rows, whole, nowMs),
    // oxlint-disable-next-line react/exhaustive-deps -- `whole` follows from these
    [rows, nowMs, fromMs, toMs, axis.widthPx, folds],
  );
  const shown = windowOf(axis, whole);
  useLayoutEffect(() => {
    const context = canvas.current && sized(canvas.current, axis.widthPx, MINIMAP_HEIGHT);
    if (context) drawMinimap(context, paletteOf(context.canvas, theme), density, shown);
  });
  /** Rows go along to another time, unless some of those in sight have something there. */
  const follow = ({ visible }: TimeAxis) => {
    const { scrollTop = 0, clientHeight = 0 } = scroll.current ?? {};
    const inSight = rows.slice(Math.floor(scrollTop / rowPx), Math.ceil((scrollTop + clientHeight) / rowPx));
    if (firstRowWithin(inSight, visible, nowMs) >= 0) return;
    const at = firstRowWithin(rows, visible, nowMs);
    if (at >= 0) scroll.current?.scrollTo({ top: at * rowPx });
  };
  const strip = useRef<HTMLDivElement>(null);
  const key = useBrush(strip, { control, whole, onShown: follow });
  return (
    <>
      <div className={styles['words']}>
        {axis.isFitted ? words.whole : words.part(lengthWords(axis.visible), lengthWords(axis.run))}
      </div>
      <div
        ref={strip}
        role="group"
        aria-label={words.label}
        title={words.help}
        className={styles['strip']}
        style={{ height: MINIMAP_HEIGHT }}
      >
        <canvas ref={canvas} aria-hidden="true" />
        <Thumbs axis={axis} parts={brushParts(shown, whole.widthPx)} onKey={key} />
      </div>
    </>
  );
}

interface ThumbsProps {
  readonly axis: TimeAxis;
  readonly parts: BrushParts;
  readonly onKey: (part: BrushPart) => (event: KeyboardEvent) => void;
}

function Thumbs({ axis, parts, onKey }: ThumbsProps) {
  const { run } = axis;
  const within = (ms: number) => Math.max(run.fromMs, Math.min(run.toMs, ms)) - run.fromMs;
  const [fromMs, toMs] = [within(axis.visible.fromMs), within(axis.visible.toMs)];
  const range = words.from(offsetWords(fromMs), offsetWords(toMs));
  const thumb = (part: BrushPart, label: string, valueMs: number, valueWords: string) => (
    <div
      role="slider"
      tabIndex={0}
      data-part={part}
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={Math.round(run.toMs - run.fromMs)}
      aria-valuenow={Math.round(valueMs)}
      aria-valuetext={valueWords}
      className={styles[part]}
      style={place(parts[part])}
      onKeyDown={onKey(part)}
    />
  );
  return (
    <>
      {thumb('from', words.begin, fromMs, offsetWords(fromMs))}
      {thumb('window', words.window, fromMs, range)}
      {thumb('to', words.end, toMs, offsetWords(toMs))}
    </>
  );
}

function place({ fromPx, toPx }: Extent) {
  return { left: fromPx, width: toPx - fromPx };
}

function lengthWords({ fromMs, toMs }: { readonly fromMs: number; readonly toMs: number }): string {
  return durationWords(toMs - fromMs);
}

function offsetWords(ms: number): string {
  return `+${durationWords(ms)}`;
}
