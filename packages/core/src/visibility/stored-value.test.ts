import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonPayload } from '@perdure/api';
import { Payload, SearchAttributes } from '@perdure/api/common';
import type { FieldType } from './filter.ts';
import { readAttribute, readAttributes, type StoredValue } from './stored-value.ts';

function payload(json: string, type?: string): Uint8Array {
  const metadata = { encoding: 'json/plain', ...(type !== undefined && { type }) };
  const encoded = Object.entries(metadata).map(([key, value]) => [key, Buffer.from(value)] as const);
  return Payload.encode({ metadata: new Map(encoded), data: Buffer.from(json) });
}

test('a stored attribute is read as a value of its type', () => {
  const cases: [FieldType, string, StoredValue][] = [
    ['keyword', '"a"', 'a'],
    ['keyword', '["a"]', 'a'],
    ['keyword', '[null]', ''],
    ['keyword', '"\\ud800x"', '\ufffdx'],
    ['text', '"A few, words"', 'A few, words'],
    ['int', '5', 5],
    ['int', ' [ -5 ] ', -5],
    ['int', '9007199254740991', 2 ** 53 - 1],
    ['int', '9007199254740993', 2n ** 53n + 1n],
    ['int', '-9223372036854775808', -(2n ** 63n)],
    ['int', '[null]', 0],
    ['double', '0.5', 0.5],
    ['double', '[null]', 0],
    ['bool', 'true', true],
    ['bool', '[null]', false],
    ['datetime', '"1970-01-01T00:00:01.5Z"', 1500],
    ['datetime', '[null]', -62_135_596_800_000],
    ['keywordList', '["a","b"]', ['a', 'b']],
    ['keywordList', '["a",null]', ['a', '']],
    ['keywordList', '[["a","b"]]', ['a', 'b']],
    ['keywordList', '[null]', ['']],
  ];
  for (const [type, json, value] of cases)
    assert.deepEqual(readAttribute(payload(json), type), value, `${type} ${json}`);
});

test('what is no value of the type is none', () => {
  const cases: [FieldType, string][] = [
    ['keyword', '1'],
    ['keyword', '["a","b"]'],
    ['keyword', 'nojson'],
    ['keyword', ' null '],
    ['keyword', '[]'],
    ['int', '1.5'],
    ['int', '"5"'],
    ['int', '9223372036854775808'],
    ['double', '1e999'],
    ['double', '"x"'],
    ['bool', '1'],
    ['datetime', '"today"'],
    ['datetime', '5'],
    ['keywordList', '"a"'],
    ['keywordList', '[1]'],
    ['keywordList', '[]'],
  ];
  for (const [type, json] of cases) assert.equal(readAttribute(payload(json), type), undefined, `${type} ${json}`);
  assert.equal(readAttribute(jsonPayload(undefined), 'keyword'), undefined);
});

test('attributes are read by the types that are written on them', () => {
  const fields = {
    City: payload('"a"', 'Keyword'),
    Tags: payload('["a"]', 'KeywordList'),
    Count: payload('1', 'Int'),
    Wrong: payload('1', 'Keyword'),
    Untyped: payload('"a"'),
    Strange: payload('"a"', 'Strange'),
  };
  const encoded = SearchAttributes.encode({ indexedFields: new Map(Object.entries(fields)) });
  assert.deepEqual(
    [...readAttributes(encoded)],
    [
      ['City', { type: 'keyword', value: 'a' }],
      ['Tags', { type: 'keywordList', value: ['a'] }],
      ['Count', { type: 'int', value: 1 }],
    ],
  );
  assert.equal(readAttributes(new Uint8Array()).size, 0);
});
