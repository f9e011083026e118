// Arbitrary filters, orders and search attributes, over values few enough to meet each other.
import { jsonPayload } from '@perdure/api';
import { Payload, SearchAttributes } from '@perdure/api/common';
import type { ColumnName, FieldType, Filter, FilterField, FilterValue, Order } from '@perdure/core/visibility';
import fc from 'fast-check';

/** What has a meaning in some language of patterns, and what encodings get wrong. */
const strings = [
  '',
  'a',
  'A',
  'ab',
  'a b',
  '%',
  '_',
  'a%',
  '*',
  '[a]',
  "o'x",
  '"',
  '\\',
  'ß',
  'a\0b',
  '\uFFFD',
  '\u{1F600}',
];
const text = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...strings, 'w-1', 'w-ß', 'Order', 'run-3') },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 4 }) },
);
const int = fc.oneof(fc.integer({ min: -2, max: 20 }), fc.constantFrom(2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n + 1n));
const double = fc.oneof(
  fc.constantFrom(0, -0, 1, 1.5, -1e300, 5e-324, 2 ** 53),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const timeMs = fc.oneof(fc.integer({ min: 0, max: 20 }), fc.constantFrom(5.5, -1, 4.000001));

const valuesOf: Readonly<Record<FieldType, fc.Arbitrary<FilterValue>>> = {
  keyword: text,
  text,
  keywordList: text,
  int,
  double,
  bool: fc.boolean(),
  datetime: timeMs,
};

const columnTypes: Readonly<Record<ColumnName, FieldType>> = {
  workflowId: 'keyword',
  runId: 'keyword',
  workflowType: 'keyword',
  taskQueue: 'keyword',
  status: 'int',
  startTime: 'datetime',
  executionTime: 'datetime',
  closeTime: 'datetime',
  historyLength: 'int',
  historySizeBytes: 'int',
  stateTransitionCount: 'int',
  duration: 'int',
  parentWorkflowId: 'keyword',
  parentRunId: 'keyword',
  rootWorkflowId: 'keyword',
  rootRunId: 'keyword',
};
const columns = Object.entries(columnTypes).map(([column, type]): FilterField => {
  return { kind: 'column', column: column as ColumnName, type };
});

/** One attribute of each type, and a second keyword. */
const attributes = [
  { name: 'Keyword01', type: 'keyword', typeName: 'Keyword' },
  { name: 'Keyword02', type: 'keyword', typeName: 'Keyword' },
  { name: 'Text01', type: 'text', typeName: 'Text' },
  { name: 'Int01', type: 'int', typeName: 'Int' },
  { name: 'Double01', type: 'double', typeName: 'Double' },
  { name: 'Bool01', type: 'bool', typeName: 'Bool' },
  { name: 'Datetime01', type: 'datetime', typeName: 'Datetime' },
  { name: 'KeywordList01', type: 'keywordList', typeName: 'KeywordList' },
] as const;
const attributeFields = attributes.map(({ name, type }): FilterField => ({ kind: 'attribute', name, type }));
const field = fc.oneof(fc.constantFrom(...columns), fc.constantFrom(...attributeFields));

export function attribute(name: string, typeName: string, value: unknown): [string, Uint8Array] {
  const json = typeof value === 'bigint' ? new TextEncoder().encode(String(value)) : undefined;
  const payload = Payload.decode(jsonPayload(json === undefined ? value : 0, { type: typeName }));
  return [name, Payload.encode(json === undefined ? payload : { ...payload, data: json })];
}

export function encodeAttributes(...fields: [string, Uint8Array][]): Uint8Array {
  return SearchAttributes.encode({ indexedFields: new Map(fields) });
}

function attributeValue(type: FieldType): fc.Arbitrary<unknown> {
  switch (type) {
    case 'datetime':
      return timeMs.map((ms) => new Date(Math.floor(ms)).toISOString());
    case 'keywordList':
      return fc.array(text, { minLength: 1, maxLength: 3 });
    case 'text':
      return fc.array(text, { maxLength: 3 }).map((words) => words.join(' '));
    default:
      return valuesOf[type];
  }
}

const someAttributes = fc
  .subarray([...attributes], { minLength: 1, maxLength: 4 })
  .chain((chosen) =>
    fc
      .tuple(...chosen.map(({ type }) => attributeValue(type)))
      .map((values) =>
        encodeAttributes(...chosen.map(({ name, typeName }, i) => attribute(name, typeName, values[i]))),
      ),
  );

/** Encoded, or empty. */
export const searchAttributes = fc.oneof(
  { weight: 1, arbitrary: fc.constant(new Uint8Array(0)) },
  { weight: 3, arbitrary: someAttributes },
);

/** The conditions that the language has for the type of the field. */
function conditionOn(on: FilterField): fc.Arbitrary<Filter> {
  const value = valuesOf[on.type];
  const given = { field: fc.constant(on) };
  const isSet = on.type === 'keywordList' || on.type === 'text';
  const comparisons = isSet || on.type === 'bool' ? ['=', '!='] : ['=', '!=', '<', '<=', '>', '>='];
  const comparison = fc.constantFrom(...(comparisons as ('=' | '!=')[]));
  const choices: fc.Arbitrary<Filter>[] = [
    fc.record({ op: fc.constant('compare' as const), ...given, comparison, value }),
    fc.record({ op: fc.constant('isNull' as const), ...given }),
    fc.record({ op: fc.constant('in' as const), ...given, values: fc.array(value, { minLength: 1, maxLength: 4 }) }),
  ];
  if (!isSet) choices.push(fc.record({ op: fc.constant('between' as const), ...given, low: value, high: value }));
  if (on.type === 'keyword') {
    choices.push(fc.record({ op: fc.constant('startsWith' as const), ...given, prefix: text }));
  }
  if (on.type === 'keyword' || on.type === 'text') {
    choices.push(fc.record({ op: fc.constant('contains' as const), ...given, text }));
  }
  return fc.oneof(...choices);
}

export const filter: fc.Arbitrary<Filter> = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    { weight: 4, arbitrary: field.chain(conditionOn) },
    {
      weight: 2,
      arbitrary: fc.record({
        op: fc.constantFrom('and' as const, 'or' as const),
        of: fc.array(tie('filter'), { minLength: 1, maxLength: 4 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ op: fc.constant('not' as const), of: tie('filter') }) },
  ),
})).filter;

const ordered = [...columns, ...attributeFields].filter(({ type }) => type !== 'keywordList' && type !== 'text');
export const order: fc.Arbitrary<NonNullable<Order>> = fc.array(
  fc.record({ field: fc.constantFrom(...ordered), descending: fc.boolean() }),
  { minLength: 1, maxLength: 3 },
);

export const groupBy: fc.Arbitrary<FilterField> = fc.constantFrom(
  ...[...columns, ...attributeFields].filter((on) => {
    return on.type === 'keyword' || on.type === 'bool' || (on.kind === 'column' && on.column === 'status');
  }),
);
