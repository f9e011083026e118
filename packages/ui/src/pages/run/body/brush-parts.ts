// Where the parts of a brush are taken hold of: its two edges beside it and the window between them. Each is wide enough
// for a finger and none covers another, however narrow the window is.

export interface Extent {
  readonly fromPx: number;
  readonly toPx: number;
}

export interface BrushParts {
  readonly from: Extent;
  readonly window: Extent;
  readonly to: Extent;
}

/** Of each part, also the smallest target that guidelines allow. */
export const PART_PX = 24;

export function brushParts({ fromPx, toPx }: Extent, widthPx: number): BrushParts {
  const middle = (fromPx + toPx) / 2;
  const half = Math.max(PART_PX / 2, (toPx - fromPx) / 2);
  // Within the strip: what would stand out of it stands inside of the window.
  const begin = Math.max(0, Math.min(middle - half - PART_PX, widthPx - 3 * PART_PX));
  const end = Math.min(widthPx, Math.max(middle + half + PART_PX, begin + 3 * PART_PX));
  return {
    from: { fromPx: begin, toPx: begin + PART_PX },
    window: { fromPx: begin + PART_PX, toPx: end - PART_PX },
    to: { fromPx: end - PART_PX, toPx: end },
  };
}
