// What SQL calls to have the core decide: functions of a connection that know the conditions of the statement under way,
// and how long the query may still take.
//
// They are given the key of a row and read its bytes themselves: what SQLite hands to a function lives until the step of
// the statement ends, and one step may walk past a million rows.
import type { SQLOutputValue, StatementSync } from 'node:sqlite';
import type { Filter, FilterField, ReadField } from '@perdure/core/visibility';
import { matches, readAttributes } from '@perdure/core/visibility';
import { attributeOf, orderValue } from '../../fields.ts';
import { TimeLimit } from '../../time_limit.ts';
import type { Bound } from './filter_sql.ts';
import { toBound } from './filter_sql.ts';
import type { Statements } from './prepared.ts';

type AttributeField = Extract<FilterField, { kind: 'attribute' }>;

export class Conditions {
  #limit = new TimeLimit(Infinity);
  #conditions: readonly Filter[] = [];
  /** Of the row that was asked about last: often the next question is about the same. */
  #key: unknown;
  #attributes: ReturnType<typeof readAttributes> = new Map();
  readonly #bytes: StatementSync;

  constructor({ db }: Statements) {
    this.#bytes = db.prepare('SELECT search_attributes FROM run WHERE key = ?');
    db.function('attribute_condition', (number, key) => truth(this.#condition(Number(number)), this.#fields(key)));
    db.function('attribute_value', (number, key) => this.#valueOf(Number(number), key));
    db.function('in_time', () => {
      this.#limit.check();
      return 1;
    });
  }

  /** What follows belongs to one query. @throws {QueryTimeoutError} its time is over before it begins */
  begin(limit: TimeLimit): void {
    this.#limit = limit;
    limit.check();
  }

  /** The conditions that the next statement calls by their number. @throws {QueryTimeoutError} */
  use(conditions: readonly Filter[]): void {
    this.#limit.check();
    this.#conditions = conditions;
    this.#key = undefined;
  }

  #condition(number: number): Filter {
    const condition = this.#conditions[number];
    if (condition === undefined) throw new Error(`the statement has no condition ${number}`);
    return condition;
  }

  #valueOf(number: number, key: SQLOutputValue): Bound {
    const condition = this.#condition(number);
    if (condition.op !== 'isNull') throw new Error(`condition ${number} names no field`);
    const value = orderValue(this.#fields(key), condition.field);
    return value === undefined ? null : toBound(value);
  }

  #fields(key: SQLOutputValue): ReadField {
    if (key !== this.#key) {
      this.#limit.checkAtRow();
      const row = this.#bytes.get(key);
      this.#attributes = readAttributes(row?.['search_attributes'] as Uint8Array);
      this.#key = key;
    }
    return (field) => attributeOf(this.#attributes, field as AttributeField);
  }
}

/** NULL: neither the condition nor its negation holds. */
function truth(condition: Filter, read: ReadField): Bound {
  if (matches(condition, read)) return 1;
  return matches({ op: 'not', of: condition }, read) ? 0 : null;
}
