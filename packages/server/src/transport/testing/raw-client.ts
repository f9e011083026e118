// A socket that speaks HTTP/2 as badly as a test wants. It shares no code with the server: frames and literal header
// fields are written by hand, replies are cut into frames here.

import net from 'node:net';

export const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

export const DATA = 0;
export const HEADERS = 1;
export const PRIORITY = 2;
export const RST_STREAM = 3;
export const SETTINGS = 4;
export const PUSH_PROMISE = 5;
export const PING = 6;
export const GOAWAY = 7;
export const WINDOW_UPDATE = 8;
export const CONTINUATION = 9;

export const END_STREAM = 1;
export const ACK = 1;
export const END_HEADERS = 4;
export const PADDED = 8;
export const WITH_PRIORITY = 32;

export interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  readonly payload: Buffer;
}

export function frame(type: number, flags: number, stream: number, payload: Uint8Array = Buffer.alloc(0)): Buffer {
  const bytes = Buffer.alloc(9 + payload.length);
  bytes.writeUIntBE(payload.length, 0, 3);
  bytes[3] = type;
  bytes[4] = flags;
  bytes.writeUInt32BE(stream, 5);
  bytes.set(payload, 9);
  return bytes;
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

export function setting(id: number, value: number): Buffer {
  return Buffer.concat([Buffer.from([id >> 8, id]), uint32(value)]);
}

function string(text: string): Buffer {
  const bytes = Buffer.from(text, 'latin1');
  if (bytes.length < 127) return Buffer.concat([Buffer.from([bytes.length]), bytes]);
  const prefix = [127];
  let rest = bytes.length - 127;
  for (; rest >= 128; rest >>= 7) prefix.push((rest & 127) | 128);
  return Buffer.concat([Buffer.from([...prefix, rest]), bytes]);
}

/** Literals without indexing and without Huffman. */
export function headerBlock(fields: Iterable<readonly [name: string, value: string]>): Buffer {
  return Buffer.concat([...fields].flatMap(([name, value]) => [Buffer.from([0]), string(name), string(value)]));
}

export function requestFields(path: string, more: Readonly<Record<string, string>> = {}): [string, string][] {
  const fields = { ':method': 'POST', ':scheme': 'http', ':path': path, ':authority': 'test', ...more };
  return Object.entries({ ...fields, te: 'trailers', 'content-type': 'application/grpc' });
}

export function message(body: Uint8Array | string, compressed = false): Buffer {
  const bytes = Buffer.from(body);
  return Buffer.concat([Buffer.from([compressed ? 1 : 0]), uint32(bytes.length), bytes]);
}

/** HEADERS and DATA of a whole unary call. */
export function callFrames(stream: number, path: string, body: Uint8Array | string = ''): Buffer {
  return Buffer.concat([
    frame(HEADERS, END_HEADERS, stream, headerBlock(requestFields(path))),
    frame(DATA, END_STREAM, stream, message(body)),
  ]);
}

export class RawClient implements Disposable {
  /** Everything received, also what `next` has returned. */
  readonly frames: Frame[] = [];
  /** Resolves when the server has closed its side or reset the connection. */
  readonly closed: Promise<void>;
  isClosed = false;
  readonly socket: net.Socket;
  private rest = Buffer.alloc(0);
  private taken = 0;
  private wake: (() => void) | undefined;

  constructor(port: number) {
    this.socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
    this.socket.on('data', (chunk: Buffer) => this.receive(chunk));
    // A reset by the server is an outcome that tests look at through `closed`.
    this.socket.on('error', () => this.socket.destroy());
    this.closed = new Promise((resolve) => {
      const end = (): void => {
        this.isClosed = true;
        this.wake?.();
        resolve();
      };
      this.socket.once('end', end);
      this.socket.once('close', end);
    });
  }

  /** Past the preface and the exchange of SETTINGS. */
  static async open(port: number, settings: Uint8Array = Buffer.alloc(0)): Promise<RawClient> {
    const client = new RawClient(port);
    client.send(PREFACE, frame(SETTINGS, 0, 0, settings));
    await client.next((f) => f.type === SETTINGS && f.flags === ACK);
    client.send(frame(SETTINGS, ACK, 0));
    return client;
  }

  [Symbol.dispose](): void {
    this.socket.destroy();
  }

  send(...parts: Uint8Array[]): void {
    this.socket.write(Buffer.concat(parts));
  }

  /** The next frame that fits, skipping others. Throws when the connection ends before. */
  async next(fits: (frame: Frame) => boolean): Promise<Frame> {
    for (;;) {
      while (this.taken < this.frames.length) {
        const candidate = this.frames[this.taken++]!;
        if (fits(candidate)) return candidate;
      }
      if (this.isClosed) throw new Error(`closed; received ${this.frames.map(describeFrame).join(', ') || 'nothing'}`);
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  /** The error code of the GOAWAY that the server sends now; the connection is closed after it. */
  async connectionError(): Promise<number> {
    const goaway = await this.next((f) => f.type === GOAWAY);
    await this.closed;
    return goaway.payload.readUInt32BE(4);
  }

  /** The error code of the RST_STREAM for the stream. */
  async streamError(stream: number): Promise<number> {
    const reset = await this.next((f) => f.type === RST_STREAM && f.stream === stream);
    return reset.payload.readUInt32BE(0);
  }

  /** Resolves once everything sent so far has been processed. Throws when the connection is closed instead. */
  async sync(): Promise<void> {
    this.send(frame(PING, 0, 0, Buffer.from('syncsync')));
    await this.next((f) => f.type === PING && f.flags === ACK);
  }

  private receive(chunk: Buffer): void {
    this.rest = Buffer.concat([this.rest, chunk]);
    for (;;) {
      if (this.rest.length < 9) break;
      const end = 9 + this.rest.readUIntBE(0, 3);
      if (this.rest.length < end) break;
      const [type, flags] = [this.rest[3]!, this.rest[4]!];
      this.frames.push({ type, flags, stream: this.rest.readUInt32BE(5), payload: this.rest.subarray(9, end) });
      this.rest = this.rest.subarray(end);
    }
    this.wake?.();
  }
}

function describeFrame({ type, flags, stream, payload }: Frame): string {
  return `type ${type} flags ${flags} stream ${stream} ${payload.length} B`;
}
