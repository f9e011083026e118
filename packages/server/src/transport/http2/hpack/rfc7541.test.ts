// The worked examples of RFC 7541 appendix C, decoded and encoded.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HpackDecoder } from './decoder.ts';
import { HpackEncoder, Indexing } from './encoder.ts';

type Pair = readonly [name: string, value: string];

interface Step {
  readonly hex: string;
  readonly fields: readonly Pair[];
  /** The dynamic table afterwards, newest first, and its size. */
  readonly table: readonly Pair[];
  readonly tableBytes: number;
}

const AUTHORITY: Pair = [':authority', 'www.example.com'];
const NO_CACHE: Pair = ['cache-control', 'no-cache'];
const CUSTOM: Pair = ['custom-key', 'custom-value'];
const REQUEST: readonly Pair[] = [[':method', 'GET'], [':scheme', 'http'], [':path', '/'], AUTHORITY];

function requests(first: string, second: string, third: string): Step[] {
  return [
    { hex: first, fields: REQUEST, table: [AUTHORITY], tableBytes: 57 },
    { hex: second, fields: [...REQUEST, NO_CACHE], table: [NO_CACHE, AUTHORITY], tableBytes: 110 },
    {
      hex: third,
      fields: [[':method', 'GET'], [':scheme', 'https'], [':path', '/index.html'], AUTHORITY, CUSTOM],
      table: [CUSTOM, NO_CACHE, AUTHORITY],
      tableBytes: 164,
    },
  ];
}

const PRIVATE: Pair = ['cache-control', 'private'];
const DATE_21: Pair = ['date', 'Mon, 21 Oct 2013 20:13:21 GMT'];
const DATE_22: Pair = ['date', 'Mon, 21 Oct 2013 20:13:22 GMT'];
const LOCATION: Pair = ['location', 'https://www.example.com'];
const GZIP: Pair = ['content-encoding', 'gzip'];
const COOKIE: Pair = ['set-cookie', 'foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1'];

function responses(first: string, second: string, third: string): Step[] {
  const date21Table: Pair[] = [LOCATION, DATE_21, PRIVATE];
  return [
    {
      hex: first,
      fields: [[':status', '302'], PRIVATE, DATE_21, LOCATION],
      table: [...date21Table, [':status', '302']],
      tableBytes: 222,
    },
    {
      hex: second,
      fields: [[':status', '307'], PRIVATE, DATE_21, LOCATION],
      table: [[':status', '307'], ...date21Table],
      tableBytes: 222,
    },
    {
      hex: third,
      fields: [[':status', '200'], PRIVATE, DATE_22, LOCATION, GZIP, COOKIE],
      table: [COOKIE, GZIP, DATE_22],
      tableBytes: 215,
    },
  ];
}

interface Example {
  readonly section: string;
  readonly huffman: boolean;
  readonly tableBytesMax: number;
  readonly steps: readonly Step[];
}

const EXAMPLES: readonly Example[] = [
  {
    section: 'C.3',
    huffman: false,
    tableBytesMax: 4096,
    steps: requests(
      '828684410f7777772e6578616d706c652e636f6d',
      '828684be58086e6f2d6361636865',
      '828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565',
    ),
  },
  {
    section: 'C.4',
    huffman: true,
    tableBytesMax: 4096,
    steps: requests(
      '828684418cf1e3c2e5f23a6ba0ab90f4ff',
      '828684be5886a8eb10649cbf',
      '828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf',
    ),
  },
  {
    section: 'C.5',
    huffman: false,
    tableBytesMax: 256,
    steps: responses(
      '4803333032580770726976617465611d4d6f6e2c203231204f637420323031332032303a31333a323120474d546e1768747470733a2f2f7777772e6578616d706c652e636f6d',
      '4803333037c1c0bf',
      '88c1611d4d6f6e2c203231204f637420323031332032303a31333a323220474d54c05a04677a69707738666f6f3d4153444a4b48514b425a584f5157454f50495541585157454f49553b206d61782d6167653d333630303b2076657273696f6e3d31',
    ),
  },
  {
    section: 'C.6',
    huffman: true,
    tableBytesMax: 256,
    steps: responses(
      '488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f0b97c8e9ae82ae43d3',
      '4883640effc1c0bf',
      '88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7821dd7f2e6c7b335dfdfcd5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007',
    ),
  },
];

describe('RFC 7541 appendix C', () => {
  for (const { section, huffman, tableBytesMax, steps } of EXAMPLES) {
    it(`${section} is decoded`, () => {
      const decoder = new HpackDecoder(65_536, tableBytesMax);
      for (const { hex, fields, table, tableBytes } of steps) {
        const bytes = Buffer.from(hex, 'hex');
        const block = decoder.decode(bytes, 0, bytes.length);
        assert.deepEqual(
          block.fields.map((field) => [field.name, field.value]),
          fields,
        );
        assert.deepEqual(decoder.dynamicEntries(), table);
        assert.equal(decoder.dynamicBytes, tableBytes);
      }
    });

    it(`${section} is encoded`, () => {
      const encoder = new HpackEncoder({ huffman });
      let sizeUpdate = '';
      if (tableBytesMax < 4096) {
        encoder.setPeerLimit(tableBytesMax);
        sizeUpdate = '3fe101';
      }
      for (const { hex, fields, tableBytes } of steps) {
        const outgoing = fields.map(([name, value]) => ({ name, value, indexing: Indexing.keep }));
        assert.equal(Buffer.from(encoder.encode(outgoing)).toString('hex'), sizeUpdate + hex);
        assert.equal(encoder.dynamicBytes, tableBytes);
        sizeUpdate = '';
      }
    });
  }
});

describe('RFC 7541 appendix C.2', () => {
  const LITERALS: readonly { section: string; hex: string; field: Pair; indexing: number; table: readonly Pair[] }[] = [
    {
      section: 'C.2.1',
      hex: '400a637573746f6d2d6b65790d637573746f6d2d686561646572',
      field: ['custom-key', 'custom-header'],
      indexing: Indexing.keep,
      table: [['custom-key', 'custom-header']],
    },
    {
      section: 'C.2.2',
      hex: '040c2f73616d706c652f70617468',
      field: [':path', '/sample/path'],
      indexing: Indexing.once,
      table: [],
    },
    {
      section: 'C.2.3',
      hex: '100870617373776f726406736563726574',
      field: ['password', 'secret'],
      indexing: Indexing.never,
      table: [],
    },
    { section: 'C.2.4', hex: '82', field: [':method', 'GET'], indexing: Indexing.keep, table: [] },
  ];
  for (const { section, hex, field, indexing, table } of LITERALS) {
    it(`${section} is decoded and encoded`, () => {
      const decoder = new HpackDecoder(65_536);
      const bytes = Buffer.from(hex, 'hex');
      const [decoded] = decoder.decode(bytes, 0, bytes.length).fields;
      assert.deepEqual([decoded!.name, decoded!.value], field);
      assert.deepEqual(decoder.dynamicEntries(), table);
      const [name, value] = field;
      assert.equal(
        Buffer.from(new HpackEncoder({ huffman: false }).encode([{ name, value, indexing }])).toString('hex'),
        hex,
      );
    });
  }
});
