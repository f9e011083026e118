// Draws the bars of the rows in sight. A bar says how its time was spent: hatched while it waited in a queue, solid while
// an attempt ran (with a red end if that failed), dotted between attempts, open towards now if it goes on.
import type { EventGroup, Segment, TimeAxis } from '@perdure/ui-core';
import { groupTone } from './group-look.ts';
import type { Palette } from './palette.ts';
import type { Row } from './rows.ts';

export interface Scene {
  readonly context: CanvasRenderingContext2D;
  readonly axis: TimeAxis;
  readonly palette: Palette;
  readonly nowMs: number;
  readonly rowHeight: number;
  readonly height: number;
}

export interface Highlights {
  readonly selectedKey: string | undefined;
  readonly hoveredKey: string | undefined;
  /** Keys of the rows on the critical path; undefined: it is not shown, and all rows are equal. */
  readonly critical: ReadonlySet<string> | undefined;
}

const BAR = 12;
const THIN = 4;
const POINT = 5;
const WIDTH_MIN = 2;
const CAP = 3;

/** @param topPx of the first of these rows */
export function drawRows(scene: Scene, rows: readonly Row[], topPx: number, highlights: Highlights): void {
  drawGround(scene);
  for (const [i, row] of rows.entries()) {
    const y = topPx + i * scene.rowHeight;
    if (row.key === highlights.selectedKey || row.key === highlights.hoveredKey) {
      scene.context.fillStyle = row.key === highlights.selectedKey ? scene.palette.selected : scene.palette.hover;
      scene.context.fillRect(0, y, scene.axis.widthPx, scene.rowHeight);
    }
    scene.context.globalAlpha = highlights.critical === undefined || highlights.critical.has(row.key) ? 1 : 0.28;
    drawGroup(scene, row.group, y + scene.rowHeight / 2);
    scene.context.globalAlpha = 1;
  }
  drawFolds(scene);
}

function drawGround({ context, axis, palette, height }: Scene): void {
  context.clearRect(0, 0, axis.widthPx, height);
  const selection = axis.selection;
  if (selection === undefined) return;
  const from = axis.positionOf(selection.fromMs);
  context.globalAlpha = 0.14;
  context.fillStyle = palette.accent;
  context.fillRect(from, 0, axis.positionOf(selection.toMs) - from, height);
  context.globalAlpha = 1;
}

function drawGroup(scene: Scene, group: EventGroup, y: number): void {
  const color = scene.palette.tone(groupTone(group));
  const [first] = group.segments;
  if (first === undefined) {
    const at = group.closedMs ?? group.scheduledMs ?? group.startedMs;
    if (at !== undefined) drawPoint(scene, group, scene.axis.positionOf(at), y, color);
    return;
  }
  for (const segment of group.segments) drawSegment(scene, group, segment, y, color);
  if (group.kind === 'timer' && first.toMs !== undefined)
    drawPoint(scene, group, scene.axis.positionOf(first.toMs), y, color);
}

function drawSegment(scene: Scene, group: EventGroup, segment: Segment, y: number, color: string): void {
  const { axis, context, palette, nowMs } = scene;
  const from = Math.max(-BAR, axis.positionOf(segment.fromMs));
  const to = Math.min(axis.widthPx + BAR, axis.positionOf(segment.toMs ?? Math.max(nowMs, segment.fromMs)));
  if (to < 0 || from > axis.widthPx) return;
  const width = Math.max(WIDTH_MIN, to - from);
  switch (segment.kind) {
    case 'running':
      drawRunning(scene, group, { from, width, y }, color);
      break;
    case 'queued':
      context.fillStyle = hatch(context, palette.faint);
      context.fillRect(from, y - THIN / 2, width, THIN);
      break;
    case 'retrying':
      context.fillStyle = hatch(context, palette.tone('failed'));
      context.fillRect(from, y - BAR / 2, width, BAR);
      break;
    case 'backingOff':
      dottedLine(context, palette.tone('timedOut'), from, from + width, y);
      break;
    case 'paused':
      dottedLine(context, palette.tone('paused'), from, from + width, y);
      break;
    case 'waiting':
      context.fillStyle = color;
      context.fillRect(from, y - 1, width, 2);
      break;
  }
  if (segment.failed) {
    context.fillStyle = palette.tone('failed');
    context.fillRect(from + width - CAP, y - BAR / 2, CAP, BAR);
  }
  if (segment.toMs === undefined) openEnd(context, color, from + width, y);
}

interface Bar {
  readonly from: number;
  readonly width: number;
  readonly y: number;
}

/** The run itself is a thin frame around all the others, a child has brackets, everything else is solid. */
function drawRunning({ context, palette }: Scene, { kind }: EventGroup, { from, width, y }: Bar, color: string): void {
  context.fillStyle = color;
  if (kind === 'workflow') {
    context.fillRect(from, y - THIN / 2, width, THIN);
    return;
  }
  context.beginPath();
  context.roundRect(from, y - BAR / 2, width, BAR, Math.min(3, width / 2));
  context.fill();
  if (kind !== 'child' || width < BAR) return;
  context.fillStyle = palette.surface;
  context.globalAlpha *= 0.72;
  context.fillRect(from + 3, y - BAR / 2 + 2, width - 6, BAR - 4);
  context.globalAlpha /= 0.72;
}

function drawPoint({ context, palette }: Scene, { kind }: EventGroup, x: number, y: number, color: string): void {
  context.fillStyle = color;
  context.strokeStyle = palette.surface;
  context.lineWidth = 1.5;
  context.beginPath();
  if (kind === 'update') {
    context.moveTo(x - POINT, y + POINT);
    context.lineTo(x, y - POINT);
    context.lineTo(x + POINT, y + POINT);
  } else if (kind === 'timer') {
    context.arc(x, y, POINT - 1, 0, 2 * Math.PI);
  } else if (kind === 'signal' || kind === 'externalSignal' || kind === 'externalCancel') {
    context.moveTo(x, y - POINT - 1);
    context.lineTo(x + POINT + 1, y);
    context.lineTo(x, y + POINT + 1);
    context.lineTo(x - POINT - 1, y);
  } else {
    context.rect(x - 1.5, y - BAR / 2, 3, BAR);
  }
  context.closePath();
  context.fill();
  context.stroke();
}

function dottedLine(context: CanvasRenderingContext2D, color: string, from: number, to: number, y: number): void {
  context.strokeStyle = color;
  context.lineWidth = 2;
  context.setLineDash([2, 4]);
  context.beginPath();
  context.moveTo(from, y);
  context.lineTo(to, y);
  context.stroke();
  context.setLineDash([]);
}

/** It goes on. */
function openEnd(context: CanvasRenderingContext2D, color: string, x: number, y: number): void {
  context.strokeStyle = color;
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(x + 2, y - 4);
  context.lineTo(x + 6, y);
  context.lineTo(x + 2, y + 4);
  context.stroke();
}

function drawFolds({ context, axis, palette, height }: Scene): void {
  for (const { folded, fromPx, toPx } of axis.visibleGaps) {
    if (!folded) continue;
    const middle = (fromPx + toPx) / 2;
    context.fillStyle = palette.surface;
    context.fillRect(middle - 4, 0, 8, height);
    context.strokeStyle = palette.strong;
    context.lineWidth = 1;
    context.beginPath();
    for (let y = 0, side = -1; y <= height; y += 6, side = -side) context.lineTo(middle + side * 2.5, y);
    context.stroke();
  }
}

const hatches = new Map<string, CanvasPattern>();

function hatch(context: CanvasRenderingContext2D, color: string): CanvasPattern | string {
  const known = hatches.get(color);
  if (known !== undefined) return known;
  const tile = document.createElement('canvas');
  [tile.width, tile.height] = [6, 6];
  const drawn = tile.getContext('2d');
  if (drawn === null) return color;
  drawn.strokeStyle = color;
  drawn.lineWidth = 1.6;
  for (const shift of [-6, 0, 6]) {
    drawn.moveTo(shift, 6);
    drawn.lineTo(shift + 6, 0);
  }
  drawn.stroke();
  const pattern = context.createPattern(tile, 'repeat');
  if (pattern !== null) hatches.set(color, pattern);
  return pattern ?? color;
}
