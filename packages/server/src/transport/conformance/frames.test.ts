// Broken and unusual frames over a raw socket, in the manner of h2spec: what RFC 9113 says must happen, by section.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  ACK,
  CONTINUATION,
  callFrames,
  DATA,
  END_HEADERS,
  END_STREAM,
  frame,
  GOAWAY,
  HEADERS,
  headerBlock,
  message,
  PADDED,
  PING,
  PREFACE,
  PRIORITY,
  PUSH_PROMISE,
  RawClient,
  RST_STREAM,
  requestFields,
  SETTINGS,
  setting,
  uint32,
  WINDOW_UPDATE,
  WITH_PRIORITY,
} from '../testing/raw-client.ts';
import {
  assertServes,
  COMPRESSION_ERROR,
  checkCase,
  FLOW_CONTROL_ERROR,
  FRAME_SIZE_ERROR,
  PROTOCOL_ERROR,
  type RfcCase,
  STREAM_CLOSED,
} from '../testing/rfc-case.ts';
import { ECHO, TestServer, WAIT } from '../testing/test-server.ts';

const open = frame(HEADERS, END_HEADERS, 1, headerBlock(requestFields(ECHO)));
const openWait = frame(HEADERS, END_HEADERS, 1, headerBlock(requestFields(WAIT)));
const waitMessage = frame(DATA, END_STREAM, 1, message(''));
const request = headerBlock(requestFields(ECHO));

const CASES: readonly RfcCase[] = [
  // ---- 4: frames
  {
    section: '4.1',
    what: 'ignores frames of unknown type',
    send: [frame(0xee, 0xff, 0, Buffer.alloc(8)), frame(0xee, 0, 7)],
  },
  { section: '4.1', what: 'ignores undefined flags', send: [frame(PING, 0x16, 0, Buffer.alloc(8))] },
  { section: '4.1', what: 'ignores the reserved bit', send: [frame(PING, 0, 0x8000_0000, Buffer.alloc(8))] },
  {
    section: '4.2',
    what: 'accepts a DATA frame of 2^14 bytes',
    send: [open, frame(DATA, END_STREAM, 1, message(Buffer.alloc(16_379)))],
  },
  {
    section: '4.2',
    what: 'refuses a frame above 2^14 bytes',
    send: [open, frame(DATA, 0, 1, Buffer.alloc(16_385))],
    connectionError: FRAME_SIZE_ERROR,
  },
  {
    section: '4.2',
    what: 'refuses HEADERS above 2^14 bytes',
    send: [frame(HEADERS, END_HEADERS, 1, Buffer.alloc(16_385))],
    connectionError: FRAME_SIZE_ERROR,
  },
  {
    section: '4.3',
    what: 'a header block that cannot be decoded',
    send: [frame(HEADERS, END_HEADERS, 1, Buffer.from([0xff, 0xff]))],
    connectionError: COMPRESSION_ERROR,
  },
  {
    section: '4.3',
    what: 'PRIORITY inside a header block',
    send: [frame(HEADERS, 0, 1, request), frame(PRIORITY, 0, 1, Buffer.alloc(5))],
    connectionError: PROTOCOL_ERROR,
  },
  {
    section: '4.3',
    what: 'HEADERS of another stream inside a header block',
    send: [frame(HEADERS, 0, 1, request), frame(HEADERS, END_HEADERS, 3, request)],
    connectionError: PROTOCOL_ERROR,
  },
  // ---- 5.1: stream states
  {
    section: '5.1',
    what: 'idle: DATA',
    send: [frame(DATA, END_STREAM, 1, Buffer.alloc(4))],
    connectionError: PROTOCOL_ERROR,
  },
  {
    section: '5.1',
    what: 'idle: RST_STREAM',
    send: [frame(RST_STREAM, 0, 1, uint32(8))],
    connectionError: PROTOCOL_ERROR,
  },
  {
    section: '5.1',
    what: 'idle: WINDOW_UPDATE',
    send: [frame(WINDOW_UPDATE, 0, 1, uint32(1))],
    connectionError: PROTOCOL_ERROR,
  },
  {
    section: '5.1',
    what: 'idle: CONTINUATION',
    send: [frame(CONTINUATION, END_HEADERS, 1, request)],
    connectionError: PROTOCOL_ERROR,
  },
  {
    section: '5.1',
    what: 'half-closed (remote): DATA',
    send: [openWait, waitMessage, frame(DATA, END_STREAM, 1, Buffer.alloc(4))],
    streamError: STREAM_CLOSED,
  },
  {
    section: '5.1',
    what: 'half-closed (remote): HEADERS',
    send: [openWait, waitMessage, frame(HEADERS, END_HEADERS | END_STREAM, 1, request)],
    streamError: STREAM_CLOSED,
  },
  {
    section: '5.1',
    what: 'half-closed (remote): CONTINUATION',
    send: [openWait, waitMessage, frame(CONTINUATION, END_HEADERS, 1, request)],
    connectionError: PROTOCOL_ERROR,
  },
  {
    section: '5.1',
    what: 'half-closed (remote): WINDOW_UPDATE, PRIORITY',
    send: [openWait, waitMessage, frame(WINDOW_UPDATE, 0, 1, uint32(9)), frame(PRIORITY, 0, 1, Buffer.alloc(5))],
  },
  {
    section: '5.1',
    what: 'closed by the client: DATA',
    send: [openWait, frame(RST_STREAM, 0, 1, uint32(8)), frame(DATA, END_STREAM, 1, Buffer.alloc(4))],
    streamError: STREAM_CLOSED,
  },
  {
    section: '5.1',
    what: 'closed by the client: HEADERS',
    send: [openWait, frame(RST_STREAM, 0, 1, uint32(8)), open],
    connectionError: STREAM_CLOSED,
  },
  {
    section: '5.1',
    what: 'closed by END_STREAM: DATA',
    send: [callFrames(1, ECHO), frame(DATA, END_STREAM, 1, Buffer.alloc(4))],
    streamError: STREAM_CLOSED,
  },
  {
    section: '5.1',
    what: 'closed by END_STREAM: HEADERS',
    send: [callFrames(1, ECHO), open],
    connectionError: STREAM_CLOSED,
  },
  {
    section: '5.1',
    what: 'closed: WINDOW_UPDATE, RST_STREAM, PRIORITY',
    send: [
      callFrames(1, ECHO),
      frame(WINDOW_UPDATE, 0, 1, uint32(9)),
      frame(RST_STREAM, 0, 1, uint32(8)),
      frame(PRIORITY, 0, 1, Buffer.alloc(5)),
    ],
  },
  {
    section: '5.1.1',
    what: 'an even stream number',
    send: [frame(HEADERS, END_HEADERS, 2, request)],
    connectionError: PROTOCOL_ERROR,
  },
  {
    section: '5.1.1',
    what: 'a stream number that decreases',
    send: [callFrames(5, ECHO), frame(HEADERS, END_HEADERS, 3, request)],
    connectionError: PROTOCOL_ERROR,
  },
  // ---- 6.1 DATA
  {
    section: '6.1',
    what: 'DATA on stream 0',
    send: [frame(DATA, 0, 0, Buffer.alloc(1))],
    connectionError: PROTOCOL_ERROR,
  },
  {
    section: '6.1',
    what: 'padding as long as the payload',
    send: [open, frame(DATA, PADDED, 1, Buffer.from([5, 1, 2, 3, 4]))],
    connectionError: PROTOCOL_ERROR,
  },
  {
    section: '6.1',
    what: 'PADDED without a length',
    send: [open, frame(DATA, PADDED, 1)],
    connectionError: FRAME_SIZE_ERROR,
  },
  {
    section: '6.1',
    what: 'DATA with padding is data',
    send: [open, frame(DATA, PADDED | END_STREAM, 1, Buffer.concat([Buffer.from([3]), message('x'), Buffer.alloc(3)]))],
  },
  // ---- 6.2 HEADERS
  {
    section: '6.2',
    what: 'HEADERS on stream 0',
    send: [frame(HEADERS, END_HEADERS, 0, request)],
    connectionError: PROTOCOL_ERROR,
  },
  {
    section: '6.2',
    what: 'HEADERS with too much padding',
    send: [frame(HEADERS, END_HEADERS | PADDED, 1, Buffer.concat([Buffer.from([255]), request.subarray(0, 20)]))],
    connectionError: PROTOCOL_ERROR,
  },
  {
    section: '6.2',
    what: 'HEADERS with padding and priority',
    send: [
      frame(
        HEADERS,
        END_HEADERS | PADDED | WITH_PRIORITY,
        1,
        Buffer.concat([Buffer.from([2]), Buffer.alloc(5), request, Buffer.alloc(2)]),
      ),
      frame(DATA, END_STREAM, 1, message('')),
    ],
  },
  {
    section: '6.2',
    what: 'HEADERS too short for its priority',
    send: [frame(HEADERS, END_HEADERS | WITH_PRIORITY, 1, Buffer.alloc(4))],
    connectionError: FRAME_SIZE_ERROR,
  },
  // ---- 6.3 PRIORITY
  {
    section: '6.3',
    what: 'PRIORITY on stream 0',
    send: [frame(PRIORITY, 0, 0, Buffer.alloc(5))],
    connectionError: PROTOCOL_ERROR,
  },
  {
    section: '6.3',
    what: 'PRIORITY with a wrong length',
    send: [openWait, frame(PRIORITY, 0, 1, Buffer.alloc(4))],
    streamError: FRAME_SIZE_ERROR,
  },
  { section: '6.3', what: 'PRIORITY on an idle stream', send: [frame(PRIORITY, 0, 9, Buffer.alloc(5))] },
  // ---- 6.4 RST_STREAM
  {
    section: '6.4',
    what: 'RST_STREAM on stream 0',
    send: [frame(RST_STREAM, 0, 0, uint32(8))],
    connectionError: PROTOCOL_ERROR,
  },
  {
    section: '6.4',
    what: 'RST_STREAM with a wrong length',
    send: [openWait, frame(RST_STREAM, 0, 1, Buffer.alloc(3))],
    connectionError: FRAME_SIZE_ERROR,
  },
  // ---- 6.5 SETTINGS
  {
    section: '6.5',
    what: 'SETTINGS acknowledgement with content',
    send: [frame(SETTINGS, ACK, 0, setting(3, 1))],
    connectionError: FRAME_SIZE_ERROR,
  },
  { section: '6.5', what: 'SETTINGS on a stream', send: [frame(SETTINGS, 0, 1)], connectionError: PROTOCOL_ERROR },
  {
    section: '6.5',
    what: 'SETTINGS with a wrong length',
    send: [frame(SETTINGS, 0, 0, Buffer.alloc(3))],
    connectionError: FRAME_SIZE_ERROR,
  },
  {
    section: '6.5.2',
    what: 'ENABLE_PUSH of 2',
    send: [frame(SETTINGS, 0, 0, setting(2, 2))],
    connectionError: PROTOCOL_ERROR,
  },
  {
    section: '6.5.2',
    what: 'INITIAL_WINDOW_SIZE above 2^31-1',
    send: [frame(SETTINGS, 0, 0, setting(4, 0x8000_0000))],
    connectionError: FLOW_CONTROL_ERROR,
  },
  {
    section: '6.5.2',
    what: 'MAX_FRAME_SIZE below 2^14',
    send: [frame(SETTINGS, 0, 0, setting(5, 16_383))],
    connectionError: PROTOCOL_ERROR,
  },
  {
    section: '6.5.2',
    what: 'MAX_FRAME_SIZE above 2^24-1',
    send: [frame(SETTINGS, 0, 0, setting(5, 0x100_0000))],
    connectionError: PROTOCOL_ERROR,
  },
  { section: '6.5.2', what: 'ignores unknown settings', send: [frame(SETTINGS, 0, 0, setting(0xff, 1))] },
  // ---- 6.6 PUSH_PROMISE
  {
    section: '6.6',
    what: 'PUSH_PROMISE from a client',
    send: [frame(PUSH_PROMISE, END_HEADERS, 1, Buffer.concat([uint32(2), request]))],
    connectionError: PROTOCOL_ERROR,
  },
  // ---- 6.7 PING
  {
    section: '6.7',
    what: 'PING on a stream',
    send: [frame(PING, 0, 1, Buffer.alloc(8))],
    connectionError: PROTOCOL_ERROR,
  },
  {
    section: '6.7',
    what: 'PING with a wrong length',
    send: [frame(PING, 0, 0, Buffer.alloc(7))],
    connectionError: FRAME_SIZE_ERROR,
  },
  { section: '6.7', what: 'an acknowledgement nobody asked for', send: [frame(PING, ACK, 0, Buffer.alloc(8))] },
  // ---- 6.8 GOAWAY
  {
    section: '6.8',
    what: 'GOAWAY on a stream',
    send: [frame(GOAWAY, 0, 1, Buffer.alloc(8))],
    connectionError: PROTOCOL_ERROR,
  },
  {
    section: '6.8',
    what: 'GOAWAY too short',
    send: [frame(GOAWAY, 0, 0, Buffer.alloc(7))],
    connectionError: FRAME_SIZE_ERROR,
  },
  {
    section: '6.8',
    what: 'goes on serving after a GOAWAY of the client',
    send: [openWait, waitMessage, frame(GOAWAY, 0, 0, Buffer.alloc(8))],
  },
  // ---- 6.9 WINDOW_UPDATE
  {
    section: '6.9',
    what: 'increment 0 on the connection',
    send: [frame(WINDOW_UPDATE, 0, 0, uint32(0))],
    connectionError: PROTOCOL_ERROR,
  },
  {
    section: '6.9',
    what: 'increment 0 on a stream',
    send: [openWait, frame(WINDOW_UPDATE, 0, 1, uint32(0))],
    streamError: PROTOCOL_ERROR,
  },
  {
    section: '6.9',
    what: 'WINDOW_UPDATE with a wrong length',
    send: [frame(WINDOW_UPDATE, 0, 0, Buffer.alloc(3))],
    connectionError: FRAME_SIZE_ERROR,
  },
  {
    section: '6.9.1',
    what: 'connection window above 2^31-1',
    send: [frame(WINDOW_UPDATE, 0, 0, uint32(0x7fff_ffff))],
    connectionError: FLOW_CONTROL_ERROR,
  },
  {
    section: '6.9.1',
    what: 'stream window above 2^31-1',
    send: [openWait, frame(WINDOW_UPDATE, 0, 1, uint32(0x7fff_ffff))],
    streamError: FLOW_CONTROL_ERROR,
  },
  {
    section: '6.9.2',
    what: 'a setting that lifts a window above 2^31-1',
    send: [openWait, frame(WINDOW_UPDATE, 0, 1, uint32(0x7fff_0000)), frame(SETTINGS, 0, 0, setting(4, 0x7fff_ffff))],
    connectionError: FLOW_CONTROL_ERROR,
  },
  // ---- 6.10 CONTINUATION
  {
    section: '6.10',
    what: 'CONTINUATION after END_HEADERS',
    send: [open, frame(CONTINUATION, END_HEADERS, 1, request)],
    connectionError: PROTOCOL_ERROR,
  },
  {
    section: '6.10',
    what: 'CONTINUATION on stream 0',
    send: [frame(HEADERS, 0, 1, request), frame(CONTINUATION, END_HEADERS, 0)],
    connectionError: PROTOCOL_ERROR,
  },
  {
    section: '6.10',
    what: 'CONTINUATION of another stream',
    send: [frame(HEADERS, 0, 1, request), frame(CONTINUATION, END_HEADERS, 3)],
    connectionError: PROTOCOL_ERROR,
  },
  {
    section: '6.10',
    what: 'DATA instead of CONTINUATION',
    send: [frame(HEADERS, 0, 1, request), frame(DATA, END_STREAM, 1, message(''))],
    connectionError: PROTOCOL_ERROR,
  },
];

describe('RFC 9113, by section', () => {
  let server: TestServer;
  before(async () => void (server = await TestServer.start()));
  after(() => server[Symbol.asyncDispose]());

  for (const rfcCase of CASES) it(`${rfcCase.section} ${rfcCase.what}`, () => checkCase(server.port, rfcCase));

  it('3.4 a preface that is none ends the connection with PROTOCOL_ERROR', async () => {
    using client = new RawClient(server.port);
    client.send(Buffer.from('PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n'));
    assert.equal(await client.connectionError(), PROTOCOL_ERROR);
  });

  it('3.4 the first frame must be SETTINGS', async () => {
    using client = new RawClient(server.port);
    client.send(PREFACE, frame(PING, 0, 0, Buffer.alloc(8)));
    assert.equal(await client.connectionError(), PROTOCOL_ERROR);
  });

  it('3.4 an acknowledgement is not the first SETTINGS', async () => {
    using client = new RawClient(server.port);
    client.send(PREFACE, frame(SETTINGS, ACK, 0));
    assert.equal(await client.connectionError(), PROTOCOL_ERROR);
  });

  it('3.4 the preface and the first frames may come byte by byte', async () => {
    using client = new RawClient(server.port);
    for (const byte of Buffer.concat([PREFACE, frame(SETTINGS, 0, 0, setting(4, 100_000))]))
      client.send(Buffer.from([byte]));
    await client.next((f) => f.type === SETTINGS && f.flags === ACK);
    await assertServes(client);
  });

  it('6.5.3 SETTINGS are acknowledged in order, and ours come first', async () => {
    using client = await RawClient.open(server.port);
    assert.equal(client.frames[0]!.type, SETTINGS);
    assert.equal(client.frames[0]!.flags, 0);
    client.send(frame(SETTINGS, 0, 0, setting(3, 5)), frame(PING, 0, 0, Buffer.alloc(8)));
    const next = await client.next((f) => f.flags === ACK);
    assert.equal(next.type, SETTINGS);
  });

  it('6.7 a PING is answered with its payload', async () => {
    using client = await RawClient.open(server.port);
    client.send(frame(PING, 0, 0, Buffer.from('12345678')));
    const pong = await client.next((f) => f.type === PING);
    assert.equal(pong.flags, ACK);
    assert.equal(pong.payload.toString(), '12345678');
  });
});
