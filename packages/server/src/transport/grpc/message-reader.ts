// gRPC's length-prefixed messages, cut out of DATA frames that may be split anywhere.

import { code, StatusError } from '@perdure/api';
import { readUint32 } from '../http2/frames.ts';

export const MESSAGE_PREFIX_BYTES = 5;
/** A buffer for a longer message grows as the message arrives: its announced length is not yet paid for. */
const FIRST_BUFFER_BYTES = 65_536;

/** Bytes of unfinished and undelivered messages that all calls of one connection may hold. */
export class MessageBudget {
  usedBytes = 0;
  readonly bytesMax: number;

  constructor(bytesMax: number) {
    this.bytesMax = bytesMax;
  }
}

export interface MessageSink {
  message(body: Buffer, isCompressed: boolean): void;
}

/** @throws {StatusError} RESOURCE_EXHAUSTED */
export function checkMessageBytes(bytes: number, bytesMax: number): void {
  if (bytes > bytesMax) {
    throw new StatusError(code.RESOURCE_EXHAUSTED, `grpc: received message larger than max (${bytes} vs. ${bytesMax})`);
  }
}

/** Memory that stays valid: a slice if that wastes little of the memory behind it, else a copy. */
export function keepBytes(buffer: Buffer, start: number, end: number): Buffer {
  const length = end - start;
  if (length * 2 >= buffer.buffer.byteLength) return buffer.subarray(start, end);
  const copy = Buffer.allocUnsafe(length);
  buffer.copy(copy, 0, start, end);
  return copy;
}

export class MessageReader {
  private readonly bytesMax: number;
  private readonly budget: MessageBudget;
  private readonly sink: MessageSink;
  private readonly prefix = Buffer.alloc(MESSAGE_PREFIX_BYTES);
  private prefixBytes = 0;
  private body: Buffer = this.prefix;
  private bodyBytes = 0;
  private bodyLength = -1;

  constructor(bytesMax: number, budget: MessageBudget, sink: MessageSink) {
    this.bytesMax = bytesMax;
    this.budget = budget;
    this.sink = sink;
  }

  /** Whether the bytes so far end between two messages. */
  get isBetweenMessages(): boolean {
    return this.prefixBytes === 0;
  }

  /** @throws {StatusError} a message is too large, or not one */
  push(buffer: Buffer, start: number, end: number): void {
    let at = start;
    while (at < end) {
      at = this.bodyLength < 0 ? this.pushPrefix(buffer, at, end) : this.pushBody(buffer, at, end);
    }
  }

  /** Gives up what is held. */
  discard(): void {
    if (this.bodyLength > 0) this.budget.usedBytes -= this.body.length;
    this.body = this.prefix;
    this.bodyLength = -1;
    this.prefixBytes = 0;
  }

  private pushPrefix(buffer: Buffer, at: number, end: number): number {
    const taken = Math.min(MESSAGE_PREFIX_BYTES - this.prefixBytes, end - at);
    buffer.copy(this.prefix, this.prefixBytes, at, at + taken);
    this.prefixBytes += taken;
    if (this.prefixBytes < MESSAGE_PREFIX_BYTES) return at + taken;
    const length = readUint32(this.prefix, 1);
    if (this.prefix[0]! > 1)
      throw new StatusError(code.INTERNAL, `grpc: received unexpected payload format ${this.prefix[0]}`);
    checkMessageBytes(length, this.bytesMax);
    const bodyAt = at + taken;
    if (bodyAt + length <= end) {
      this.deliver(keepBytes(buffer, bodyAt, bodyAt + length));
      return bodyAt + length;
    }
    this.bodyLength = length;
    this.bodyBytes = 0;
    this.body = this.allocate(Math.min(length, FIRST_BUFFER_BYTES));
    return bodyAt;
  }

  private pushBody(buffer: Buffer, at: number, end: number): number {
    if (this.bodyBytes === this.body.length) this.grow();
    const taken = Math.min(this.body.length - this.bodyBytes, end - at);
    buffer.copy(this.body, this.bodyBytes, at, at + taken);
    this.bodyBytes += taken;
    if (this.bodyBytes === this.bodyLength) {
      this.budget.usedBytes -= this.body.length;
      this.deliver(this.body);
    }
    return at + taken;
  }

  private deliver(body: Buffer): void {
    const isCompressed = this.prefix[0] === 1;
    this.body = this.prefix;
    this.bodyLength = -1;
    this.prefixBytes = 0;
    this.sink.message(body, isCompressed);
  }

  private grow(): void {
    const full = this.body;
    this.body = this.allocate(Math.min(this.bodyLength, 2 * full.length));
    full.copy(this.body);
    this.budget.usedBytes -= full.length;
  }

  private allocate(bytes: number): Buffer {
    this.budget.usedBytes += bytes;
    if (this.budget.usedBytes <= this.budget.bytesMax) return Buffer.allocUnsafe(bytes);
    this.budget.usedBytes -= bytes;
    throw new StatusError(code.RESOURCE_EXHAUSTED, 'grpc: too many unfinished messages on this connection');
  }
}
