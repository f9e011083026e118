// Deadlines of many calls behind one timer.
//
// Nearly every call has a deadline and nearly none reaches it, so adding and removing must cost next to nothing: a
// ring of slots, each a linked list. The timer is set for the first occupied slot; it may find nothing to do there.

const SLOT_MS = 16;
const SLOTS = 4096;
const DELAY_MS_MAX = 3_600_000;

export class DeadlineEntry {
  /** The slot number, counted without wrapping. */
  readonly tick: number;
  readonly expire: () => void;
  previous: DeadlineEntry | undefined = undefined;
  next: DeadlineEntry | undefined = undefined;
  linked = true;

  constructor(tick: number, expire: () => void) {
    this.tick = tick;
    this.expire = expire;
  }
}

export class DeadlineWheel {
  private readonly heads: (DeadlineEntry | undefined)[] = Array.from({ length: SLOTS });
  private count = 0;
  private doneTick = 0;
  private timer: NodeJS.Timeout | undefined;
  private armedTick = Infinity;

  /** `atMs` and `nowMs` are on the monotonic clock. Expires at `atMs` or up to two slots later, never earlier. */
  add(atMs: number, nowMs: number, expire: () => void): DeadlineEntry {
    const nowTick = Math.floor(nowMs / SLOT_MS);
    if (this.count === 0) this.doneTick = nowTick;
    const entry = new DeadlineEntry(Math.max(this.doneTick + 1, Math.ceil(atMs / SLOT_MS)), expire);
    const slot = entry.tick % SLOTS;
    const head = this.heads[slot];
    entry.next = head;
    if (head !== undefined) head.previous = entry;
    this.heads[slot] = entry;
    this.count++;
    if (entry.tick < this.armedTick) this.arm(entry.tick, nowMs);
    return entry;
  }

  remove(entry: DeadlineEntry): void {
    if (!entry.linked) return;
    entry.linked = false;
    this.count--;
    if (entry.next !== undefined) entry.next.previous = entry.previous;
    if (entry.previous !== undefined) entry.previous.next = entry.next;
    else this.heads[entry.tick % SLOTS] = entry.next;
  }

  private arm(tick: number, nowMs: number): void {
    clearTimeout(this.timer);
    this.armedTick = tick;
    this.timer = setTimeout(() => this.run(), Math.min(DELAY_MS_MAX, Math.max(1, tick * SLOT_MS - nowMs)));
    // Connections keep the process alive, deadlines need not.
    this.timer.unref();
  }

  private run(): void {
    const nowMs = performance.now();
    const nowTick = Math.floor(nowMs / SLOT_MS);
    const first = Math.max(this.doneTick + 1, nowTick - SLOTS + 1);
    this.doneTick = nowTick;
    this.armedTick = Infinity;
    const expired: DeadlineEntry[] = [];
    for (let tick = first; tick <= nowTick; tick++) {
      for (let entry = this.heads[tick % SLOTS]; entry !== undefined; entry = entry.next) {
        if (entry.tick <= nowTick) expired.push(entry);
      }
    }
    for (const entry of expired) {
      if (!entry.linked) continue;
      this.remove(entry);
      entry.expire();
    }
    if (this.count > 0) this.armNext(nowTick, nowMs);
  }

  private armNext(nowTick: number, nowMs: number): void {
    for (let tick = nowTick + 1; tick <= nowTick + SLOTS; tick++) {
      if (this.heads[tick % SLOTS] === undefined) continue;
      if (tick < this.armedTick) this.arm(tick, nowMs);
      return;
    }
  }
}
