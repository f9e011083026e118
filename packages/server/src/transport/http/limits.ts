export interface HttpLimits {
  /** Largest request body. */
  readonly bodyBytesMax: number;
  readonly headerBytesMax: number;
  /** From the first byte of a request to the end of its header, and to the end of its body. */
  readonly headerTimeoutMs: number;
  readonly requestTimeoutMs: number;
  /** A client that takes nothing of its answer for so long has left. */
  readonly sendTimeoutMs: number;
  readonly idleTimeoutMs: number;
  /** How often timeouts are looked after. */
  readonly checkEveryMs: number;
  readonly connectionsMax: number;
  /** Requests that one connection has sent and that are not answered yet. */
  readonly pipelinedMax: number;
}

export const LIMITS_DEFAULT: HttpLimits = {
  bodyBytesMax: 4 * 1024 * 1024,
  headerBytesMax: 64 * 1024,
  headerTimeoutMs: 15_000,
  requestTimeoutMs: 60_000,
  sendTimeoutMs: 30_000,
  idleTimeoutMs: 60_000,
  checkEveryMs: 5000,
  connectionsMax: 10_000,
  pipelinedMax: 4,
};
