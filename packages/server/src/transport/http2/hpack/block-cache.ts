// Decoded lists of header blocks that consist of table references only.
//
// A client that calls the same method again sends the very same bytes. As long as the dynamic table has not changed
// they mean the same list, so the list is looked up by the bytes instead of being decoded again.

import type { HeaderBlock } from '../header-field.ts';

const SLOTS = 64;

interface Entry {
  readonly bytes: Uint8Array;
  readonly block: HeaderBlock;
}

export class BlockCache {
  private readonly slots: (Entry | undefined)[] = Array.from({ length: SLOTS });
  private generation = 0;
  private empty = true;

  find(buffer: Uint8Array, start: number, end: number, generation: number): HeaderBlock | undefined {
    if (generation !== this.generation) {
      this.clear(generation);
      return undefined;
    }
    const entry = this.slots[slotOf(buffer, start, end)];
    if (entry === undefined || entry.bytes.length !== end - start) return undefined;
    const bytes = entry.bytes;
    for (let i = 0; i < bytes.length; i++) {
      if (bytes[i] !== buffer[start + i]) return undefined;
    }
    return entry.block;
  }

  /** Only for blocks made of table references: they leave the table unchanged. Follows a `find` of the same bytes. */
  put(buffer: Uint8Array, start: number, end: number, block: HeaderBlock): void {
    this.empty = false;
    this.slots[slotOf(buffer, start, end)] = { bytes: Uint8Array.from(buffer.subarray(start, end)), block };
  }

  private clear(generation: number): void {
    this.generation = generation;
    if (this.empty) return;
    this.slots.fill(undefined);
    this.empty = true;
  }
}

function slotOf(buffer: Uint8Array, start: number, end: number): number {
  let hash = 0;
  for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + buffer[i]!) | 0;
  return (hash ^ (hash >>> 6)) & (SLOTS - 1);
}

/** Longer blocks are not worth caching: they hold literals. */
export const CACHED_BLOCK_BYTES_MAX = 64;
