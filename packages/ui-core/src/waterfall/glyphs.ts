// What a waterfall is drawn with. Every glyph is one column wide in every terminal font.
import type { GroupStatus, SegmentKind } from '../groups/group.ts';

export interface Glyphs {
  readonly segments: Readonly<Record<SegmentKind, string>>;
  /** The end of an attempt that failed. */
  readonly failed: string;
  /** A signal or a marker. */
  readonly moment: string;
  readonly marks: Readonly<Record<GroupStatus, string>>;
  readonly cut: string;
}

export const UNICODE: Glyphs = {
  segments: { queued: '░', running: '█', retrying: '▓', backingOff: '·', paused: '┆', waiting: '─' },
  failed: '×',
  moment: '◆',
  marks: {
    scheduled: '○',
    running: '●',
    backingOff: '↻',
    paused: '‖',
    completed: '✓',
    failed: '✗',
    timedOut: '◷',
    canceled: '⊘',
    terminated: '■',
    continuedAsNew: '→',
    abandoned: '–',
  },
  cut: '…',
};

export const ASCII: Glyphs = {
  segments: { queued: '.', running: '#', retrying: '%', backingOff: '~', paused: '=', waiting: '-' },
  failed: 'x',
  moment: '*',
  marks: {
    scheduled: 'o',
    running: 'R',
    backingOff: '~',
    paused: '=',
    completed: '+',
    failed: 'x',
    timedOut: 'T',
    canceled: '/',
    terminated: '!',
    continuedAsNew: '>',
    abandoned: '-',
  },
  cut: '~',
};
