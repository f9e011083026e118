// Looks for texts in the payloads of a long history without holding anything up: in batches, which are read (through a
// codec server if there is one) and searched, with pauses between slices of time.
//
// What is kept is whether each event fits each pattern that is asked for now, so that rows can be made again at any time
// without reading anything. The texts themselves are kept only up to a bound: those beyond it are read again by the next
// search. Each payload is searched whole, however large it is.
import type { HistoryEvent, Payload } from '../history/event.ts';
import { type TextPattern, textTest } from './patterns.ts';
import { eventPayloads, payloadSearchText } from './payload-text.ts';

/** Characters of all texts that are kept. */
export const KEPT_CHARACTERS_MAX = 16_000_000;
/** Of one event: a longer text is not kept. */
export const KEPT_TEXT_MAX = 64_000;
/** What is read at once, also by one request to a codec server. */
export const BATCH_EVENTS_MAX = 250;
/** Characters of base64 in a batch; a single event may have more. */
export const BATCH_CHARACTERS_MAX = 500_000;
const SLICE_MS = 8;

/** What the search needs of whoever runs it. */
export interface PayloadReader {
  /** The payloads as people read them, in their order; rejects with a reason. undefined: they are as they are stored. */
  readonly decode: ((payloads: readonly Payload[]) => Promise<readonly Payload[]>) | undefined;
  /** Lets others have their turn. */
  readonly pause: () => Promise<void>;
  readonly nowMs: () => number;
}

export interface PayloadSearchProgress {
  readonly searched: number;
  readonly total: number;
  /** Why payloads could not be decoded: from there on they were searched as they are stored. */
  readonly problem: string | undefined;
}

export interface PayloadLook {
  readonly events: readonly HistoryEvent[];
  readonly patterns: readonly TextPattern[];
  readonly signal: AbortSignal;
  /** After each batch, and at least once. */
  readonly onProgress: (progress: PayloadSearchProgress) => void;
}

interface Verdicts {
  readonly searched: WeakSet<HistoryEvent>;
  readonly found: WeakSet<HistoryEvent>;
}

/** The search of one history; look after look, each for what is typed then. */
export class PayloadSearch {
  readonly #reader: PayloadReader;
  readonly #texts = new Map<HistoryEvent, string>();
  #verdicts = new Map<string, Verdicts>();
  #keptCharacters = 0;

  constructor(reader: PayloadReader) {
    this.#reader = reader;
  }

  /** As far as it has been searched. */
  fits(event: HistoryEvent, pattern: TextPattern): boolean {
    return this.#verdicts.get(keyOf(pattern))?.found.has(event) === true;
  }

  /** undefined: it was not read yet, or is not kept. */
  textOf(event: HistoryEvent): string | undefined {
    return this.#texts.get(event);
  }

  /** Searches what was not searched for these patterns, and forgets all others. It ends early when it is aborted. */
  async look({ events, patterns, signal, onProgress }: PayloadLook): Promise<void> {
    const wanted = patterns.map((pattern) => ({ test: textTest(pattern), verdicts: this.#verdictsOf(pattern) }));
    this.#verdicts = new Map(patterns.map((pattern) => [keyOf(pattern), this.#verdictsOf(pattern)]));
    const left = events.filter((event) => wanted.some(({ verdicts }) => !verdicts.searched.has(event)));
    const total = events.length;
    let searched = total - left.length;
    let problem: string | undefined;
    let sliceMs = this.#reader.nowMs();
    for (const batch of batchesOf(left)) {
      const read = await this.#read(batch, problem === undefined);
      if (signal.aborted) return;
      problem ??= read.problem;
      for (const [i, event] of batch.entries()) {
        const text = read.texts[i] ?? '';
        for (const { test, verdicts } of wanted) {
          verdicts.searched.add(event);
          if (text !== '' && test(text)) verdicts.found.add(event);
        }
      }
      searched += batch.length;
      onProgress({ searched, total, problem });
      if (this.#reader.nowMs() - sliceMs < SLICE_MS) continue;
      await this.#reader.pause();
      if (signal.aborted) return;
      sliceMs = this.#reader.nowMs();
    }
    if (left.length === 0) onProgress({ searched, total, problem });
  }

  #verdictsOf(pattern: TextPattern): Verdicts {
    const key = keyOf(pattern);
    const known = this.#verdicts.get(key) ?? { searched: new WeakSet(), found: new WeakSet() };
    this.#verdicts.set(key, known);
    return known;
  }

  /** The texts of the events, in their order. */
  async #read(events: readonly HistoryEvent[], mayDecode: boolean): Promise<Read> {
    const unread = events.filter((event) => !this.#texts.has(event));
    const payloads = unread.map(eventPayloads);
    const { decode } = this.#reader;
    let decoded: readonly Payload[] = payloads.flat();
    let problem: string | undefined;
    if (decode !== undefined && mayDecode && decoded.length > 0) {
      try {
        decoded = await decode(decoded);
      } catch (error) {
        problem = error instanceof Error ? error.message : String(error);
      }
    }
    // What could not be decoded may be decoded the next time.
    const isKept = decode === undefined || (mayDecode && problem === undefined);
    const texts = new Map<HistoryEvent, string>();
    let at = 0;
    for (const [i, event] of unread.entries()) {
      const count = payloads[i]?.length ?? 0;
      const text = decoded
        .slice(at, at + count)
        .map(payloadSearchText)
        .join('\n');
      at += count;
      texts.set(event, text);
      if (isKept) this.#keep(event, text);
    }
    return { texts: events.map((event) => texts.get(event) ?? this.#texts.get(event) ?? ''), problem };
  }

  #keep(event: HistoryEvent, text: string): void {
    if (text.length > KEPT_TEXT_MAX || this.#keptCharacters + text.length > KEPT_CHARACTERS_MAX) return;
    this.#texts.set(event, text);
    this.#keptCharacters += text.length;
  }
}

interface Read {
  readonly texts: readonly string[];
  readonly problem: string | undefined;
}

function keyOf({ kind, text }: TextPattern): string {
  return `${kind} ${text.toLowerCase()}`;
}

function* batchesOf(events: readonly HistoryEvent[]): Generator<readonly HistoryEvent[]> {
  let batch: HistoryEvent[] = [];
  let characters = 0;
  for (const event of events) {
    batch.push(event);
    characters += eventPayloads(event).reduce((sum, { data = '' }) => sum + data.length, 0);
    if (batch.length < BATCH_EVENTS_MAX && characters < BATCH_CHARACTERS_MAX) continue;
    yield batch;
    [batch, characters] = [[], 0];
  }
  if (batch.length > 0) yield batch;
}
