// SETTINGS (RFC 9113 section 6.5): what the peer told us, checked, and what we tell the peer.

import { ConnectionError, ErrorCode } from './errors.ts';
import { FRAME_PAYLOAD_BYTES_MAX, readUint32, Setting, WINDOW_BYTES_DEFAULT, WINDOW_BYTES_MAX } from './frames.ts';

const ENTRY_BYTES = 6;
const FRAME_SIZE_LARGEST = 0xff_ffff;

/** The peer's values, with the defaults that hold until it says otherwise. */
export interface PeerSettings {
  headerTableSize: number;
  maxConcurrentStreams: number;
  initialWindowSize: number;
  maxFrameSize: number;
  maxHeaderListSize: number;
}

export function defaultPeerSettings(): PeerSettings {
  return {
    headerTableSize: 4096,
    maxConcurrentStreams: Infinity,
    initialWindowSize: WINDOW_BYTES_DEFAULT,
    maxFrameSize: FRAME_PAYLOAD_BYTES_MAX,
    maxHeaderListSize: Infinity,
  };
}

/**
 * Calls `apply` for each parameter in order; a parameter may appear more than once, and unknown ones are ignored.
 * @throws {ConnectionError} a value is out of its range
 */
export function parseSettings(
  buffer: Uint8Array,
  start: number,
  end: number,
  peerIsServer: boolean,
  apply: (name: keyof PeerSettings, value: number) => void,
): void {
  if ((end - start) % ENTRY_BYTES !== 0) {
    throw new ConnectionError(ErrorCode.frameSizeError, 'SETTINGS length is not a multiple of 6');
  }
  for (let at = start; at < end; at += ENTRY_BYTES) {
    const id = (buffer[at]! << 8) | buffer[at + 1]!;
    const value = readUint32(buffer, at + 2);
    switch (id) {
      case Setting.headerTableSize:
        apply('headerTableSize', value);
        break;
      case Setting.enablePush:
        // A server must not set it to 1 (section 6.5.2).
        check(value === 0 || (value === 1 && !peerIsServer), ErrorCode.protocolError, 'ENABLE_PUSH');
        break;
      case Setting.maxConcurrentStreams:
        apply('maxConcurrentStreams', value);
        break;
      case Setting.initialWindowSize:
        check(value <= WINDOW_BYTES_MAX, ErrorCode.flowControlError, 'INITIAL_WINDOW_SIZE');
        apply('initialWindowSize', value);
        break;
      case Setting.maxFrameSize:
        check(
          value >= FRAME_PAYLOAD_BYTES_MAX && value <= FRAME_SIZE_LARGEST,
          ErrorCode.protocolError,
          'MAX_FRAME_SIZE',
        );
        apply('maxFrameSize', value);
        break;
      case Setting.maxHeaderListSize:
        apply('maxHeaderListSize', value);
        break;
    }
  }
}

function check(holds: boolean, code: number, name: string): void {
  if (!holds) throw new ConnectionError(code, `SETTINGS_${name} is out of range`);
}

export function encodeSettings(entries: readonly (readonly [id: number, value: number])[]): Buffer {
  const payload = Buffer.alloc(entries.length * ENTRY_BYTES);
  entries.forEach(([id, value], i) => {
    payload.writeUInt16BE(id, i * ENTRY_BYTES);
    payload.writeUInt32BE(value, i * ENTRY_BYTES + 2);
  });
  return payload;
}
