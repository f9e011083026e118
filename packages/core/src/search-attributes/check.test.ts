import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Payload, SearchAttributes } from '@perdure/api/common';
import * as c from '../../test/run.ts';
import {
  attributeTypeName,
  DEFAULT_LIMITS,
  type Limits,
  searchAttributeProblem,
  setAttributes,
  withTypes,
} from '../index.ts';

const utf8 = new TextEncoder();

function encoded(values: Readonly<Record<string, string>>, metadata: Readonly<Record<string, string>> = JSON_PLAIN) {
  const payloadOf = (data: string) =>
    Payload.encode({
      metadata: new Map(Object.entries(metadata).map(([key, value]) => [key, utf8.encode(value)])),
      data: utf8.encode(data),
    });
  const fields = Object.entries(values).map(([name, data]) => [name, payloadOf(data)] as const);
  return SearchAttributes.encode({ indexedFields: new Map(fields) });
}
const JSON_PLAIN = { encoding: 'json/plain' };

function problem(attributes: Uint8Array, limits: Partial<Limits> = {}): string | undefined {
  return searchAttributeProblem(attributes, c.ATTRIBUTES, { ...DEFAULT_LIMITS, ...limits });
}

function assertValues(name: string, good: readonly string[], bad: Readonly<Record<string, string>>): void {
  const type = attributeTypeName(c.ATTRIBUTES.custom.get(name) ?? 0);
  for (const value of good) assert.equal(problem(encoded({ [name]: value })), undefined, `${name}=${value}`);
  for (const [value, shown] of Object.entries(bad)) {
    const expected = `invalid value for search attribute ${name} of type ${type}: ${shown}`;
    assert.equal(problem(encoded({ [name]: value })), expected);
  }
}

describe('the value of a search attribute', () => {
  it('of type Keyword or Text is a string', () => {
    for (const name of ['City', 'Note']) {
      assertValues(name, ['"a"', '""', ' "a" ', '["a"]', 'null', '[]', '[null]', '"\\u00e9"'], {
        '1': '1',
        true: 'true',
        '["a","b"]': '[a b]',
        '{"b":2,"a":null}': 'map[a:<nil> b:2]',
        '[["a"]]': '[[a]]',
        nojson: 'value from <metadata:{key:"encoding" value:"json/plain"} data:"nojson">',
      });
    }
  });

  it('of type Int is a whole number of 64 bits, written as one', () => {
    assertValues('Count', ['1', '-0', '0', '9223372036854775807', '-9223372036854775808', '[1]', ' [ 1 ] ', 'null'], {
      '1.5': '1.5',
      '1.0': '1',
      '1e3': '1000',
      '9223372036854775808': '9.223372036854776e+18',
      '"1"': '1',
      '[1,2]': '[1 2]',
      '[[1]]': '[[1]]',
    });
  });

  it('of type Double is a number', () => {
    assertValues('Weight', ['1', '-1.5', '1e300', '[0.1]', 'null'], {
      '"x"': 'x',
      '1e400': 'value from <metadata:{key:"encoding" value:"json/plain"} data:"1e400">',
    });
  });

  it('of type Bool is true or false', () => {
    assertValues('Paid', ['true', 'false', '[true]', 'null'], {
      '"true"': 'true',
      '0': '0',
      '1234567.5': '1.2345675e+06',
      '0.00001': '1e-05',
    });
  });

  it('of type Datetime is a moment in the form of RFC 3339', () => {
    const good = ['2024-02-29T23:59:59Z', '2000-02-29T00:00:00.123456789+02:00', '0001-01-01T00:00:00-23:59'];
    assertValues('Due', [...good.map((text) => `"${text}"`), `["${good[0]}"]`, 'null'], {
      '12': '12',
      '"2024-01-02"': '2024-01-02',
      '"2023-02-29T00:00:00Z"': '2023-02-29T00:00:00Z',
      '"1900-02-29T00:00:00Z"': '1900-02-29T00:00:00Z',
      '"2024-04-31T00:00:00Z"': '2024-04-31T00:00:00Z',
      '"2024-13-01T00:00:00Z"': '2024-13-01T00:00:00Z',
      '"2024-01-02T24:00:00Z"': '2024-01-02T24:00:00Z',
      '"2024-01-02T00:00:00"': '2024-01-02T00:00:00',
    });
  });

  it('of type KeywordList is a list of strings', () => {
    assertValues('Tags', ['["a","b"]', '[]', '[null]', '["a",null]', '[["a"]]', 'null'], {
      '"a"': 'a',
      '[1]': '[1]',
      '[["a"],["b"]]': '[[a] [b]]',
    });
  });

  it('must be JSON, or nothing', () => {
    assert.equal(problem(encoded({ City: '' }, { encoding: 'binary/null' })), undefined);
    const text = 'invalid value for search attribute City of type Keyword: ';
    assert.equal(problem(encoded({ City: 'a' }, { encoding: 'binary/plain' })), `${text}[97]`);
    assert.equal(problem(encoded({ City: '"a"' }, {})), `${text}value from <data:"\\"a\\"">`);
  });
});

describe('the name of a search attribute', () => {
  it('is one that the namespace has registered, or one that the server knows', () => {
    assert.equal(problem(encoded({ BuildIds: '["a"]', TemporalScheduledById: '"s"' })), undefined);
    for (const name of ['Nobody', 'Memo', 'TemporalNothing', 'constructor']) {
      const expected = `Namespace shop has no mapping defined for search attribute ${name}`;
      assert.equal(problem(encoded({ City: '1', [name]: '"a"' })), expected);
    }
  });

  it('is not one that only the server sets', () => {
    for (const name of ['WorkflowId', 'CloseTime', 'TemporalWorkerDeployment']) {
      assert.equal(problem(encoded({ [name]: 'null' })), `${name} attribute can't be set in SearchAttributes`);
    }
  });
});

describe('the size of search attributes', () => {
  it('may be as large as the limits, and no larger', () => {
    const two = encoded({ City: '"a"', Note: '"b"' });
    assert.equal(problem(two, { searchAttributeKeysMax: 2 }), undefined);
    assert.equal(problem(two, { searchAttributeKeysMax: 1 }), 'number of search attributes 2 exceeds limit 1');
    assert.equal(problem(two, { searchAttributesTotalSizeMax: two.length }), undefined);
    const total = `total size of search attributes ${two.length} exceeds size limit ${two.length - 1}`;
    assert.equal(problem(two, { searchAttributesTotalSizeMax: two.length - 1 }), total);
    const long = encoded({ City: JSON.stringify('x'.repeat(2046)) });
    assert.equal(problem(long), undefined);
    const value = 'search attribute City value size 2048 exceeds size limit 2047';
    assert.equal(problem(long, { searchAttributeSizeMax: 2047 }), value);
  });
});

describe('stored search attributes', () => {
  const shown = (attributes: Uint8Array | undefined) =>
    [...SearchAttributes.decode(attributes ?? new Uint8Array()).indexedFields].map(([name, bytes]) => {
      const { metadata, data } = Payload.decode(bytes);
      return [name, new TextDecoder().decode(data), new TextDecoder().decode(metadata.get('type'))];
    });

  it('say their type', () => {
    const typed = withTypes(encoded({ City: '"a"', BuildIds: '["b"]', Nobody: '1' }), c.ATTRIBUTES);
    assert.deepEqual(shown(typed), [
      ['City', '"a"', 'Keyword'],
      ['BuildIds', '["b"]', 'KeywordList'],
      ['Nobody', '1', ''],
    ]);
    const given = encoded({ City: '"a"' }, { ...JSON_PLAIN, type: 'Keyword' });
    assert.equal(withTypes(given, c.ATTRIBUTES), given);
    for (const type of ['Text', 'KeywordList', '']) {
      const wrong = encoded({ City: '"a"' }, { ...JSON_PLAIN, type });
      assert.deepEqual(shown(withTypes(wrong, c.ATTRIBUTES)), [['City', '"a"', 'Keyword']]);
    }
  });

  it('are none that are null', () => {
    assert.deepEqual(shown(setAttributes(encoded({ City: 'null', Count: '1', Tags: '[]', Note: '' }))), [
      ['Count', '1', ''],
    ]);
    assert.equal(setAttributes(encoded({ City: 'null' })), undefined);
    const given = encoded({ City: '"null"' });
    assert.equal(setAttributes(given), given);
  });
});
