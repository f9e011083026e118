// How wide a part of the page is that can be resized: as this browser remembers it, and never more than there is room for.
import { useStored } from '../../../settings/stored.ts';

export interface PaneWidth {
  readonly width: number;
  readonly min: number;
  readonly max: number;
  readonly onWidth: (width: number | undefined) => void;
}

interface Options {
  /** Of both parts together; 0: not known yet. */
  readonly within: number;
  readonly usual: number;
  readonly min: number;
  /** Of both parts together. */
  readonly shareMax: number;
}

export function usePaneWidth(key: string, { within, usual, min, shareMax }: Options): PaneWidth {
  // 0: the usual one.
  const [stored, store] = useStored(key, 0);
  const max = within === 0 ? Number.MAX_SAFE_INTEGER : Math.max(min, Math.round(within * shareMax));
  const wanted = stored === 0 ? usual : stored;
  return {
    width: Math.max(min, Math.min(max, wanted)),
    ...{ min, max },
    onWidth: (width) => store(width ?? 0),
  };
}
