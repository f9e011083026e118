// Outline and bars: one row each, side by side, scrolled together. Rows in sight are elements, bars are one canvas.
//
// Everything that a bar says is in the name of its outline row as well, so the canvas is hidden from assistive technology.
import { type TimeAxis, ticksOf } from '@perdure/ui-core';
import { type CSSProperties, useLayoutEffect, useRef, useState } from 'react';
import { run as texts } from '../../../messages/run.ts';
import { timeZoneOf, usePreferences } from '../../../settings/preferences.ts';
import { Splitter } from '../../../system/Splitter.tsx';
import styles from './body.module.css';
import { paletteOf, sized } from './canvas.ts';
import { drawRows } from './draw.ts';
import { AXIS_HEIGHT, drawAxis } from './draw-axis.ts';
import { MeasuredRange } from './MeasuredRange.tsx';
import { Minimap } from './Minimap.tsx';
import { type Found, Outline, type Sight } from './Outline.tsx';
import type { Row } from './rows.ts';
import type { AxisControl } from './use-axis.ts';
import { usePaneWidth } from './use-pane-width.ts';
import { usePointer } from './use-pointer.ts';
import { useSize } from './use-size.ts';

interface Props extends Found {
  readonly rows: readonly Row[];
  readonly control: AxisControl;
  readonly onWidth: (px: number) => void;
  readonly nowMs: number;
  readonly selectedKey: string | undefined;
  readonly critical: ReadonlySet<string> | undefined;
  readonly onSelect: (row: Row) => void;
  readonly onToggleChild: (row: Row) => void;
}

const ROW_HEIGHT = 24;
/** Rows that are elements though they are just out of sight, so that scrolling by keyboard finds them. */
const OVERSCAN = 4;
/** With more screens of rows than that, or when zoomed, the whole run is shown small. */
const MINIMAP_FROM_SCREENS = 2;

export function Waterfall(props: Props) {
  const { rows, control, onWidth, nowMs, onSelect } = props;
  const chart = useRef<HTMLDivElement>(null);
  const scroll = useRef<HTMLDivElement>(null);
  const bars = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [hoveredKey, setHoveredKey] = useState<string>();
  const { width, height } = useSize(bars);
  useLayoutEffect(() => {
    if (width > 0) onWidth(width);
  }, [width, onWidth]);
  const outline = usePaneWidth('run.outline', { within: useSize(chart).width, usual: 280, min: 120, shareMax: 0.6 });

  const first = Math.max(0, Math.floor(top / ROW_HEIGHT) - OVERSCAN);
  const shown = rows.slice(first, Math.ceil((top + height) / ROW_HEIGHT) + OVERSCAN);
  const sight: Sight = { ...props, shown, firstPx: first * ROW_HEIGHT - top, rowPx: ROW_HEIGHT, height, hoveredKey };
  const rowAt = (y: number) => rows[Math.floor((y + top) / ROW_HEIGHT)];
  const pointerPx = usePointer(bars, {
    control,
    onHover: (y) => setHoveredKey(y === undefined ? undefined : rowAt(y)?.key),
    onClick: (y) => {
      const row = rowAt(y);
      if (row !== undefined) onSelect(row);
    },
  });
  const isLong = height > 0 && rows.length * ROW_HEIGHT > MINIMAP_FROM_SCREENS * height;
  const hasMinimap = isLong || !control.axis.isFitted;
  const canvas = useBars(sight, control.axis, props.critical);
  const axisCanvas = useAxisCanvas(control.axis, pointerPx);
  return (
    <div ref={chart} className={styles['chart']} style={{ '--outline-width': `${outline.width}px` } as CSSProperties}>
      <div className={styles['corner']}>{texts.rows(rows.length)}</div>
      <div className={styles['axis']} aria-hidden="true">
        <canvas ref={axisCanvas} />
      </div>
      <div ref={scroll} className={styles['scroll']} onScroll={({ currentTarget }) => setTop(currentTarget.scrollTop)}>
        <div className={styles['sticky']}>
          <Outline {...props} {...sight} scroll={scroll} onHover={setHoveredKey} />
          <div ref={bars} className={styles['bars']} aria-hidden="true">
            <canvas ref={canvas} />
            {pointerPx !== undefined && <div className={styles['pointer']} style={{ left: pointerPx }} />}
          </div>
        </div>
        {/* What is not in sight takes its room all the same. */}
        <div style={{ height: Math.max(0, rows.length * ROW_HEIGHT - height) }} />
      </div>
      <MeasuredRange control={control} />
      {hasMinimap && <Minimap {...{ rows, control, nowMs, scroll }} rowPx={ROW_HEIGHT} />}
      <Splitter {...outline} label={texts.widths.outline} resizes="left" className={styles['outlineEdge']} />
    </div>
  );
}

function useBars(sight: Sight, axis: TimeAxis, critical: ReadonlySet<string> | undefined) {
  const ref = useRef<HTMLCanvasElement>(null);
  const { theme } = usePreferences();
  useLayoutEffect(() => {
    const { shown, firstPx, rowPx, height, nowMs, selectedKey, hoveredKey } = sight;
    const context = ref.current && sized(ref.current, axis.widthPx, height);
    if (!context || height === 0) return;
    const palette = paletteOf(context.canvas, theme);
    const highlights = { selectedKey, hoveredKey, critical };
    drawRows({ context, axis, palette, nowMs, rowHeight: rowPx, height }, shown, firstPx, highlights);
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
