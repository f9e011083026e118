// The newest part of a run's history, as encoded bytes, in memory: what workers and result waiters ask for most.
// Older parts are in the store. Chunks are whole transitions; cutting happens at event boundaries.

export interface HistoryChunk {
  readonly firstEventId: number;
  readonly eventCount: number;
  /** Events, each with field tag 1 and its length: pieces of an encoded `History`. */
  readonly bytes: Uint8Array;
}

/** Above this many bytes the oldest chunks are left to the store. */
const TAIL_BYTES_MAX = 256 * 1024;

export class HistoryTail {
  #chunks: HistoryChunk[] = [];
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  /** The oldest event id that is here; undefined: none is. */
  get firstEventId(): number | undefined {
    return this.#chunks[0]?.firstEventId;
  }

  push(chunk: HistoryChunk): void {
    if (chunk.eventCount === 0) return;
    this.#chunks.push(chunk);
    this.#bytes += chunk.bytes.length;
    if (this.#bytes > TAIL_BYTES_MAX) this.#trim();
  }

  /** Drops the older half, but never the newest chunk. */
  #trim(): void {
    let drop = 0;
    while (drop < this.#chunks.length - 1 && this.#bytes > TAIL_BYTES_MAX / 2) {
      this.#bytes -= this.#chunks[drop]?.bytes.length ?? 0;
      drop++;
    }
    this.#chunks = this.#chunks.slice(drop);
  }

  /** The chunks that hold events with from <= id < to; the caller checks that `from` is here. */
  covering(from: number, to: number): HistoryChunk[] {
    const chunks = this.#chunks;
    let first = chunks.length;
    while (first > 0 && (chunks[first - 1] as HistoryChunk).firstEventId > from) first--;
    const start = Math.max(0, first - 1);
    const covering: HistoryChunk[] = [];
    for (let i = start; i < chunks.length && (chunks[i] as HistoryChunk).firstEventId < to; i++) {
      covering.push(chunks[i] as HistoryChunk);
    }
    return covering;
  }
}

export interface HistorySlice {
  /** An encoded `temporal.api.history.v1.History`. */
  readonly bytes: Uint8Array;
  /** Id after the last event in it. */
  readonly nextEventId: number;
}

const NO_BYTES = new Uint8Array(0);

/**
 * Cuts [from, to) out of contiguous chunks, at most `eventsMax` events and about `bytesMax` bytes (at least one event
 * if there is any).
 */
export function cutHistory(
  chunks: readonly HistoryChunk[],
  from: number,
  to: number,
  eventsMax: number,
  bytesMax: number,
): HistorySlice {
  const parts: Uint8Array[] = [];
  let next = from;
  let size = 0;
  const end = Math.min(to, from + eventsMax);
  for (const chunk of chunks) {
    if (next >= end || (size >= bytesMax && size > 0)) break;
    const chunkEnd = chunk.firstEventId + chunk.eventCount;
    if (chunkEnd <= next) continue;
    const whole = chunk.firstEventId === next && chunkEnd <= end && size + chunk.bytes.length <= bytesMax;
    const cut = whole
      ? { bytes: chunk.bytes, nextEventId: chunkEnd }
      : cutChunk(chunk, { from: next, to: end, bytesMax: bytesMax - size, takesFirst: size === 0 });
    if (cut.nextEventId === next) break;
    parts.push(cut.bytes);
    size += cut.bytes.length;
    next = cut.nextEventId;
    // The rest of this chunk did not fit; what follows it must not take its place.
    if (next < Math.min(chunkEnd, end)) break;
  }
  return { bytes: concat(parts), nextEventId: next };
}

interface Cut {
  readonly from: number;
  readonly to: number;
  readonly bytesMax: number;
  /** Take the first event whatever its size is. */
  readonly takesFirst: boolean;
}

/** Walks the frames of one chunk. */
function cutChunk(chunk: HistoryChunk, { from, to, bytesMax, takesFirst }: Cut): HistorySlice {
  let id = chunk.firstEventId;
  let offset = 0;
  let start = 0;
  let end = 0;
  while (offset < chunk.bytes.length && id < to) {
    const after = endOfFrame(chunk.bytes, offset);
    if (id === from) start = offset;
    if (id >= from && !(takesFirst && id === from) && after - start > bytesMax) break;
    offset = after;
    end = after;
    id++;
  }
  return { bytes: chunk.bytes.subarray(start, end), nextEventId: Math.max(id, from) };
}

/** The events of a chunk as frames (tag, length, event), oldest first. */
export function frames(bytes: Uint8Array): Uint8Array[] {
  const found: Uint8Array[] = [];
  for (let offset = 0; offset < bytes.length; ) {
    const end = endOfFrame(bytes, offset);
    found.push(bytes.subarray(offset, end));
    offset = end;
  }
  return found;
}

function endOfFrame(bytes: Uint8Array, offset: number): number {
  let position = offset + 1;
  let length = 0;
  let shift = 0;
  for (;;) {
    const byte = bytes[position++];
    if (byte === undefined) throw new Error('stored history is cut off');
    length |= (byte & 0x7f) << shift;
    if (byte < 0x80) return position + length;
    shift += 7;
  }
}

/** The parts one after the other. */
export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const [first = NO_BYTES] = parts;
  if (parts.length <= 1) return first;
  const size = parts.reduce((total, part) => total + part.length, 0);
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}
