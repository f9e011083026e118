import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { ProtobufError } from '@perdure/api/wire';
import * as fc from 'fast-check';
import protobuf from 'protobufjs';
import { loadSources } from '../scripts/sources.ts';
import { sampleMessage } from './codecs.oracle.ts';

const sources = loadSources();
const codecs = new Map<string, AnyCodec>();

/** A MessageType whose message type the compiler does not know. */
interface AnyCodec {
  readonly typeName: string;
  decode(bytes: Uint8Array): unknown;
  encode(message: object): Uint8Array;
  encodePooled(message: object): Uint8Array;
}

/** The ones that carry the load get many samples, every other type a few. */
const hot = [
  'history.v1.HistoryEvent',
  'history.v1.History',
  'command.v1.Command',
  'failure.v1.Failure',
  'common.v1.Payload',
  'common.v1.Link',
  'workflowservice.v1.StartWorkflowExecutionRequest',
  'workflowservice.v1.PollWorkflowTaskQueueResponse',
  'workflowservice.v1.RespondWorkflowTaskCompletedRequest',
  'workflowservice.v1.DescribeWorkflowExecutionResponse',
  'errordetails.v1.MultiOperationExecutionFailure',
].map((name) => `temporal.api.${name}`);

before(async () => {
  for (const { home, file, messages } of sources.modules) {
    if (home !== 'api') continue;
    const module = (await import(`@perdure/api/${file}`)) as Record<string, AnyCodec>;
    for (const { fullName, name } of messages) codecs.set(fullName, module[name] as AnyCodec);
  }
});

function check(typeName: string, numRuns: number): void {
  const codec = codecs.get(typeName) as AnyCodec;
  const type = sources.root.lookupType(typeName);
  fc.assert(
    fc.property(fc.gen(), (gen) => {
      const { init, theirs, expected } = sampleMessage(gen, type);
      const bytes = codec.encode(init);
      assert.deepEqual(bytes, new Uint8Array(type.encode(theirs).finish()), 'same bytes as protobufjs');
      assert.deepEqual(codec.encodePooled(init), bytes);
      assert.deepEqual(codec.decode(bytes), expected);
      assert.deepEqual(codec.decode(Buffer.from(bytes)), expected);
    }),
    { numRuns },
  );
}

test('every message type is read and written as protobufjs does', () => {
  assert.ok(codecs.size > 600, `${codecs.size} codecs`);
  for (const [typeName, codec] of codecs) {
    assert.equal(codec.typeName, typeName);
    check(typeName, 4);
  }
});

for (const typeName of hot) {
  test(`${typeName} is read and written as protobufjs does`, () => check(typeName, 150));
}

test('unknown fields of every wire type are stepped over', () => {
  const type = sources.root.lookupType('temporal.api.command.v1.Command');
  const codec = codecs.get('temporal.api.command.v1.Command') as AnyCodec;
  // Field 9999: a varint of ten bytes, 8 bytes, a string, 4 bytes.
  const unknown = [
    [0xf8, 0xf0, 4, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1],
    [0xf9, 0xf0, 4, 1, 2, 3, 4, 5, 6, 7, 8],
    [0xfa, 0xf0, 4, 3, 10, 1, 0],
    [0xfd, 0xf0, 4, 1, 2, 3, 4],
  ];
  fc.assert(
    fc.property(fc.gen(), (gen) => {
      const { theirs, expected } = sampleMessage(gen, type);
      const bytes = type.encode(theirs).finish();
      assert.deepEqual(codec.decode(Uint8Array.from([...unknown.flat(), ...bytes, ...unknown.flat()])), expected);
    }),
    { numRuns: 50 },
  );
});

/** Anything but a value or a ProtobufError is a bug. */
function decodeAnyhow(codec: AnyCodec, bytes: Uint8Array): void {
  try {
    codec.decode(bytes);
  } catch (error) {
    assert.ok(error instanceof ProtobufError, String(error));
  }
}

test('garbage gives a ProtobufError or a message, never anything else', () => {
  for (const typeName of [...hot, 'google.protobuf.Value', 'google.rpc.Status']) {
    const codec = codecs.get(typeName) as AnyCodec;
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => decodeAnyhow(codec, bytes)),
      { numRuns: 300 },
    );
  }
});

test('a damaged or cut message gives a ProtobufError or another message', () => {
  for (const typeName of hot) {
    const type = sources.root.lookupType(typeName);
    const codec = codecs.get(typeName) as AnyCodec;
    fc.assert(
      fc.property(fc.gen(), (gen) => {
        const bytes = new Uint8Array(type.encode(sampleMessage(gen, type).theirs).finish());
        const at = gen(fc.nat, { max: Math.max(0, bytes.length - 1) });
        decodeAnyhow(codec, bytes.subarray(0, at));
        if (bytes.length > 0) bytes[at] = gen(fc.nat, { max: 255 });
        decodeAnyhow(codec, bytes);
      }),
      { numRuns: 100 },
    );
  }
});

/** What protobufjs takes for a 64-bit integer. */
const Long = protobuf.util.Long as unknown as { fromString(decimal: string): unknown };

test('an int64 above 2^53 is rounded, not refused', () => {
  const codec = codecs.get('google.protobuf.Int64Value') as AnyCodec;
  const theirs = sources.root.lookupType('google.protobuf.Int64Value');
  for (const value of [2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n + 1n]) {
    const long = Long.fromString(String(value));
    assert.deepEqual(codec.decode(theirs.encode({ value: long }).finish()), { value: Number(value) });
  }
});
