// The receiving half of flow control (RFC 9113 section 5.2). The sending half is send-queue.ts.

/** Bytes the peer may still send to us, on one stream or on the connection. */
export class ReceiveWindow {
  private readonly sizeBytes: number;
  private available: number;
  private released = 0;

  constructor(sizeBytes: number) {
    this.sizeBytes = sizeBytes;
    this.available = sizeBytes;
  }

  /** False: the peer sent more than it was allowed to. */
  take(bytes: number): boolean {
    this.available -= bytes;
    return this.available >= 0;
  }

  /**
   * Gives bytes back. Returns the increment to announce now, or 0: announcing every few bytes would cost a frame for
   * each of the peer's frames, so it waits for half a window.
   */
  release(bytes: number): number {
    this.released += bytes;
    if (this.released * 2 < this.sizeBytes) return 0;
    const increment = this.released;
    this.released = 0;
    this.available += increment;
    return increment;
  }
}
