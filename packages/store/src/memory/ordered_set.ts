// A set of items kept in order of their position, in chunks small enough that inserting into one is cheap.

const chunkLengthMax = 256;

/**
 * `P` is what orders an item; an item `T` has it among its properties, so that a cursor (a bare `P`) can be compared
 * with items. Positions are unique. Not safe to change while one of its iterators is in use.
 */
export class OrderedSet<P, T extends P> {
  readonly #compare: (a: P, b: P) => number;
  /** Never holds an empty chunk. */
  readonly #chunks: T[][] = [];
  #size = 0;

  constructor(compare: (a: P, b: P) => number) {
    this.#compare = compare;
  }

  get size(): number {
    return this.#size;
  }

  add(item: T): void {
    this.#size++;
    // The chunk whose last item is not before the new one; past the end, the last chunk takes it.
    const index = Math.min(this.#chunkFor(item), this.#chunks.length - 1);
    const chunk = this.#chunks[index];
    if (chunk === undefined) {
      this.#chunks.push([item]);
      return;
    }
    chunk.splice(this.#lowerBound(chunk, item), 0, item);
    if (chunk.length > chunkLengthMax) this.#chunks.splice(index + 1, 0, chunk.splice(chunkLengthMax / 2));
  }

  /** Removes the item at this position. Returns whether there was one. */
  delete(position: P): boolean {
    const index = this.#chunkFor(position);
    const chunk = this.#chunks[index];
    if (chunk === undefined) return false;
    const offset = this.#lowerBound(chunk, position);
    const found = chunk[offset];
    if (found === undefined || this.#compare(found, position) !== 0) return false;
    chunk.splice(offset, 1);
    if (chunk.length === 0) this.#chunks.splice(index, 1);
    this.#size--;
    return true;
  }

  /** Items strictly after the position, in order; all if it is undefined. */
  *after(position: P | undefined): Generator<T, void, undefined> {
    let index = position === undefined ? 0 : this.#chunkFor(position);
    let offset = 0;
    const first = this.#chunks[index];
    if (position !== undefined && first !== undefined) {
      offset = this.#lowerBound(first, position);
      const found = first[offset];
      if (found !== undefined && this.#compare(found, position) === 0) offset++;
    }
    for (let chunk = this.#chunks[index]; chunk !== undefined; chunk = this.#chunks[++index], offset = 0) {
      for (; offset < chunk.length; offset++) yield chunk[offset] as T;
    }
  }

  /** Index of the first chunk whose last item is at or after the position; the number of chunks if there is none. */
  #chunkFor(position: P): number {
    let low = 0;
    let high = this.#chunks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const last = this.#chunks[middle]?.at(-1) as T;
      if (this.#compare(last, position) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Offset of the first item at or after the position. */
  #lowerBound(chunk: readonly T[], position: P): number {
    let low = 0;
    let high = chunk.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#compare(chunk[middle] as T, position) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
