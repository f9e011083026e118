// Requests that break the rules of RFC 9113 section 8, by section.

import { after, before, describe, it } from 'node:test';
import {
  DATA,
  END_HEADERS,
  END_STREAM,
  frame,
  HEADERS,
  headerBlock,
  message,
  requestFields,
} from '../testing/raw-client.ts';
import { checkCase, PROTOCOL_ERROR, type RfcCase } from '../testing/rfc-case.ts';
import { ECHO, TestServer, WAIT } from '../testing/test-server.ts';

const open = frame(HEADERS, END_HEADERS, 1, headerBlock(requestFields(ECHO)));
const openWait = frame(HEADERS, END_HEADERS, 1, headerBlock(requestFields(WAIT)));

function withFields(...fields: (readonly [string, string])[]): Uint8Array {
  return frame(HEADERS, END_HEADERS | END_STREAM, 1, headerBlock(fields));
}

function withExtra(...fields: (readonly [string, string])[]): Uint8Array {
  return withFields(...requestFields(ECHO), ...fields);
}

function without(name: string): Uint8Array {
  return withFields(...requestFields(ECHO).filter(([field]) => field !== name));
}

const CASES: readonly RfcCase[] = [
  {
    section: '8.1',
    what: 'a second header block without END_STREAM',
    send: [openWait, frame(HEADERS, END_HEADERS, 1, headerBlock([['x', 'y']]))],
    streamError: PROTOCOL_ERROR,
  },
  {
    section: '8.1',
    what: 'pseudo fields in trailers',
    send: [openWait, frame(HEADERS, END_HEADERS | END_STREAM, 1, headerBlock([[':method', 'POST']]))],
    streamError: PROTOCOL_ERROR,
  },
  {
    section: '8.1',
    what: 'accepts trailers',
    send: [
      open,
      frame(DATA, 0, 1, message('')),
      frame(HEADERS, END_HEADERS | END_STREAM, 1, headerBlock([['x', 'y']])),
    ],
  },
  {
    section: '8.1.1',
    what: 'less DATA than content-length says',
    send: [
      frame(HEADERS, END_HEADERS, 1, headerBlock(requestFields(ECHO, {}).concat([['content-length', '9']]))),
      frame(DATA, END_STREAM, 1, message('')),
    ],
    streamError: PROTOCOL_ERROR,
  },
  {
    section: '8.1.1',
    what: 'more DATA than content-length says',
    send: [
      frame(HEADERS, END_HEADERS, 1, headerBlock(requestFields(WAIT).concat([['content-length', '5']]))),
      frame(DATA, 0, 1, message('')),
      frame(DATA, 0, 1, Buffer.alloc(1)),
    ],
    streamError: PROTOCOL_ERROR,
  },
  {
    section: '8.1.1',
    what: 'no DATA where content-length says some',
    send: [withExtra(['content-length', '1'])],
    streamError: PROTOCOL_ERROR,
  },
  {
    section: '8.2.1',
    what: 'upper case in a field name',
    send: [withExtra(['X-Upper', 'v'])],
    streamError: PROTOCOL_ERROR,
  },
  { section: '8.2.1', what: 'a blank in a field name', send: [withExtra(['a b', 'v'])], streamError: PROTOCOL_ERROR },
  { section: '8.2.1', what: 'an empty field name', send: [withExtra(['', 'v'])], streamError: PROTOCOL_ERROR },
  { section: '8.2.1', what: 'NUL in a value', send: [withExtra(['x', 'a\0b'])], streamError: PROTOCOL_ERROR },
  { section: '8.2.1', what: 'line feed in a value', send: [withExtra(['x', 'a\nb'])], streamError: PROTOCOL_ERROR },
  {
    section: '8.2.1',
    what: 'a value that starts with a blank',
    send: [withExtra(['x', ' a'])],
    streamError: PROTOCOL_ERROR,
  },
  {
    section: '8.2.1',
    what: 'a value that ends with a tab',
    send: [withExtra(['x', 'a\t'])],
    streamError: PROTOCOL_ERROR,
  },
  {
    section: '8.2.2',
    what: 'connection',
    send: [withExtra(['connection', 'keep-alive'])],
    streamError: PROTOCOL_ERROR,
  },
  {
    section: '8.2.2',
    what: 'transfer-encoding',
    send: [withExtra(['transfer-encoding', 'chunked'])],
    streamError: PROTOCOL_ERROR,
  },
  { section: '8.2.2', what: 'te other than trailers', send: [withExtra(['te', 'gzip'])], streamError: PROTOCOL_ERROR },
  {
    section: '8.3',
    what: 'an unknown pseudo field',
    send: [withFields([':foo', 'x'], ...requestFields(ECHO))],
    streamError: PROTOCOL_ERROR,
  },
  {
    section: '8.3',
    what: 'a pseudo field of responses',
    send: [withFields([':status', '200'], ...requestFields(ECHO))],
    streamError: PROTOCOL_ERROR,
  },
  {
    section: '8.3',
    what: 'a pseudo field after a regular one',
    send: [withExtra([':authority', 'late'])],
    streamError: PROTOCOL_ERROR,
  },
  {
    section: '8.3',
    what: 'a pseudo field twice',
    send: [withFields([':method', 'POST'], ...requestFields(ECHO))],
    streamError: PROTOCOL_ERROR,
  },
  { section: '8.3.1', what: 'no :method', send: [without(':method')], streamError: PROTOCOL_ERROR },
  { section: '8.3.1', what: 'no :scheme', send: [without(':scheme')], streamError: PROTOCOL_ERROR },
  { section: '8.3.1', what: 'no :path', send: [without(':path')], streamError: PROTOCOL_ERROR },
  { section: '8.3.1', what: 'an empty :path', send: [withFields(...requestFields(''))], streamError: PROTOCOL_ERROR },
  { section: '8.3.1', what: 'no fields at all', send: [withFields()], streamError: PROTOCOL_ERROR },
];

describe('RFC 9113 section 8', () => {
  let server: TestServer;
  before(async () => void (server = await TestServer.start()));
  after(() => server[Symbol.asyncDispose]());

  for (const rfcCase of CASES) it(`${rfcCase.section} ${rfcCase.what}`, () => checkCase(server.port, rfcCase));
});
