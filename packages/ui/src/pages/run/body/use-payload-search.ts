// Looks into the data of all events for what the search asks of them, through the codec server if there is one.
import {
  type EventGroup,
  excerptOf,
  type HistoryEvent,
  type Payload,
  PayloadSearch,
  type PayloadSearchProgress,
  payloadPatterns,
  type SearchNode,
  type TextPattern,
} from '@perdure/ui-core';
import { useEffect, useMemo, useState } from 'react';
import { callCodec } from '../../../payloads/codec.ts';
import { type CodecSettings, usePreferences } from '../../../settings/preferences.ts';
import type { HistorySnapshot } from '../history.ts';

export interface FoundInPayloads {
  /** Another function whenever more is known. */
  readonly fits: (event: HistoryEvent, pattern: TextPattern) => boolean;
  /** What a row's data say around the first of these texts. */
  readonly excerpt: (group: EventGroup, texts: readonly string[]) => string | undefined;
  /** undefined: nothing is searched, or it has only begun. */
  readonly progress: PayloadSearchProgress | undefined;
  /** What was not found yet may be found. */
  readonly isSearching: boolean;
  /** After a codec server has failed. */
  readonly retry: () => void;
}

interface Options {
  readonly namespace: string;
  readonly node: SearchNode | undefined;
  /** Of the run, and of the children that are opened in it. */
  readonly snapshots: readonly HistorySnapshot[];
}

interface Told {
  readonly by: PayloadSearch;
  readonly patterns: readonly TextPattern[];
  readonly progress: PayloadSearchProgress;
}

const TELL_EVERY_MS = 200;
/** Characters of data on each side of what was found. */
const EXCERPT_AROUND = 24;

export function usePayloadSearch({ namespace, node, snapshots }: Options): FoundInPayloads {
  const { codec } = usePreferences();
  const [tries, setTries] = useState(0);
  const search = useMemo(
    () => new PayloadSearch({ ...readerOf(codec, namespace), pause, nowMs: () => performance.now() }),
    // oxlint-disable-next-line react/exhaustive-deps -- each try begins anew
    [codec, namespace, tries],
  );
  const patterns = useMemo(() => payloadPatterns(node), [node]);
  const [told, setTold] = useState<Told>();
  useEffect(() => {
    if (patterns.length === 0) return undefined;
    const abort = new AbortController();
    const events = snapshots.flatMap(({ groups }) => groups.events);
    const { signal } = abort;
    const tell = (progress: PayloadSearchProgress) => setTold({ by: search, patterns, progress });
    void search.look({ events, patterns, signal, onProgress: nowAndThen(tell, signal) });
    return () => abort.abort();
  }, [search, patterns, snapshots]);
  const progress = told?.by === search && told.patterns === patterns ? told.progress : undefined;
  const isSearching = patterns.length > 0 && (progress === undefined || progress.searched < progress.total);
  const fits = useMemo(
    () => (event: HistoryEvent, pattern: TextPattern) => search.fits(event, pattern),
    // oxlint-disable-next-line react/exhaustive-deps -- what it knows grows
    [search, progress],
  );
  const excerpt = ({ events }: EventGroup, texts: readonly string[]) => {
    if (patterns.length === 0) return undefined;
    for (const event of events) {
      const found = excerptOf(search.textOf(event) ?? '', texts, EXCERPT_AROUND);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return { fits, excerpt, progress, isSearching, retry: () => setTries(tries + 1) };
}

function readerOf(codec: CodecSettings, namespace: string) {
  if (codec.endpoint === '') return { decode: undefined };
  return { decode: (payloads: readonly Payload[]) => callCodec('decode', payloads, namespace, codec) };
}

/** Rows are made again with each thing that is told. So at once at the end, and before that what is new after a while. */
function nowAndThen(tell: (progress: PayloadSearchProgress) => void, signal: AbortSignal) {
  let latest: PayloadSearchProgress | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  return (progress: PayloadSearchProgress) => {
    latest = progress;
    if (progress.searched === progress.total) {
      clearTimeout(timer);
      tell(progress);
      return;
    }
    timer ??= setTimeout(() => {
      timer = undefined;
      if (latest !== undefined) tell(latest);
    }, TELL_EVERY_MS);
  };
}

/** Frames are drawn and keys are heard between two tasks. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
