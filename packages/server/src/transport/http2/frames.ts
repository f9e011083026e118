// Numbers of the HTTP/2 framing layer (RFC 9113 section 6), shared by server and client.

export const FrameType = {
  data: 0x0,
  headers: 0x1,
  priority: 0x2,
  rstStream: 0x3,
  settings: 0x4,
  pushPromise: 0x5,
  ping: 0x6,
  goaway: 0x7,
  windowUpdate: 0x8,
  continuation: 0x9,
} as const;

export const Flag = {
  endStream: 0x1,
  ack: 0x1,
  endHeaders: 0x4,
  padded: 0x8,
  priority: 0x20,
} as const;

export const Setting = {
  headerTableSize: 0x1,
  enablePush: 0x2,
  maxConcurrentStreams: 0x3,
  initialWindowSize: 0x4,
  maxFrameSize: 0x5,
  maxHeaderListSize: 0x6,
} as const;

export const FRAME_HEADER_BYTES = 9;
/** The size every endpoint must accept; we neither announce nor send larger frames. */
export const FRAME_PAYLOAD_BYTES_MAX = 16_384;
export const WINDOW_BYTES_DEFAULT = 65_535;
export const WINDOW_BYTES_MAX = 0x7fff_ffff;
export const STREAM_ID_MAX = 0x7fff_ffff;

export const CLIENT_PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1');

export function readUint24(buffer: Uint8Array, at: number): number {
  return (buffer[at]! << 16) | (buffer[at + 1]! << 8) | buffer[at + 2]!;
}

/** Reads 31 bits and ignores the reserved one (RFC 9113 section 4.1). */
export function readUint31(buffer: Uint8Array, at: number): number {
  return ((buffer[at]! & 0x7f) << 24) | (buffer[at + 1]! << 16) | (buffer[at + 2]! << 8) | buffer[at + 3]!;
}

export function readUint32(buffer: Uint8Array, at: number): number {
  return readUint31(buffer, at) + (buffer[at]! >= 0x80 ? 0x8000_0000 : 0);
}
