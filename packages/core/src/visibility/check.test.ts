import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { code, StatusError } from '@perdure/api';
import { IndexedValueType } from '@perdure/api/enums';
import * as fc from 'fast-check';
import { ATTRIBUTES } from '../../test/run.ts';
import { SYSTEM_ATTRIBUTES } from '../index.ts';
import { type FilterContext, parseFilter } from './check.ts';
import type { ColumnName, FieldType, Filter, FilterField, FilterValue } from './filter.ts';
import { matches } from './matches.ts';
import { SCHEDULE_ALIASES } from './names.ts';

const LIST: FilterContext = { schema: ATTRIBUTES, purpose: 'list' };
const COUNT: FilterContext = { schema: ATTRIBUTES, purpose: 'count' };

function attribute(name: string, type: FieldType): FilterField {
  return { kind: 'attribute', name, type };
}

function column(name: ColumnName, type: FieldType): FilterField {
  return { kind: 'column', column: name, type };
}

const city = attribute('City', 'keyword');
const status = column('status', 'int');
const workflowId = column('workflowId', 'keyword');

function filterOf(query: string, context = LIST): Filter | undefined {
  return parseFilter(query, context).filter;
}

/** The value that a comparison ends up with. */
function valueIn(query: string): FilterValue {
  const filter = filterOf(query);
  assert.equal(filter?.op, 'compare', query);
  return filter.value;
}

function fieldOf(name: string, context = LIST): FilterField {
  const filter = filterOf(`\`${name}\` IS NULL`, context);
  assert.equal(filter?.op, 'isNull');
  return filter.field;
}

function refused(query: string, message: string, context = LIST): void {
  assert.throws(() => parseFilter(query, context), refusal(`invalid query: ${message}`), query);
}

function refusal(message: string) {
  return (error: unknown): true => {
    assert.ok(error instanceof StatusError, String(error));
    assert.equal(error.code, code.INVALID_ARGUMENT);
    assert.equal(error.message, message);
    return true;
  };
}

describe('a name', () => {
  it('is an attribute of the namespace, one of the server, or one of the system', () => {
    assert.deepEqual(fieldOf('City'), city);
    assert.deepEqual(fieldOf('Tags'), attribute('Tags', 'keywordList'));
    assert.deepEqual(fieldOf('TemporalChangeVersion'), attribute('TemporalChangeVersion', 'keywordList'));
    assert.deepEqual(fieldOf('WorkflowId'), workflowId);
    assert.deepEqual(fieldOf('ExecutionStatus'), status);
    assert.deepEqual(fieldOf('CloseTime'), column('closeTime', 'datetime'));
    for (const name of SYSTEM_ATTRIBUTES.keys()) assert.equal(fieldOf(name).kind, 'column', name);
  });

  it('may lack the prefix of the server, or have it without need', () => {
    assert.deepEqual(fieldOf('ScheduledById'), attribute('TemporalScheduledById', 'keyword'));
    assert.deepEqual(fieldOf('TemporalBuildIds'), attribute('BuildIds', 'keywordList'));
    assert.deepEqual(fieldOf('TemporalWorkflowId'), workflowId);
  });

  it('may be another for one, which yields to an attribute of the namespace', () => {
    const schedules = { ...LIST, aliases: SCHEDULE_ALIASES };
    assert.deepEqual(fieldOf('ScheduleId', schedules), workflowId);
    assert.deepEqual(fieldOf('TemporalScheduleId', schedules), workflowId);
    const custom = new Map([['ScheduleId', IndexedValueType.BOOL]]);
    const own = { ...schedules, schema: { namespace: 'n', custom } };
    assert.deepEqual(fieldOf('ScheduleId', own), attribute('ScheduleId', 'bool'));
    refused('ScheduleId IS NULL', "invalid expression: column name 'ScheduleId' is not a valid search attribute");
  });

  it('that nobody knows is refused, in conditions and clauses', () => {
    for (const name of ['Nobody', 'city', 'workflowid', 'Memo', 'constructor', 'TemporalCity']) {
      const message = `invalid expression: column name '${name}' is not a valid search attribute`;
      refused(`${name} = 'x'`, message);
      refused(`ORDER BY ${name}`, message);
      refused(`GROUP BY ${name}`, message, COUNT);
    }
  });
});

describe('a query', () => {
  it('becomes a filter', () => {
    assert.equal(filterOf(''), undefined);
    assert.deepEqual(filterOf("ExecutionStatus != 'Running' AND NOT (City IN ('a', 'b') OR Count BETWEEN 1 AND 2)"), {
      op: 'and',
      of: [
        { op: 'compare', field: status, comparison: '!=', value: 1 },
        {
          op: 'not',
          of: {
            op: 'or',
            of: [
              { op: 'in', field: city, values: ['a', 'b'] },
              { op: 'between', field: attribute('Count', 'int'), low: 1, high: 2 },
            ],
          },
        },
      ],
    });
    assert.deepEqual(filterOf("WorkflowId STARTS_WITH 'a%' OR Note NOT CONTAINS '_'"), {
      op: 'or',
      of: [
        { op: 'startsWith', field: workflowId, prefix: 'a%' },
        { op: 'not', of: { op: 'contains', field: attribute('Note', 'text'), text: '_' } },
      ],
    });
  });

  it('of a list may be ordered by whatever has an order', () => {
    assert.equal(parseFilter("City = 'a'", LIST).orderBy, undefined);
    assert.deepEqual(parseFilter('ORDER BY Weight DESC, StartTime', LIST).orderBy, [
      { field: attribute('Weight', 'double'), descending: true },
      { field: column('startTime', 'datetime'), descending: false },
    ]);
    refused('ORDER BY Note', 'operation is not supported: unable to sort by search attribute type Text');
    refused('ORDER BY Tags', 'operation is not supported: unable to sort by search attribute type KeywordList');
    refused('GROUP BY City', "operation is not supported: 'GROUP BY' clause");
  });

  it('of a count may be grouped by one field of few values', () => {
    assert.equal(parseFilter("City = 'a'", COUNT).groupBy, undefined);
    assert.deepEqual(parseFilter("City = 'a' GROUP BY ExecutionStatus", COUNT).groupBy, status);
    for (const name of ['City', 'Paid', 'WorkflowType', 'TaskQueue', 'TemporalNamespaceDivision']) {
      assert.notEqual(parseFilter(`GROUP BY ${name}`, COUNT).groupBy, undefined, name);
    }
    for (const name of ['Count', 'Weight', 'Due', 'Note', 'Tags', 'StartTime', 'HistoryLength', 'ExecutionDuration']) {
      const message = `operation is not supported: 'GROUP BY' clause is not supported for search attribute ${name}`;
      refused(`GROUP BY ${name}`, message, COUNT);
    }
    refused('GROUP BY City, Paid', "operation is not supported: 'GROUP BY' clause supports only a single field", COUNT);
    refused('ORDER BY City', "operation is not supported: 'ORDER BY' clause", COUNT);
  });

  it('says whether it mentions the division', () => {
    const mentions = (query: string, context = LIST) => parseFilter(query, context).mentionsDivision;
    assert.equal(mentions("City = 'TemporalNamespaceDivision'"), false);
    assert.equal(mentions("NOT (City = 'a' AND TemporalNamespaceDivision IS NULL)"), true);
    assert.equal(mentions("NamespaceDivision = 'x'"), true);
    assert.equal(mentions('GROUP BY TemporalNamespaceDivision', COUNT), true);
  });
});

describe('a value', () => {
  it('has the type of its attribute', () => {
    const cases: [string, FilterValue][] = [
      ["City = 'a'", 'a'],
      ["Tags = ''", ''],
      ["Note = 'a few'", 'a few'],
      ['Paid = true', true],
      ['Count = -0', 0],
      ['Count = 9007199254740991', 2 ** 53 - 1],
      ['Count = 9007199254740993', 2n ** 53n + 1n],
      ['Count = -9223372036854775808', -(2n ** 63n)],
      ['Count = 9223372036854775808', 2 ** 63],
      ['Count > 1.5', 1.5],
      ['Count > 1e3', 1000],
      ['Weight = 1', 1],
      ['Weight = 9007199254740993', 2 ** 53],
      ['Weight = -.5', -0.5],
      ["Due = '1970-01-01T00:00:00.0015+00:00'", 1.5],
      ['Due = 1500000', 1.5],
      ['StartTime = -1500000', -1.5],
    ];
    for (const [query, expected] of cases) assert.equal(valueIn(query), expected, query);
  });

  it('of the execution status is a name in either spelling, or a number', () => {
    const cases: [string, number][] = [
      ["'Running'", 1],
      ["'TimedOut'", 7],
      ["'ContinuedAsNew'", 6],
      ["'Paused'", 8],
      ["'WORKFLOW_EXECUTION_STATUS_FAILED'", 3],
      ["'CONTINUED_AS_NEW'", 6],
      ['2', 2],
    ];
    for (const [written, expected] of cases) assert.equal(valueIn(`ExecutionStatus = ${written}`), expected, written);
    const text = 'invalid expression: invalid ExecutionStatus value';
    refused("ExecutionStatus = 'Bogus'", `${text} 'Bogus'`);
    refused("ExecutionStatus = ''", `${text} ''`);
    refused("ExecutionStatus IN ('Running', 99)", `${text} 99`);
    const type = 'invalid expression: unexpected value type bool for search attribute ExecutionStatus';
    refused('ExecutionStatus = true', type);
  });

  it('of the execution duration is nanoseconds, a duration, or hours, minutes and seconds', () => {
    const cases: [string, FilterValue][] = [
      ['5', 5],
      ["'5'", 5],
      ["'1ns'", 1],
      ["'1.5us'", 1500],
      ["'1h30m'", 5.4e12],
      ["'2d'", 172_800e9],
      ["'-1s'", -1e9],
      ["'200d'", 17_280_000_000_000_000n],
      ["'01:30:05'", 5.405e12],
      ["'100:00:00'", 360_000e9],
    ];
    for (const [written, expected] of cases) assert.equal(valueIn(`ExecutionDuration > ${written}`), expected, written);
    const text = 'invalid expression: invalid duration value for search attribute ExecutionDuration:';
    for (const wrong of ['', 'x', '1.5', '1:60:00', '00:00', '999999999d', '5 s']) {
      refused(`ExecutionDuration = '${wrong}'`, `${text} ${wrong}`);
    }
    const type = 'invalid expression: unexpected value type float64 for search attribute ExecutionDuration';
    refused('ExecutionDuration = 1.5', type);
  });

  it('of another type is refused', () => {
    const text = 'invalid expression: invalid value type for search attribute';
    const cases: [string, string][] = [
      ['City = 5', `${text} City of type Keyword: 5 (type: int64)`],
      ['WorkflowId IN (1.5)', `${text} WorkflowId of type Keyword: 1.5 (type: float64)`],
      ['City BETWEEN true AND 5', `${text} City of type Keyword: true (type: bool)`],
      ['Tags = 1', `${text} Tags of type KeywordList: 1 (type: int64)`],
      ['Note = 1', `${text} Note of type Text: 1 (type: int64)`],
      ['Note CONTAINS 1', `${text} Note of type Text: 1 (type: int64)`],
      ['City STARTS_WITH true', `${text} City of type Keyword: true (type: bool)`],
      ["Count = '1'", `${text} Count of type Int: "1" (type: string)`],
      ["Weight = 'a\"b'", `${text} Weight of type Double: "a\\"b" (type: string)`],
      ['Paid = 1', `${text} Paid of type Bool: 1 (type: int64)`],
      ['Due = 1.5', `${text} Due of type Datetime: 1.5 (type: float64)`],
      ["Due > 'today'", "invalid expression: unable to parse datetime 'today'"],
      ["Note = ' - '", 'invalid expression: no tokens found filtering on Text type search attribute Note'],
      ['Weight = 1e999', 'invalid expression: unable to parse value "1e999"'],
    ];
    for (const [query, message] of cases) refused(query, message);
  });
});

describe('an operator', () => {
  const VALUES: Readonly<Record<string, string>> = {
    City: "'a'",
    Tags: "'a'",
    Note: "'a'",
    Count: '1',
    Weight: '1.5',
    Due: '1',
    Paid: 'true',
    ExecutionStatus: "'Running'",
  };
  const ORDERS = ['<', '<=', '>', '>='];
  const SHOWN_TYPES: Readonly<Record<string, string>> = {
    City: 'Keyword',
    Tags: 'KeywordList',
    Note: 'Text',
    Count: 'Int',
    Weight: 'Double',
    Due: 'Datetime',
    Paid: 'Bool',
    ExecutionStatus: 'Keyword',
  };
  const forbidden: Readonly<Record<string, readonly string[]>> = {
    City: [],
    Tags: [...ORDERS, 'STARTS_WITH', 'CONTAINS'],
    Note: [...ORDERS, 'IN', 'STARTS_WITH'],
    Count: ['STARTS_WITH', 'CONTAINS'],
    Weight: ['STARTS_WITH', 'CONTAINS'],
    Due: ['STARTS_WITH', 'CONTAINS'],
    Paid: [...ORDERS, 'STARTS_WITH', 'CONTAINS'],
    ExecutionStatus: [...ORDERS, 'STARTS_WITH', 'CONTAINS'],
  };

  it('is one that the type has', () => {
    for (const [name, value] of Object.entries(VALUES)) {
      for (const operator of ['=', '!=', ...ORDERS, 'IN', 'STARTS_WITH', 'CONTAINS']) {
        const query = `${name} ${operator} ${operator === 'IN' ? `(${value})` : value}`;
        if (!forbidden[name]?.includes(operator)) assert.notEqual(filterOf(query), undefined, query);
        else {
          const of = `${SHOWN_TYPES[name]} type search attribute '${name}'`;
          refused(query, `operation is not supported: operator '${operator}' not supported for ${of}`);
        }
      }
    }
  });

  it('for ranges is one of types that have an order', () => {
    for (const [name, value] of Object.entries(VALUES)) {
      const query = `${name} BETWEEN ${value} AND ${value}`;
      if (['City', 'Count', 'Weight', 'Due'].includes(name)) assert.notEqual(filterOf(query), undefined, query);
      else {
        const of = `'${name}' of type ${SHOWN_TYPES[name]}`;
        refused(query, `invalid expression: cannot do range condition on search attribute ${of}`);
      }
    }
  });
});

it('any text in quotes finds exactly the value that it is', () => {
  const value = fc.string({ unit: 'binary' });
  fc.assert(
    fc.property(value, value, (wanted, stored) => {
      const quoted = `'${wanted.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
      const finds = (operator: string, row: string) => {
        const filter = filterOf(`City ${operator} ${quoted}`);
        return filter !== undefined && matches(filter, () => row);
      };
      assert.equal(finds('=', wanted), true);
      assert.equal(finds('=', stored), wanted === stored);
      assert.equal(finds('STARTS_WITH', wanted + stored), true);
      assert.equal(finds('CONTAINS', stored + wanted + stored), true);
    }),
  );
});

it('any text is a query or refused', () => {
  const pieces = "City Count Note Tags Due Paid ExecutionStatus = != < ( ) , IN NOT AND OR IS NULL BETWEEN 'x' 5 -1.5";
  const more = ['STARTS_WITH', 'CONTAINS', 'true', 'GROUP', 'ORDER', 'BY', 'LIMIT', '`', '"', "'", '\\', '*'];
  const query = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(fc.constantFrom(...pieces.split(' '), ...more), { maxLength: 12 }).map((words) => words.join(' ')),
  );
  fc.assert(
    fc.property(query, fc.constantFrom(LIST, COUNT), (text, context) => {
      try {
        parseFilter(text, context);
      } catch (error) {
        assert.ok(error instanceof StatusError, String(error));
        assert.equal(error.code, code.INVALID_ARGUMENT);
        assert.match(
          error.message,
          /^invalid query: (malformed SQL query|operation is not supported|invalid expression): ./,
        );
      }
    }),
    { numRuns: 2000 },
  );
});
