// Limits on frames that cost us work and the peer nothing. All are far above what real clients send.

import { ConnectionError, ErrorCode } from './errors.ts';

class TokenBucket {
  private tokens: number;
  private lastMs = 0;
  private readonly capacity: number;
  private readonly tokensPerMs: number;

  constructor(capacity: number, tokensPerSecond: number) {
    this.capacity = capacity;
    this.tokens = capacity;
    this.tokensPerMs = tokensPerSecond / 1000;
  }

  /** False: the peer has used up what it may. */
  take(nowMs: number): boolean {
    if (this.tokens < this.capacity) {
      this.tokens = Math.min(this.capacity, this.tokens + (nowMs - this.lastMs) * this.tokensPerMs);
    }
    this.lastMs = nowMs;
    if (this.tokens < 1) return false;
    this.tokens--;
    return true;
  }

  give(tokens: number): void {
    this.tokens = Math.min(this.capacity, this.tokens + tokens);
  }
}

export class FloodGuard {
  private readonly pings = new TokenBucket(200, 2);
  private readonly settings = new TokenBucket(100, 1);
  private readonly resets: TokenBucket;
  private readonly idleFrames = new TokenBucket(10_000, 1000);

  constructor(concurrentStreamsMax: number) {
    // All open calls of a connection may be cancelled at once, and a few times in a row.
    this.resets = new TokenBucket(Math.max(1000, Math.min(2 * concurrentStreamsMax, 20_000)), 200);
  }

  ping(nowMs: number): void {
    // gRPC clients know this text: they ping less often on the next connection.
    if (!this.pings.take(nowMs)) throw calmDown('too_many_pings');
  }

  settingsFrame(nowMs: number): void {
    if (!this.settings.take(nowMs)) throw calmDown('too many SETTINGS frames');
  }

  /** A stream that ended without an answer: the peer reset it, or broke a rule so that we had to. */
  streamReset(nowMs: number): void {
    if (!this.resets.take(nowMs)) throw calmDown('too many stream resets');
  }

  /** A frame that moves nothing: empty DATA or CONTINUATION, PRIORITY, WINDOW_UPDATE, unknown types. */
  idleFrame(nowMs: number): void {
    if (!this.idleFrames.take(nowMs)) throw calmDown('too many frames without content');
  }

  /** Answered calls earn back what control frames cost: a busy connection needs more of them. */
  callAnswered(): void {
    this.pings.give(1);
    this.resets.give(1);
    this.idleFrames.give(8);
  }

  dataSent(): void {
    this.pings.give(1);
    this.idleFrames.give(8);
  }
}

function calmDown(message: string): ConnectionError {
  return new ConnectionError(ErrorCode.enhanceYourCalm, message);
}
