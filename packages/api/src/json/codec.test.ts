import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadSchema, MessageTooLargeError, messageFromJson, messageToJson } from '@perdure/api/json';
import * as fc from 'fast-check';
import protojson from 'protobufjs/ext/protojson.js';
import { messageModel } from '../../scripts/model.ts';
import { loadSources } from '../../scripts/sources.ts';
import { sampleMessage } from '../codecs.oracle.ts';

const sources = loadSources();
const schema = await loadSchema();

/** The JSON forms of these do not say all that the messages do; they have tests of their own. */
const LOSSY = new Set(['FieldMask', 'Value'].map((name) => `google.protobuf.${name}`));
/** Only in the range that they may have, as fields of other messages. */
const TIMES = new Set(['Timestamp', 'Duration'].map((name) => `google.protobuf.${name}`));
const oracleTypes = ['history.v1.HistoryEvent', 'schedule.v1.Schedule', 'common.v1.Link'].map(
  (name) => `temporal.api.${name}`,
);

function reachesLossy(typeName: string, seen = new Set<string>()): boolean {
  if (LOSSY.has(typeName)) return true;
  if (seen.has(typeName)) return false;
  seen.add(typeName);
  const { fields } = messageModel(sources.root.lookupType(typeName));
  return fields.some(({ kind, type }) => (kind === 'message' || kind === 'opaque') && reachesLossy(type, seen));
}

const typeNames = sources.modules
  .filter(({ home }) => home === 'api')
  .flatMap(({ messages }) => messages.map(({ fullName }) => fullName));

function checkRoundTrip(typeName: string, numRuns: number): void {
  const type = sources.root.lookupType(typeName);
  const property = fc.property(fc.gen(), fc.boolean(), (gen, pretty) => {
    const bytes = new Uint8Array(type.encode(sampleMessage(gen, type).theirs).finish());
    const json = messageToJson(schema, typeName, bytes, { pretty });
    assert.doesNotThrow(() => JSON.parse(json));
    assert.deepEqual(messageFromJson(schema, typeName, json), bytes, json);
  });
  fc.assert(property, { numRuns });
}

test('a message that would be larger than its limit is not made', () => {
  const type = 'temporal.api.common.v1.Payloads';
  const make = (bytesMax: number) => messageFromJson(schema, type, '[1, 2]', { payloadShorthand: true, bytesMax });
  const { length } = make(Number.POSITIVE_INFINITY);
  assert.equal(make(length).length, length);
  assert.throws(() => make(length - 1), MessageTooLargeError);
  assert.throws(() => make(10), MessageTooLargeError);
});

test('every message becomes JSON and the same bytes again', () => {
  const checked = typeNames.filter((typeName) => !TIMES.has(typeName) && !reachesLossy(typeName));
  assert.ok(checked.length > 500, `${checked.length} types`);
  for (const typeName of checked) checkRoundTrip(typeName, 3);
});

for (const name of [
  'history.v1.HistoryEvent',
  'failure.v1.Failure',
  'command.v1.Command',
  'workflow.v1.WorkflowExecutionInfo',
]) {
  test(`${name} becomes JSON and the same bytes again`, () => checkRoundTrip(`temporal.api.${name}`, 100));
}

test('the schema that is read from descriptors is the one the codecs were made from', () => {
  for (const typeName of typeNames) {
    const model = messageModel(sources.root.lookupType(typeName));
    const { fields } = schema.message(typeName);
    assert.deepEqual(
      fields.map(({ name, protoName, number, repeated, presence, oneof }) => ({
        name,
        protoName,
        number,
        repeated,
        presence,
        oneof,
      })),
      model.fields.map(({ name, protoName, id, repeated, mapKey, presence, oneof }) => ({
        name,
        protoName,
        number: id,
        repeated: repeated || mapKey !== undefined,
        presence,
        oneof,
      })),
      typeName,
    );
  }
  for (const { home, enums } of sources.modules) {
    if (home !== 'api') continue;
    for (const { fullName, prefix, values } of enums) {
      const { nameOf, numberOf } = schema.enumeration(fullName);
      for (const [name, number] of values) {
        assert.equal(numberOf(prefix + name), number);
        assert.notEqual(nameOf.get(number), undefined);
      }
    }
  }
});

test('the JSON is that of another implementation', () => {
  for (const typeName of oracleTypes) {
    const type = sources.root.lookupType(typeName);
    const property = fc.property(fc.gen(), (gen) => {
      const bytes = new Uint8Array(type.encode(sampleMessage(gen, type).theirs).finish());
      const ours = messageToJson(schema, typeName, bytes);
      // They take -0 for a default.
      fc.pre(!/:-0[,}]/.test(ours));
      const theirs = JSON.stringify(protojson.toJson(type, type.decode(bytes)));
      assert.deepEqual(parseWithFloats(ours), parseWithFloats(theirs));
      assert.deepEqual(messageFromJson(schema, typeName, theirs), bytes);
    });
    fc.assert(property, { numRuns: 100 });
  }
});

/** They write a float as the double that it is; the shortest text of it is the same float. The API has one such field. */
function parseWithFloats(text: string): unknown {
  return JSON.parse(text, (key, value: unknown) =>
    key === 'fairnessWeight' && typeof value === 'number' ? Math.fround(value) : value,
  );
}
