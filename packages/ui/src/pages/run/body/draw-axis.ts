// Draws the axis above the bars: offsets from the start, the clock, and what is folded.
import { durationWords, type Tick, type TimeAxis } from '@perdure/ui-core';
import type { Palette } from './palette.ts';

export const AXIS_HEIGHT = 46;

const TICK = 6;

/** @param pointerPx where the pointer is; undefined: not over the chart */
export function drawAxis(
  context: CanvasRenderingContext2D,
  axis: TimeAxis,
  palette: Palette,
  ticks: readonly Tick[],
  pointerPx: number | undefined,
): void {
  context.clearRect(0, 0, axis.widthPx, AXIS_HEIGHT);
  context.font = '11px "Inter Variable", sans-serif';
  context.textBaseline = 'middle';
  context.textAlign = 'center';
  const folds = foldLabels(context, axis);
  for (const { px, offset, time, date } of ticks) {
    context.fillStyle = palette.strong;
    context.fillRect(Math.round(px), AXIS_HEIGHT - TICK, 1, TICK);
    const label = within(axis, px, Math.max(...[offset, time, date].map((text) => context.measureText(text).width)));
    if (folds.some((fold) => overlap(fold, label))) continue;
    context.fillStyle = palette.soft;
    context.fillText(offset, label.px, 9);
    context.fillStyle = palette.faint;
    context.fillText(time, label.px, 21);
    context.fillText(date, label.px, 33);
  }
  context.fillStyle = palette.faint;
  for (const { words, px } of folds) {
    context.fillText(words, px, 9);
    context.fillText('⋯', px, 21);
  }
  context.textAlign = 'left';
  drawSelection(context, axis, palette);
  if (pointerPx !== undefined) drawPointer(context, axis, palette, pointerPx);
}

interface Label {
  /** Of its middle. */
  readonly px: number;
  readonly width: number;
}

/** A label that would be cut at an edge stands beside its tick instead. */
function within({ widthPx }: TimeAxis, px: number, textWidth: number): Label {
  const width = textWidth + 8;
  return { px: Math.max(width / 2, Math.min(widthPx - width / 2, px)), width };
}

function overlap(one: Label, other: Label): boolean {
  return Math.abs(one.px - other.px) < (one.width + other.width) / 2;
}

/** What is folded is told in place of the ticks there. */
function foldLabels(
  context: CanvasRenderingContext2D,
  axis: TimeAxis,
): readonly (Label & { readonly words: string })[] {
  const labels: (Label & { readonly words: string })[] = [];
  for (const { folded, fromMs, toMs, fromPx, toPx } of axis.visibleGaps) {
    if (!folded) continue;
    const words = durationWords(toMs - fromMs);
    const label = within(axis, (fromPx + toPx) / 2, context.measureText(words).width);
    const last = labels.at(-1);
    if (last === undefined || !overlap(last, label)) labels.push({ ...label, words });
  }
  return labels;
}

function drawSelection(context: CanvasRenderingContext2D, axis: TimeAxis, palette: Palette): void {
  const { selection } = axis;
  if (selection === undefined) return;
  const words = durationWords(selection.toMs - selection.fromMs);
  const middle = (axis.positionOf(selection.fromMs) + axis.positionOf(selection.toMs)) / 2;
  chip(context, words, middle, { fill: palette.accent, text: palette.surface, widthPx: axis.widthPx });
}

function drawPointer(context: CanvasRenderingContext2D, axis: TimeAxis, palette: Palette, px: number): void {
  const words = `+${durationWords(Math.max(0, axis.timeAt(px) - axis.run.fromMs))}`;
  chip(context, words, px, { fill: palette.text, text: palette.surface, widthPx: axis.widthPx });
}

interface ChipLook {
  readonly fill: string;
  readonly text: string;
  readonly widthPx: number;
}

function chip(context: CanvasRenderingContext2D, words: string, px: number, { fill, text, widthPx }: ChipLook): void {
  const width = context.measureText(words).width + 10;
  const left = Math.max(0, Math.min(widthPx - width, px - width / 2));
  context.fillStyle = fill;
  context.beginPath();
  context.roundRect(left, 3, width, 16, 4);
  context.fill();
  context.fillStyle = text;
  context.fillText(words, left + 5, 11);
}
