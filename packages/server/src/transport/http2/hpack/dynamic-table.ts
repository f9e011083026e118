import type { HeaderField } from '../header-field.ts';

/** RFC 7541 section 4.2: the size both sides assume until told otherwise. */
export const TABLE_BYTES_DEFAULT = 4096;

/** First in, first out list of fields, limited by bytes (RFC 7541 section 2.3.2). A ring that grows in powers of two. */
export class DynamicTable {
  private ring: (HeaderField | undefined)[] = Array.from({ length: 16 });
  private next = 0;
  private entries = 0;
  private bytes = 0;
  private limit: number;
  /** Grows with every change; whoever caches something derived from the table compares it. */
  generation = 0;
  /** Number of insertions ever; the newest entry is number `inserted - 1`. */
  inserted = 0;

  constructor(limitBytes: number) {
    this.limit = limitBytes;
  }

  get count(): number {
    return this.entries;
  }

  get sizeBytes(): number {
    return this.bytes;
  }

  get limitBytes(): number {
    return this.limit;
  }

  /** 0 is the newest entry. */
  get(index: number): HeaderField | undefined {
    if (index >= this.entries) return undefined;
    return this.ring[(this.next - 1 - index) & (this.ring.length - 1)];
  }

  /** A field larger than the whole table empties it and is not kept (RFC 7541 section 4.4). */
  insert(field: HeaderField): void {
    this.generation++;
    this.evictUntil(this.limit - field.sizeBytes);
    if (field.sizeBytes > this.limit) return;
    if (this.entries === this.ring.length) this.grow();
    this.ring[this.next] = field;
    this.next = (this.next + 1) & (this.ring.length - 1);
    this.entries++;
    this.inserted++;
    this.bytes += field.sizeBytes;
  }

  resize(limitBytes: number): void {
    this.generation++;
    this.limit = limitBytes;
    this.evictUntil(limitBytes);
  }

  private evictUntil(bytesMax: number): void {
    while (this.entries > 0 && this.bytes > bytesMax) {
      const oldest = (this.next - this.entries) & (this.ring.length - 1);
      this.bytes -= this.ring[oldest]!.sizeBytes;
      this.ring[oldest] = undefined;
      this.entries--;
    }
  }

  private grow(): void {
    const larger: (HeaderField | undefined)[] = Array.from({ length: this.ring.length * 2 });
    for (let i = 0; i < this.entries; i++) larger[i] = this.get(this.entries - 1 - i);
    this.ring = larger;
    this.next = this.entries;
  }
}
