import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Payload, Payloads, WorkflowExecution } from '@perdure/api/common';
import { JsonError, loadSchema, messageFromJson, messageToJson, parseJson } from '@perdure/api/json';
import { ProtobufError } from '@perdure/api/wire';
import * as fc from 'fast-check';
import { jsonPayload, jsonPayloads } from '../payloads.ts';
import { JSON_DEPTH_MAX } from './json-node.ts';
import { nodeToText } from './json-writer.ts';

const schema = await loadSchema();

/** What a JSON text becomes when it is read as that type and written again. */
function again(typeName: string, text: string, options = {}): string {
  const type = typeName.includes('.v1.') ? `temporal.api.${typeName}` : `google.protobuf.${typeName}`;
  return messageToJson(schema, type, messageFromJson(schema, type, text, options), options);
}

function refused(typeName: string, text: string, message: string | RegExp): void {
  assert.throws(
    () => again(typeName, text),
    (error) => {
      assert(error instanceof JsonError, String(error));
      if (typeof message === 'string') assert.equal(error.message, message);
      else assert.match(error.message, message);
      return true;
    },
  );
}

test('integers are read from numbers and strings, exactly, and written as strings when they have 64 bits', () => {
  for (const [type, text, written] of [
    ['Int64Value', '"9223372036854775807"', '"9223372036854775807"'],
    ['Int64Value', '-9223372036854775808', '"-9223372036854775808"'],
    ['Int64Value', '9007199254740993', '"9007199254740993"'],
    ['Int64Value', '12.50e2', '"1250"'],
    ['Int64Value', '120e-1', '"12"'],
    ['Int64Value', '0.0', '"0"'],
    ['UInt64Value', '18446744073709551615', '"18446744073709551615"'],
    ['Int32Value', '"-2147483648"', '-2147483648'],
    ['UInt32Value', '4294967295', '4294967295'],
  ] as const) {
    assert.equal(again(type, text), written);
  }
  const past = {
    Int64Value: '9223372036854775808',
    UInt64Value: '-1',
    Int32Value: '2147483648',
    UInt32Value: '4294967296',
  };
  for (const [type, text] of Object.entries(past)) refused(type, text, /^\(line 1:1\): .* is not a whole number from /);
  for (const text of ['1.5', '"1.5"', '1e-1', '""', '" 1"', '"0x1"', 'true', '{}', '1e999']) {
    refused('Int64Value', text, / is not a whole number/);
  }
});

test('every integer of 64 bits is the same again', () => {
  const types = [
    ['Int64Value', fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })],
    ['UInt64Value', fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })],
  ] as const;
  for (const [type, numbers] of types) {
    fc.assert(fc.property(numbers, (number) => assert.equal(again(type, String(number)), `"${number}"`)));
  }
});

test('floating-point numbers have the shortest text, and names where there are no numbers', () => {
  for (const text of ['1.5', '-0', '1e+21', '5e-324', '0.1', '"NaN"', '"Infinity"', '"-Infinity"']) {
    assert.equal(again('DoubleValue', text), text);
  }
  for (const text of ['0.1', '16777216', '3.4028235e+38', '1e-45', '1.1754944e-38', '"NaN"']) {
    assert.equal(again('FloatValue', text), text);
  }
  assert.equal(again('DoubleValue', '"2.5"'), '2.5');
  refused('FloatValue', '3.5e38', /is not within the range of a float/);
  refused('DoubleValue', '1e400', /is not within the range of a double/);
  refused('DoubleValue', '"nan"', /is not a number/);
  fc.assert(
    fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (number) => {
      assert.ok(
        Object.is(Math.fround(Number(again('FloatValue', `${Object.is(number, -0) ? '-0' : number}`))), number),
      );
    }),
  );
});

test('bytes are base64, standard or for URLs, with or without padding', () => {
  for (const text of ['"+/8="', '"-_8="', '"-_8"', '"+/8"']) assert.equal(again('BytesValue', text), '"+/8="');
  for (const text of ['"+/8=="', '"A"', '"%%"', '"QQ="', '"QUJD="', '5', 'null '])
    refused('BytesValue', text, /is not /);
});

test('times have as many digits as they need, and any offset is understood', () => {
  for (const [text, written] of [
    ['2026-01-31T10:00:00Z', '2026-01-31T10:00:00Z'],
    ['2026-01-31t10:00:00.5z', '2026-01-31T10:00:00.500Z'],
    ['2026-01-31T10:00:00.000001Z', '2026-01-31T10:00:00.000001Z'],
    ['1969-12-31T23:59:59.999999999Z', '1969-12-31T23:59:59.999999999Z'],
    ['2026-01-31T10:00:00+05:30', '2026-01-31T04:30:00Z'],
    ['2026-01-31T10:00:00-08:00', '2026-01-31T18:00:00Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00Z'],
    ['9999-12-31T23:59:59.999999999Z', '9999-12-31T23:59:59.999999999Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00Z'],
  ] as const) {
    assert.equal(again('Timestamp', `"${text}"`), `"${written}"`);
  }
  refused('Timestamp', '"0001-01-01T00:00:00+00:01"', '(line 1:1): a time must be in the years 1 to 9999');
  for (const text of [
    '2026-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-01-31',
    '2026-01-31T10:00:00',
    '0000-01-01T00:00:00.1234567890Z',
    '',
  ]) {
    refused('Timestamp', `"${text}"`, /is not a time such as/);
  }
});

test('durations are seconds', () => {
  for (const [text, written] of [
    ['1.5s', '1.500s'],
    ['-0.000000001s', '-0.000000001s'],
    ['-1s', '-1s'],
    ['0s', '0s'],
    ['315576000000s', '315576000000s'],
  ] as const) {
    assert.equal(again('Duration', `"${text}"`), `"${written}"`);
  }
  refused('Duration', '"315576000000.000000001s"', '(line 1:1): a duration may have at most 315576000000 seconds');
  for (const text of ['1', '1m', '+1s', '1.s', '1.0000000001s', ''])
    refused('Duration', `"${text}"`, /is not a duration/);
});

test('a time or duration outside of its range becomes its end, so that the rest can be shown', () => {
  const far = messageFromJson(schema, 'google.protobuf.Int64Value', '"999999999999999"');
  assert.equal(messageToJson(schema, 'google.protobuf.Timestamp', far), '"9999-12-31T23:59:59.999999999Z"');
  assert.equal(messageToJson(schema, 'google.protobuf.Duration', far), '"315576000000s"');
});

test('enums have names, long or short, or numbers', () => {
  const type = 'history.v1.HistoryEvent';
  for (const value of ['"EVENT_TYPE_TIMER_STARTED"', '"TimerStarted"', '"TIMER_STARTED"', '17', '"17"']) {
    assert.equal(again(type, `{"eventType": ${value}}`), '{"eventType":"EVENT_TYPE_TIMER_STARTED"}');
  }
  assert.equal(again(type, '{"eventType": 9999}'), '{"eventType":9999}');
  refused(type, '{"eventType": "Nonsense"}', '(line 1:15): temporal.api.enums.v1.EventType has no value "Nonsense"');
});

test('special types of google.protobuf have the forms that they are known by', () => {
  assert.equal(again('FieldMask', '"priority,retryPolicy.maximumAttempts"'), '"priority,retryPolicy.maximumAttempts"');
  assert.equal(again('FieldMask', '""'), '""');
  const value = '{"a":[1,"x",null,true,{"b":{}}],"1":-2.5}';
  assert.equal(again('Struct', value), value);
  assert.equal(again('Value', '[1,null]'), '[1,null]');
  const any = '{"@type":"type.googleapis.com/temporal.api.common.v1.WorkflowExecution","workflowId":"w"}';
  assert.equal(again('Any', any), any);
  const time = '{"@type":"type.googleapis.com/google.protobuf.Duration","value":"2s"}';
  assert.equal(again('Any', time), time);
  const unknown = '{"@type":"example.com/nobody.Knows","value":"AQI="}';
  assert.equal(again('Any', unknown), unknown);
  assert.equal(again('Any', '{}'), '{}');
  refused('Any', '{"workflowId": "w"}', '(line 1:1): "@type" must name the type of the message');
});

test('both spellings of fields are read, and null is the same as absent', () => {
  const type = 'common.v1.WorkflowExecution';
  assert.equal(again(type, '{"workflow_id": "w", "runId": null}'), '{"workflowId":"w"}');
  refused(type, '{"workflow_id": "w",\n "workflowId": "x"}', '(line 2:2): duplicate field "workflowId"');
  refused(type, '{"workflowID": "w"}', /^\(line 1:2\): unknown field "workflowID"/);
  refused(type, '{"workflowId": 5}', '(line 1:16): 5 is not a string');
  refused(type, '[]', /an array is not an object/);
  const ignored = messageFromJson(schema, `temporal.api.${type}`, '{"nobody": {"knows": 1}, "runId": "r"}', {
    ignoreUnknown: true,
  });
  assert.equal(WorkflowExecution.decode(ignored).runId, 'r');
});

test('only one member of a oneof may be set', () => {
  const type = 'common.v1.Link';
  assert.equal(again(type, '{"workflowEvent": {}, "batchJob": null}'), '{"workflowEvent":{}}');
  refused(
    type,
    '{"workflowEvent": {}, "batchJob": {}}',
    '(line 1:23): only one of "workflowEvent" and "batchJob" may be set',
  );
});

test('of a field that came twice the last one counts, messages are merged', () => {
  const twice = (typeName: string, ...texts: string[]) => {
    const parts = texts.map((text) => messageFromJson(schema, `temporal.api.${typeName}`, text));
    return messageToJson(schema, `temporal.api.${typeName}`, Buffer.concat(parts));
  };
  assert.equal(twice('common.v1.WorkflowExecution', '{"workflowId":"a"}', '{"workflowId":"b"}'), '{"workflowId":"b"}');
  assert.equal(
    twice('common.v1.Link', '{"workflowEvent":{"namespace":"n"}}', '{"workflowEvent":{"runId":"r"}}'),
    '{"workflowEvent":{"namespace":"n","runId":"r"}}',
  );
  assert.equal(twice('common.v1.Link', '{"batchJob":{"jobId":"j"}}', '{"workflowEvent":{}}'), '{"workflowEvent":{}}');
  assert.equal(
    twice('common.v1.Payload', '{"metadata":{"a":"AQ=="}}', '{"metadata":{"a":"Ag=="}}'),
    '{"metadata":{"a":"Ag=="}}',
  );
});

test('garbage is not a message', () => {
  const type = 'temporal.api.history.v1.History';
  for (const bytes of [[10], [10, 5, 1], [11], [10, 4, 26, 2, 8]]) {
    assert.throws(() => messageToJson(schema, type, Uint8Array.from(bytes)), ProtobufError);
  }
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      try {
        JSON.parse(messageToJson(schema, type, bytes));
      } catch (error) {
        assert(error instanceof ProtobufError, String(error));
      }
    }),
  );
});

test('messages may be nested as deep as in the wire format, and be shown in answers that are deeper', () => {
  const type = 'temporal.api.failure.v1.Failure';
  const nested = (depth: number) => '{"cause":'.repeat(depth) + '{}' + '}'.repeat(depth);
  let bytes: Uint8Array = messageFromJson(schema, type, nested(99));
  assert.equal(messageToJson(schema, type, bytes), nested(99));
  refused('failure.v1.Failure', nested(100), /messages are nested deeper than 100/);
  const wrap = () =>
    (bytes = Buffer.concat(
      [[0x22, 0x80 | (bytes.length & 127), bytes.length >> 7], bytes].map((part) => Buffer.from(part)),
    ));
  for (let depth = 100; depth < 200; depth++) assert.equal(messageToJson(schema, type, wrap()), nested(depth));
  assert.throws(() => messageToJson(schema, type, wrap()), ProtobufError);
});

test('JSON is read as JSON.parse reads it, and what it refuses is refused with the place', () => {
  fc.assert(
    fc.property(fc.json(), (text) => assert.deepEqual(JSON.parse(nodeToText(parseJson(text))), JSON.parse(text))),
  );
  for (const [text, place] of [
    ['', '1:1'],
    ['{"a" 1}', '1:6'],
    ['{"a":1,}', '1:8'],
    ['[1 2]', '1:4'],
    ['{"a":\n  tru}', '2:3'],
    ['01', '1:2'],
    ['"\n"', '1:2'],
    ['"\\x"', '1:2'],
    ['"abc', '1:5'],
    ['1 1', '1:3'],
    ['{a:1}', '1:2'],
    ['"\\ud800"', '1:1'],
  ] as const) {
    assert.throws(
      () => parseJson(text),
      (error) => error instanceof JsonError && error.message.startsWith(`syntax error (line ${place}): `),
      text,
    );
  }
});

test('JSON may be nested deeply, but not so deeply that reading it fails', () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
  assert.equal(nodeToText(parseJson(nested(JSON_DEPTH_MAX))), nested(JSON_DEPTH_MAX));
  for (const depth of [JSON_DEPTH_MAX + 1, 1_000_000])
    assert.throws(() => parseJson(nested(depth)), /nested deeper than 500/);
});

const shorthand = { payloadShorthand: true };

test('payloads of JSON are shown as their values, to the last digit', () => {
  const values = ['"Ada"', '42', '12345678901234567890', '1.0', 'null', '{"b":1,"a":[]}', '{"2":0,"1":0}'];
  const text = `[${values.join(',')}]`;
  assert.equal(again('common.v1.Payloads', text, shorthand), text);
  const ours = messageToJson(
    schema,
    'temporal.api.common.v1.Payloads',
    jsonPayloads('x', undefined, { y: 1 }),
    shorthand,
  );
  assert.equal(ours, '["x",null,{"y":1}]');
  const [, second] = Payloads.decode(
    messageFromJson(schema, 'temporal.api.common.v1.Payloads', '[1, null]', shorthand),
  ).payloads;
  assert.equal(
    Buffer.from(Payload.decode(second as Uint8Array).metadata.get('encoding') ?? []).toString(),
    'binary/null',
  );
});

test('a payload that says more than its value is shown whole, and so are its neighbours', () => {
  const typed = Payloads.encode({ payloads: [jsonPayload('x'), jsonPayload('y', { type: 'Keyword' })] });
  const json = messageToJson(schema, 'temporal.api.common.v1.Payloads', typed, shorthand);
  assert.match(
    json,
    /^\{"payloads":\["x",\{"metadata":\{"encoding":"anNvbi9wbGFpbg==","type":"S2V5d29yZA=="\},"data":"Inki"\}\]\}$/,
  );
  assert.deepEqual(messageFromJson(schema, 'temporal.api.common.v1.Payloads', json, shorthand), typed);
});

test('a value that looks like a payload is not mistaken for one', () => {
  for (const value of [{ metadata: { encoding: 'eA==' }, data: 'eA==' }, { _protoMessageType: 'x.Y' }]) {
    const payload = jsonPayload(value);
    const json = messageToJson(schema, 'temporal.api.common.v1.Payload', payload, shorthand);
    assert.deepEqual(messageFromJson(schema, 'temporal.api.common.v1.Payload', json, shorthand), payload);
  }
  const json = '{"metadata":{"encoding":"not base64!"}}';
  assert.equal(again('common.v1.Payload', json, shorthand), json);
});

test('JSON of a message names its type', () => {
  const json = '{"_protoMessageType":"example.Order","id":"7"}';
  assert.equal(again('common.v1.Payload', json, shorthand), json);
  const { metadata, data } = Payload.decode(messageFromJson(schema, 'temporal.api.common.v1.Payload', json, shorthand));
  assert.equal(Buffer.from(metadata.get('messageType') ?? []).toString(), 'example.Order');
  assert.equal(Buffer.from(data).toString(), '{"id":"7"}');
});

test('any JSON value is the same again as a payload', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify([value]);
      assert.deepEqual(JSON.parse(again('common.v1.Payloads', text, shorthand)), JSON.parse(text));
    }),
  );
});

test('a payload that says it is JSON and is not is shown whole', () => {
  const broken = Payload.encode({
    metadata: new Map([['encoding', Buffer.from('json/plain')]]),
    data: Buffer.from('{'),
  });
  assert.equal(
    messageToJson(schema, 'temporal.api.common.v1.Payload', broken, shorthand),
    '{"metadata":{"encoding":"anNvbi9wbGFpbg=="},"data":"ew=="}',
  );
});

test('pretty JSON is indented as JSON.stringify does', () => {
  const json = '{"payloads":[{"metadata":{"encoding":"eA=="}},{}]}';
  const bytes = messageFromJson(schema, 'temporal.api.common.v1.Payloads', json);
  const pretty = messageToJson(schema, 'temporal.api.common.v1.Payloads', bytes, { pretty: true });
  assert.equal(pretty, JSON.stringify(JSON.parse(json), null, 2));
});
