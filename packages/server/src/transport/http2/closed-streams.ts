const REMEMBERED = 256;

/**
 * The last streams that were closed. Frames may still arrive for them: after our own reset they are expected and
 * ignored, otherwise they are the peer's mistake (RFC 9113 section 5.1). Older streams get the benefit of the doubt.
 */
export class ClosedStreams {
  /** Stream ids; negative where we reset the stream. */
  private readonly ids = new Int32Array(REMEMBERED);
  private next = 0;

  add(id: number, resetByUs: boolean): void {
    this.ids[this.next] = resetByUs ? -id : id;
    this.next = (this.next + 1) % REMEMBERED;
  }

  wasEnded(id: number): boolean {
    return this.ids.includes(id);
  }

  wasResetByUs(id: number): boolean {
    return this.ids.includes(-id);
  }
}
