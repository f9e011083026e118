import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Payload, Payloads } from '@perdure/api/common';
import { EventType, EventTypeNames } from '@perdure/api/enums';
import { ListValue, Value } from '@perdure/api/google';
import { History, HistoryEvent } from '@perdure/api/history';
import { WorkflowQuery } from '@perdure/api/query';
import { depthMax, encodeField, ProtobufError, Reader, splitField, Writer } from '@perdure/api/wire';
import * as fc from 'fast-check';

function written(write: (writer: Writer) => void): Uint8Array {
  const writer = Writer.acquire();
  write(writer);
  return writer.finish();
}

function readerOf(...bytes: number[]): Reader {
  return new Reader(Uint8Array.from(bytes));
}

/** One field of a message, read back after its tag. */
function field(write: (writer: Writer) => void): Reader {
  const result = new Reader(written(write));
  result.tag();
  return result;
}

describe('numbers', () => {
  const kinds = {
    int32: fc.integer(),
    sint32: fc.integer(),
    sfixed32: fc.integer(),
    uint32: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    fixed32: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    int64: fc.maxSafeInteger(),
    sint64: fc.integer({ min: -(2 ** 52), max: 2 ** 52 }),
    sfixed64: fc.maxSafeInteger(),
    uint64: fc.maxSafeNat(),
    fixed64: fc.maxSafeNat(),
    double: fc.double(),
    float: fc.float(),
  } as const;
  for (const [name, arbitrary] of Object.entries(kinds)) {
    const kind = name as keyof typeof kinds;
    test(`${kind} comes back, with and without a tag`, () => {
      fc.assert(
        fc.property(arbitrary, (value) => {
          assert.equal(field((w) => w[kind](8, value))[kind](), value);
          assert.equal(new Reader(written((w) => w[`${kind}Value`](value)))[kind](), value);
        }),
      );
    });
  }

  test('a negative int32 and int64 take ten bytes, as other implementations expect', () => {
    const minusOne = Uint8Array.from([8, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1]);
    assert.deepEqual(
      written((w) => w.int32(8, -1)),
      minusOne,
    );
    assert.deepEqual(
      written((w) => w.int64(8, -1)),
      minusOne,
    );
  });

  test('int64 reaches its ends', () => {
    assert.equal(field((w) => w.int64(8, -(2 ** 63))).int64(), -(2 ** 63));
    assert.equal(field((w) => w.uint64(8, 2 ** 63)).uint64(), 2 ** 63);
    for (const value of [-(2 ** 60), 2 ** 60, -(2 ** 63)])
      assert.equal(field((w) => w.sint64(8, value)).sint64(), value);
  });

  test('what is no 64-bit integer is a bug of the caller', () => {
    for (const value of [2 ** 64, -(2 ** 63) * 1.1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 40 + 0.5]) {
      assert.throws(() => new Writer().int64(8, value), RangeError);
    }
  });

  test('a varint keeps its low bits when it is longer than the type', () => {
    assert.equal(readerOf(255, 255, 255, 255, 255, 255, 255, 255, 255, 1).int32(), -1);
    assert.equal(readerOf(128, 128, 128, 128, 128, 128, 1).bool(), true);
    assert.equal(readerOf(128, 0).bool(), false);
  });
});

describe('text', () => {
  test('any text comes back, whatever its length', () => {
    const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.string({ maxLength: 300 }));
    fc.assert(fc.property(text, (value) => assert.equal(field((w) => w.string(10, value)).string(), value)));
    for (const length of [0, 1, 8, 9, 40, 41, 127, 128, 16383, 16384, 70_000]) {
      for (const letter of ['x', 'é', '漢']) {
        const value = letter.repeat(length);
        assert.equal(field((w) => w.string(10, value)).string(), value);
      }
    }
  });

  test('a real U+FFFD is text, invalid UTF-8 is an error', () => {
    assert.equal(field((w) => w.string(10, 'a\ufffdb and more')).string(), 'a\ufffdb and more');
    for (const bad of [[0xff], [0xc3], [0xe2, 0x82], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xc0, 0x80]]) {
      for (const padding of [0, 20]) {
        const bytes = [...bad, ...Array.from({ length: padding }, () => 97)];
        assert.throws(() => readerOf(bytes.length, ...bytes).string(), ProtobufError);
      }
    }
  });

  test('half a surrogate pair becomes U+FFFD', () => {
    assert.equal(field((w) => w.string(10, 'a\ud800')).string(), 'a\ufffd');
  });
});

const timestamp = (ms: number) => field((w) => w.timestamp(10, ms)).timestamp();
const duration = (ms: number) => field((w) => w.duration(10, ms)).duration();
/** Seconds and nanos as they are on the wire. */
const parts = (write: (writer: Writer) => void) => {
  const inner = new Reader(field(write).bytes());
  const found: Record<number, number> = {};
  while (inner.pos < inner.limit) found[inner.tag() >> 3] = inner.int64();
  return [found[1] ?? 0, found[2] ?? 0];
};

describe('times', () => {
  test('whole and halved milliseconds are exact, on both sides of zero', () => {
    const epoch = fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 });
    fc.assert(fc.property(epoch, (ms) => assert.equal(timestamp(ms), ms)));
    fc.assert(fc.property(fc.integer({ min: -3e13, max: 3e13 }), (half) => assert.equal(duration(half / 2), half / 2)));
  });

  test('a timestamp counts its nanoseconds forward, a duration has one sign', () => {
    assert.deepEqual(
      parts((w) => w.timestamp(10, -0.000001)),
      [-1, 999_999_999],
    );
    assert.deepEqual(
      parts((w) => w.timestamp(10, -1500)),
      [-2, 500_000_000],
    );
    assert.deepEqual(
      parts((w) => w.duration(10, -1500.000001)),
      [-1, -500_000_001],
    );
    assert.deepEqual(
      parts((w) => w.duration(10, -0.25)),
      [0, -250_000],
    );
  });

  test('rounding to the nanosecond carries into the seconds', () => {
    assert.deepEqual(
      parts((w) => w.timestamp(10, 999.9999999)),
      [1, 0],
    );
    assert.deepEqual(
      parts((w) => w.timestamp(10, -0.0000001)),
      [0, 0],
    );
    assert.deepEqual(
      parts((w) => w.duration(10, 999.9999999)),
      [1, 0],
    );
    assert.deepEqual(
      parts((w) => w.duration(10, -999.9999999)),
      [-1, 0],
    );
    assert.deepEqual(
      parts((w) => w.duration(10, 0.0000005)),
      [0, 1],
    );
    assert.deepEqual(
      parts((w) => w.duration(10, -0.0000005)),
      [0, -1],
    );
  });

  test('what lies outside the range of the type becomes its end', () => {
    assert.deepEqual(
      parts((w) => w.duration(10, 1e300)),
      [315_576_000_000, 0],
    );
    assert.deepEqual(
      parts((w) => w.duration(10, -1e300)),
      [-315_576_000_000, 0],
    );
    assert.deepEqual(
      parts((w) => w.timestamp(10, 1e300)),
      [253_402_300_799, 999_999_999],
    );
    assert.deepEqual(
      parts((w) => w.timestamp(10, -1e300)),
      [-62_135_596_800, 0],
    );
    for (const ms of [Number.NaN, Number.POSITIVE_INFINITY]) {
      assert.throws(() => new Writer().duration(10, ms), RangeError);
      assert.throws(() => new Writer().timestamp(10, ms), RangeError);
    }
  });

  test('absent and zero differ', () => {
    assert.equal(HistoryEvent.decode(HistoryEvent.encode({ eventTime: 0 })).eventTime, 0);
    assert.equal(HistoryEvent.decode(HistoryEvent.encode({})).eventTime, undefined);
  });
});

/** A list in a list in a list ...: each level is two messages, Value and ListValue. */
function nested(levels: number): Uint8Array {
  let bytes: Uint8Array = new Uint8Array(0);
  for (let level = 0; level < levels; level++) {
    const inner = bytes;
    bytes = written((w) => w.bytes(level % 2 === 0 ? 10 : 50, inner));
  }
  return bytes;
}

describe('malformed input', () => {
  test('a length never reaches into what lies behind the input', () => {
    const part = Buffer.from('\u0003abSECRET').subarray(0, 3);
    assert.throws(() => new Reader(part).bytes(), ProtobufError);
    assert.throws(() => new Reader(part).string(), ProtobufError);
    assert.throws(() => new Reader(part).enter(), ProtobufError);
  });

  const malformed: Readonly<Record<string, readonly number[]>> = {
    'a tag without a value': [8],
    'a cut varint': [8, 128],
    'a varint of eleven bytes': [8, ...Array.from({ length: 10 }, () => 128), 1],
    'a tag of six bytes': [136, 128, 128, 128, 128, 0, 1],
    'a length past the end': [18, 5, 1],
    'a huge length': [18, 255, 255, 255, 255, 15],
    'field number 0': [0, 0],
    'a group': [11, 12],
    'wire type 6': [14],
    'wire type 7': [15],
    'cut fixed 4 bytes': [13, 1, 2, 3],
    'cut fixed 8 bytes': [9, 1, 2, 3, 4, 5, 6, 7],
    'a field that runs past its message': [10, 2, 10, 5, 1, 2, 3, 4, 5],
  };
  for (const [name, bytes] of Object.entries(malformed)) {
    test(`${name} is refused`, () => {
      assert.throws(() => Payload.decode(Uint8Array.from(bytes)), ProtobufError);
    });
  }

  test(`${depthMax} nested messages are accepted, one more is not`, () => {
    const inside = depthMax - 1;
    assert.equal(inside % 2, 1);
    ListValue.decode(nested(inside));
    assert.throws(() => Value.decode(nested(inside + 1)), /nested deeper/);
    assert.throws(() => Value.decode(nested(2000)), /nested deeper/);
  });

  test('many messages side by side are not depth', () => {
    const list = ListValue.encode({ values: Array.from({ length: 1000 }, () => ({ boolValue: true })) });
    assert.equal(ListValue.decode(list).values.length, 1000);
  });
});

describe('writer', () => {
  test('makes room when the length of a nested message is what no longer fits', () => {
    for (let size = 16_370; size <= 16_390; size++) {
      // A new one, whose buffer is still small.
      const writer = new Writer();
      const start = writer.open(10);
      writer.raw(new Uint8Array(size).fill(7));
      writer.close(start);
      assert.deepEqual(new Reader(writer.finish().subarray(1)).bytes(), new Uint8Array(size).fill(7));
    }
  });

  test('moves a nested message whose length needs more bytes, also across growth', () => {
    for (const size of [126, 127, 128, 16_382, 16_383, 16_384, 2_097_151, 2_097_152]) {
      const data = new Uint8Array(size).fill(7);
      const event = HistoryEvent.decode(
        HistoryEvent.encode({ markerRecordedEventAttributes: { markerName: 'm', failure: data } }),
      );
      assert.deepEqual(event.markerRecordedEventAttributes?.failure, data);
    }
  });

  test('an encode inside an encode, and one after a failure, are independent', () => {
    const message = {
      get identity() {
        return Buffer.from(Payload.encode({ data: new Uint8Array(3) })).toString('hex');
      },
    };
    assert.equal(HistoryEvent.encode({ workflowTaskStartedEventAttributes: message }).length > 5, true);
    assert.throws(() => HistoryEvent.encode({ eventId: 2 ** 70 }), RangeError);
    assert.deepEqual(HistoryEvent.encode({ eventId: 5 }), Uint8Array.from([8, 5]));
  });

  test('finish gives memory of its own, finishPooled does not overlap', () => {
    const own = HistoryEvent.encode({ eventId: 5 });
    assert.equal(own.buffer.byteLength, own.byteLength);
    const pieces = Array.from({ length: 20_000 }, (_, index) => HistoryEvent.encodePooled({ eventId: index }));
    for (const [index, piece] of pieces.entries()) assert.equal(HistoryEvent.decode(piece).eventId, index);
  });
});

test('a singular opaque field that comes twice is joined, which is how protobuf merges', () => {
  const history = encodeField(HistoryEvent, 1, { eventId: 1 });
  const more = encodeField(HistoryEvent, 1, { eventId: 2 });
  const twice = written((w) => {
    w.bytes(26, history);
    w.bytes(26, more);
  });
  const reader = new Reader(twice);
  let joined: Uint8Array | undefined;
  while (reader.pos < reader.limit) {
    reader.tag();
    joined = reader.opaque(undefined, joined);
  }
  assert.deepEqual(
    History.decode(joined as Uint8Array).events.map((event) => HistoryEvent.decode(event).eventId),
    [1, 2],
  );
});

test('pieces of an opaque field are joined in order, however many they are', () => {
  const pieces = 20_000;
  const encoded = written((w) => {
    for (let index = 0; index < pieces; index++) {
      w.bytes(26, Uint8Array.of(index & 127));
      w.bytes(34, Uint8Array.of(1, 2));
    }
  });
  const reader = new Reader(encoded);
  let first: Uint8Array | undefined;
  let second: Uint8Array | undefined;
  while (reader.pos < reader.limit) {
    if (reader.tag() === 26) first = reader.opaque(undefined, first);
    else second = reader.opaque(undefined, second);
  }
  assert.deepEqual(
    first,
    Uint8Array.from({ length: pieces }, (_, index) => index & 127),
  );
  assert.deepEqual(
    second,
    Uint8Array.from({ length: 2 * pieces }, (_, index) => 1 + (index % 2)),
  );
});

describe('what stays encoded', () => {
  const header = (bytes: Uint8Array) => written((w) => w.bytes(26, bytes));
  const metadata = (key: Uint8Array) =>
    written((w) =>
      w.bytes(
        10,
        written((e) => e.bytes(10, key)),
      ),
    );
  const payload = (bytes: Uint8Array) =>
    header(
      written((w) =>
        w.bytes(
          10,
          written((e) => e.bytes(18, bytes)),
        ),
      ),
    );
  const wrong: Readonly<Record<string, Uint8Array>> = {
    'a length past the end': header(Uint8Array.of(10, 127)),
    'a message that is cut off': payload(Uint8Array.of(18)),
    'a group': payload(Uint8Array.of(11)),
    'a text that is not UTF-8': payload(metadata(Uint8Array.of(255))),
    'a long text that is not UTF-8': payload(metadata(new Uint8Array(100).fill(255, 99))),
  };
  for (const [what, bytes] of Object.entries(wrong)) {
    test(`${what}: only decodeStrict looks`, () => {
      assert.throws(() => WorkflowQuery.decodeStrict(bytes), ProtobufError);
      WorkflowQuery.decode(bytes);
    });
  }

  test('decodeStrict accepts what is well-formed, and gives the same', () => {
    const good = [
      metadata(Buffer.from('é'.repeat(100))),
      metadata(Buffer.from('a'.repeat(31) + 'é')),
      new Uint8Array(0),
    ];
    for (const content of good) {
      const bytes = payload(content);
      assert.deepEqual(WorkflowQuery.decodeStrict(bytes), WorkflowQuery.decode(bytes));
    }
  });
});

function scheduled(w: Writer): void {
  HistoryEvent.write(w, { activityTaskScheduledEventAttributes: { activityId: 'a' } });
}

test('a message that comes twice is merged, and the last member of a oneof wins', () => {
  const attributes = { activityTaskScheduledEventAttributes: { activityType: { name: 't' } } };
  const merged = HistoryEvent.decode(
    written((w) => {
      scheduled(w);
      HistoryEvent.write(w, attributes);
    }),
  );
  assert.equal(merged.activityTaskScheduledEventAttributes?.activityId, 'a');
  assert.deepEqual(merged.activityTaskScheduledEventAttributes?.activityType, { name: 't' });
  const last = HistoryEvent.decode(
    written((w) => {
      scheduled(w);
      HistoryEvent.write(w, { timerFiredEventAttributes: { timerId: 'x' } });
    }),
  );
  assert.equal(last.activityTaskScheduledEventAttributes, undefined);
  assert.equal(last.timerFiredEventAttributes?.timerId, 'x');
});

test('bytes are views into the input, also when it is a part of a larger buffer', () => {
  const input = Buffer.concat([
    Buffer.from('before'),
    Payloads.encode({ payloads: [Uint8Array.from([1, 2])] }),
  ]).subarray(6);
  const payload = Payloads.decode(input).payloads[0] as Uint8Array;
  assert.deepEqual(payload, Uint8Array.from([1, 2]));
  assert.equal(payload.buffer, input.buffer);
});

test('splitField gives the events of a history one by one', () => {
  const events = [1, 2, 3].map((eventId) => HistoryEvent.encode({ eventId }));
  assert.deepEqual(splitField(History.encode({ events }), 1), events);
  assert.deepEqual(splitField(History.encode({ events }), 2), []);
});

test('names of enum values, in both forms and both ways', () => {
  assert.equal(EventTypeNames.name(EventType.TIMER_FIRED), 'TIMER_FIRED');
  assert.equal(EventTypeNames.fullName(EventType.TIMER_FIRED), 'EVENT_TYPE_TIMER_FIRED');
  assert.equal(EventTypeNames.parse('TIMER_FIRED'), EventType.TIMER_FIRED);
  assert.equal(EventTypeNames.parse('EVENT_TYPE_TIMER_FIRED'), EventType.TIMER_FIRED);
  assert.equal(EventTypeNames.fullName(9999), '9999');
  assert.equal(EventTypeNames.parse('toString'), undefined);
});
