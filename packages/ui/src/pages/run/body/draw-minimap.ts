// Draws the minimap: how much went on when, where something failed, and what is in sight.
import type { Density } from '@perdure/ui-core';
import type { Extent } from './brush-parts.ts';
import type { Palette } from './palette.ts';

export const MINIMAP_HEIGHT = 36;

const FAILURE = 7;
const FAILURE_WIDTH = 2;
const TOP = 4;

/** The axis may be a little narrower than its pixels. */
export function drawMinimap(
  context: CanvasRenderingContext2D,
  palette: Palette,
  { active, failures, most }: Density,
  { fromPx, toPx }: Extent,
): void {
  const width = active.length;
  context.clearRect(0, 0, width, MINIMAP_HEIGHT);
  context.fillStyle = palette.strong;
  for (const [x, count] of active.entries()) {
    if (count === 0) continue;
    // By its root: where little goes on beside much, it is seen all the same.
    const height = Math.max(2, Math.sqrt(count / most) * (MINIMAP_HEIGHT - TOP));
    context.fillRect(x, MINIMAP_HEIGHT - height, 1, height);
  }
  context.fillStyle = palette.tone('failed');
  for (const [x, count] of failures.entries()) {
    if (count > 0) context.fillRect(x - FAILURE_WIDTH / 2, 0, FAILURE_WIDTH, FAILURE);
  }
  context.globalAlpha = 0.6;
  context.fillStyle = palette.surface;
  context.fillRect(0, 0, fromPx, MINIMAP_HEIGHT);
  context.fillRect(toPx, 0, width - toPx, MINIMAP_HEIGHT);
  context.globalAlpha = 1;
  context.strokeStyle = palette.accent;
  context.lineWidth = 1.5;
  context.strokeRect(fromPx + 0.75, 0.75, Math.max(1, toPx - fromPx - 1.5), MINIMAP_HEIGHT - 1.5);
}
