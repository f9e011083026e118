import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ConnectionError, ErrorCode } from './errors.ts';
import { FrameReader } from './frame-reader.ts';

interface Seen {
  readonly type: number;
  readonly flags: number;
  readonly id: number;
  readonly payload: Buffer;
}

function reader(seen: Seen[]): FrameReader {
  return new FrameReader({
    frame: (type, flags, id, buffer, start, end) =>
      seen.push({ type, flags, id, payload: buffer.subarray(start, end) }),
  });
}

function encode({ type, flags, id, payload }: Seen): Buffer {
  const header = Buffer.alloc(9);
  header.writeUIntBE(payload.length, 0, 3);
  header.writeUInt8(type, 3);
  header.writeUInt8(flags, 4);
  header.writeUInt32BE(id, 5);
  return Buffer.concat([header, payload]);
}

const frame: fc.Arbitrary<Seen> = fc.record(
  {
    type: fc.nat(255),
    flags: fc.nat(255),
    id: fc.nat(0x7fff_ffff),
    payload: fc
      .oneof(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ minLength: 16_000, maxLength: 16_384 }))
      .map((bytes) => Buffer.from(bytes)),
  },
  { noNullPrototype: true },
);

describe('the frame reader', () => {
  it('gives the same frames however the bytes are cut, and their payloads last', () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 8 }), fc.array(fc.nat(), { maxLength: 12 }), (frames, cuts) => {
        const bytes = Buffer.concat(frames.map(encode));
        const edges = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].toSorted((a, b) => a - b);
        const seen: Seen[] = [];
        const target = reader(seen);
        // Each chunk has memory of its own, as a socket's chunks do.
        for (let i = 1; i < edges.length; i++) target.push(Buffer.from(bytes.subarray(edges[i - 1], edges[i])));
        assert.deepEqual(seen, frames);
      }),
    );
  });

  it('refuses a frame that is too long as soon as its header is there', () => {
    const header = Buffer.from([0, 0x40, 1, 0, 0, 0, 0, 0, 1]);
    for (const cut of [0, 1, 8]) {
      const target = reader([]);
      target.push(header.subarray(0, cut));
      assert.throws(
        () => target.push(header.subarray(cut)),
        (error) => error instanceof ConnectionError && error.code === ErrorCode.frameSizeError,
      );
    }
  });

  it('gives nothing after it was stopped, not even the rest of a chunk', () => {
    const ping = encode({ type: 6, flags: 0, id: 0, payload: Buffer.alloc(8) });
    let frames = 0;
    const target = new FrameReader({
      frame: () => {
        frames++;
        target.stop();
      },
    });
    target.push(Buffer.concat([ping, ping, ping.subarray(0, 12)]));
    target.push(ping.subarray(12));
    assert.equal(frames, 1);
  });
});
