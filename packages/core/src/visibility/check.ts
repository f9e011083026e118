// What the text of a list filter means in a namespace: its names are looked up, its values become values of their fields,
// and what a type cannot do is refused.

import type { SearchAttributeSchema } from '../search-attributes/schema.ts';
import type { Comparison, FieldType, Filter, FilterField, FilterValue, Order } from './filter.ts';
import { durationValue, statusValue, TYPE_NAMES, valueOfType, wrongType } from './literals.ts';
import { type Aliases, NAMESPACE_DIVISION, resolveName } from './names.ts';
import { parseQuery } from './parse.ts';
import { invalid, unsupported } from './problems.ts';
import type { Condition, Expression, Literal, Query } from './syntax.ts';

export interface FilterContext {
  readonly schema: SearchAttributeSchema;
  /** Default: none. */
  readonly aliases?: Aliases;
  /** A list may be ordered, a count may be grouped. */
  readonly purpose: 'list' | 'count';
}

export interface CheckedQuery {
  /** undefined: everything matches. */
  readonly filter: Filter | undefined;
  readonly groupBy: FilterField | undefined;
  readonly orderBy: Order;
  /** One that does not asks for ordinary workflows only: the caller adds that. */
  readonly mentionsDivision: boolean;
}

/** @throws {StatusError} INVALID_ARGUMENT, says what is wrong with the text */
export function parseFilter(text: string, context: FilterContext): CheckedQuery {
  return new Checker(context).check(parseQuery(text));
}

class Checker {
  readonly #context: FilterContext;
  #mentionsDivision = false;

  constructor(context: FilterContext) {
    this.#context = context;
  }

  check({ where, groupBy, orderBy }: Query): CheckedQuery {
    const { purpose } = this.#context;
    if (purpose === 'list' && groupBy.length > 0) throw unsupported("'GROUP BY' clause");
    if (purpose === 'count' && orderBy.length > 0) throw unsupported("'ORDER BY' clause");
    const filter = where === undefined ? undefined : this.#expression(where);
    return {
      filter,
      groupBy: this.#groupBy(groupBy),
      orderBy: this.#orderBy(orderBy),
      mentionsDivision: this.#mentionsDivision,
    };
  }

  #groupBy([name, ...more]: readonly string[]): FilterField | undefined {
    if (name === undefined) return undefined;
    if (more.length > 0) throw unsupported("'GROUP BY' clause supports only a single field");
    const field = this.#field(name);
    if (!isStatus(field) && field.type !== 'keyword' && field.type !== 'bool') {
      throw unsupported(`'GROUP BY' clause is not supported for search attribute ${name}`);
    }
    return field;
  }

  #orderBy(terms: Query['orderBy']): Order {
    if (terms.length === 0) return undefined;
    return terms.map(({ name, descending }) => {
      const field = this.#field(name);
      if (field.type === 'text' || field.type === 'keywordList') {
        throw unsupported(`unable to sort by search attribute type ${TYPE_NAMES[field.type]}`);
      }
      return { field, descending };
    });
  }

  #field(name: string): FilterField {
    const { schema, aliases = new Map() } = this.#context;
    const field = resolveName(name, schema, aliases);
    if (field.kind === 'attribute' && field.name === NAMESPACE_DIVISION) this.#mentionsDivision = true;
    return field;
  }

  #expression(expression: Expression): Filter {
    switch (expression.op) {
      case 'and':
      case 'or':
        return { op: expression.op, of: expression.of.map((each) => this.#expression(each)) };
      case 'not':
        return { op: 'not', of: this.#expression(expression.of) };
      default:
        return checkCondition(expression, this.#field(expression.name));
    }
  }
}

function checkCondition(condition: Condition, field: FilterField): Filter {
  const { name } = condition;
  const value = (literal: Literal) => valueFor(literal, field, name);
  switch (condition.op) {
    case 'compare':
      checkOperator(condition.comparison, field, name);
      return { op: 'compare', field, comparison: condition.comparison, value: value(condition.value) };
    case 'in':
      checkOperator('IN', field, name);
      return { op: 'in', field, values: condition.values.map(value) };
    case 'between':
      checkRange(field, name);
      return { op: 'between', field, low: value(condition.low), high: value(condition.high) };
    case 'isNull':
      return { op: 'isNull', field };
    case 'startsWith':
      checkOperator('STARTS_WITH', field, name);
      return { op: 'startsWith', field, prefix: stringFor(condition.value, field, name) };
    case 'contains':
      checkOperator('CONTAINS', field, name);
      return { op: 'contains', field, text: stringFor(condition.value, field, name) };
  }
}

type Operator = Comparison | 'IN' | 'STARTS_WITH' | 'CONTAINS';

const EQUALITY: readonly Operator[] = ['=', '!=', 'IN'];
const ORDERING: readonly Operator[] = [...EQUALITY, '<', '<=', '>', '>='];

const OPERATORS: Readonly<Record<FieldType, readonly Operator[]>> = {
  keyword: [...ORDERING, 'STARTS_WITH', 'CONTAINS'],
  keywordList: EQUALITY,
  text: ['=', '!=', 'CONTAINS'],
  int: ORDERING,
  double: ORDERING,
  bool: EQUALITY,
  datetime: ORDERING,
};
const RANGE_TYPES: readonly FieldType[] = ['keyword', 'int', 'double', 'datetime'];

function checkOperator(operator: Operator, field: FilterField, name: string): void {
  const allowed = isStatus(field) ? EQUALITY : OPERATORS[field.type];
  if (allowed.includes(operator)) return;
  throw unsupported(`operator '${operator}' not supported for ${shownType(field)} type search attribute '${name}'`);
}

function checkRange(field: FilterField, name: string): void {
  if (!isStatus(field) && RANGE_TYPES.includes(field.type)) return;
  throw invalid(`cannot do range condition on search attribute '${name}' of type ${shownType(field)}`);
}

/** The status is a number here; to users it is a keyword. */
function shownType(field: FilterField): string {
  return isStatus(field) ? TYPE_NAMES.keyword : TYPE_NAMES[field.type];
}

function isStatus(field: FilterField): boolean {
  return field.kind === 'column' && field.column === 'status';
}

function valueFor(literal: Literal, field: FilterField, name: string): FilterValue {
  if (field.kind === 'column' && field.column === 'status') return statusValue(literal);
  if (field.kind === 'column' && field.column === 'duration') return durationValue(literal);
  return valueOfType(literal, field.type, name);
}

/** Not the words of a text count here, so it need not have any. */
function stringFor(literal: Literal, field: FilterField, name: string): string {
  if (literal.kind === 'string') return literal.text;
  throw wrongType(literal, field.type, name);
}
