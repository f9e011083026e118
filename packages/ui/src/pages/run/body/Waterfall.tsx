// Outline and bars: one row each, side by side, scrolled together. Rows in sight are elements, bars are one canvas.
//
// Everything that a bar says is in the name of its outline row as well, so the canvas is hidden from assistive technology.
import { type TimeAxis, ticksOf } from '@perdure/ui-core';
import { type CSSProperties, type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { run as texts } from '../../../messages/run.ts';
import { timeZoneOf, usePreferences } from '../../../settings/preferences.ts';
import styles from './body.module.css';
import { drawRows, type Highlights } from './draw.ts';
import { AXIS_HEIGHT, drawAxis } from './draw-axis.ts';
import { OutlineRow } from './OutlineRow.tsx';
import { readPalette } from './palette.ts';
import type { Row } from './rows.ts';
import type { AxisControl } from './use-axis.ts';
import { usePointer } from './use-pointer.ts';
import { useSize } from './use-size.ts';

interface Props {
  readonly rows: readonly Row[];
  readonly control: AxisControl;
  readonly onWidth: (px: number) => void;
  readonly nowMs: number;
  readonly selectedKey: string | undefined;
  readonly critical: ReadonlySet<string> | undefined;
  readonly onSelect: (row: Row) => void;
  readonly onToggleChild: (row: Row) => void;
}

export const ROW_HEIGHT = 24;
/** Rows that are elements though they are just out of sight, so that scrolling by keyboard finds them. */
const OVERSCAN = 4;

export function Waterfall(props: Props) {
  const { rows, control, selectedKey, onSelect, onToggleChild, nowMs } = props;
  const scroll = useRef<HTMLDivElement>(null);
  const bars = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [hoveredKey, setHoveredKey] = useState<string>();
  const size = useSize(bars);
  const { onWidth } = props;
  useLayoutEffect(() => {
    if (size.width > 0) onWidth(size.width);
  }, [size.width, onWidth]);

  const first = Math.max(0, Math.floor(top / ROW_HEIGHT) - OVERSCAN);
  const shown = rows.slice(first, Math.ceil((top + size.height) / ROW_HEIGHT) + OVERSCAN);
  const firstPx = first * ROW_HEIGHT - top;
  const rowAt = (y: number) => rows[Math.floor((y + top) / ROW_HEIGHT)];
  const pointerPx = usePointer(bars, {
    control,
    onHover: (y) => setHoveredKey(y === undefined ? undefined : rowAt(y)?.key),
    onClick: (y) => {
      const row = rowAt(y);
      if (row !== undefined) onSelect(row);
    },
  });
  const highlights = { selectedKey, hoveredKey, critical: props.critical };
  const canvas = useBars({ axis: control.axis, shown, firstPx, nowMs, highlights, height: size.height });
  const axisCanvas = useAxisCanvas(control.axis, pointerPx);
  const move = useMove({ rows, selectedKey, onSelect, onToggleChild, scroll });
  return (
    <div className={styles['chart']}>
      <div className={styles['corner']}>{texts.rows(rows.length)}</div>
      <div className={styles['axis']} aria-hidden="true">
        <canvas ref={axisCanvas} />
      </div>
      <div ref={scroll} className={styles['scroll']} onScroll={({ currentTarget }) => setTop(currentTarget.scrollTop)}>
        <div className={styles['sticky']}>
          <div
            role="tree"
            aria-label={texts.outline}
            tabIndex={0}
            aria-activedescendant={selectedKey === undefined ? undefined : `row-${selectedKey}`}
            className={styles['outline']}
            style={{ '--outline-row': `${ROW_HEIGHT}px` } as CSSProperties}
            onKeyDown={move}
          >
            {shown.map((row, i) => (
              <OutlineRow
                key={row.key}
                row={row}
                nowMs={nowMs}
                top={firstPx + i * ROW_HEIGHT}
                isSelected={row.key === selectedKey}
                isHovered={row.key === hoveredKey}
                onSelect={onSelect}
                onToggleChild={onToggleChild}
                onHover={setHoveredKey}
              />
            ))}
          </div>
          <div ref={bars} className={styles['bars']} aria-hidden="true">
            <canvas ref={canvas} />
            {pointerPx !== undefined && <div className={styles['pointer']} style={{ left: pointerPx }} />}
          </div>
        </div>
        {/* What is not in sight takes its room all the same. */}
        <div style={{ height: Math.max(0, rows.length * ROW_HEIGHT - size.height) }} />
      </div>
    </div>
  );
}

interface Bars {
  readonly axis: TimeAxis;
  readonly shown: readonly Row[];
  readonly firstPx: number;
  readonly nowMs: number;
  readonly highlights: Highlights;
  readonly height: number;
}

function useBars({ axis, shown, firstPx, nowMs, highlights, height }: Bars) {
  const ref = useRef<HTMLCanvasElement>(null);
  const { theme } = usePreferences();
  useLayoutEffect(() => {
    const context = ref.current && sized(ref.current, axis.widthPx, height);
    if (!context || height === 0) return;
    const palette = paletteOf(context.canvas, theme);
    drawRows({ context, axis, palette, nowMs, rowHeight: ROW_HEIGHT, height }, shown, firstPx, highlights);
  });
  return ref;
}

function useAxisCanvas(axis: TimeAxis, pointerPx: number | undefined) {
  const ref = useRef<HTMLCanvasElement>(null);
  const preferences = usePreferences();
  useLayoutEffect(() => {
    const context = ref.current && sized(ref.current, axis.widthPx, AXIS_HEIGHT);
    if (!context) return;
    const ticks = ticksOf(axis, { zone: timeZoneOf(preferences), hour12: preferences.hour12 });
    drawAxis(context, axis, paletteOf(context.canvas, preferences.theme), ticks, pointerPx);
  });
  return ref;
}

/** As many dots as the screen has. A canvas that keeps its size keeps its memory. */
function sized(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D | undefined {
  const ratio = devicePixelRatio;
  const [dotsX, dotsY] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== dotsX || canvas.height !== dotsY) {
    [canvas.width, canvas.height] = [dotsX, dotsY];
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const context = canvas.getContext('2d') ?? undefined;
  context?.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}

const palettes = new Map<string, ReturnType<typeof readPalette>>();

function paletteOf(element: Element, theme: string) {
  const key = `${theme} ${document.documentElement.dataset['theme']}`;
  let palette = palettes.get(key);
  if (palette === undefined) {
    palette = readPalette(element);
    palettes.set(key, palette);
  }
  return palette;
}

interface MoveOptions extends Pick<Props, 'rows' | 'selectedKey' | 'onSelect' | 'onToggleChild'> {
  readonly scroll: { readonly current: HTMLElement | null };
}

/** Up and down move the selection; right opens the steps of a child, left closes them. */
function useMove({ rows, selectedKey, onSelect, onToggleChild, scroll }: MoveOptions) {
  useEffect(() => {
    const at = rows.findIndex(({ key }) => key === selectedKey);
    const element = scroll.current;
    if (at < 0 || element === null) return;
    reveal(element, at * ROW_HEIGHT);
    // Only a new selection scrolls; a row that moves because others came above it does not.
  }, [selectedKey]); // oxlint-disable-line react/exhaustive-deps, react/exhaustive-effect-dependencies
  return (event: KeyboardEvent) => {
    const at = rows.findIndex(({ key }) => key === selectedKey);
    const to = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: rows.length - 1,
      PageDown: at + 10,
      PageUp: at - 10,
    }[event.key];
    const current = rows[at];
    const turns = { ArrowRight: 'closed', ArrowLeft: 'open' }[event.key];
    if (
      turns !== undefined &&
      current?.inside !== undefined &&
      (current.inside === 'closed') === (turns === 'closed')
    ) {
      event.preventDefault();
      onToggleChild(current);
    }
    if (to === undefined) return;
    event.preventDefault();
    const row = rows[Math.max(0, Math.min(rows.length - 1, to))];
    if (row !== undefined) onSelect(row);
  };
}

function reveal(element: HTMLElement, y: number): void {
  const below = y + ROW_HEIGHT - element.clientHeight;
  element.scrollTo({ top: Math.min(y, Math.max(below, element.scrollTop)) });
}
