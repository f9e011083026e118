// What SQL calls to have the core decide: functions of a connection that know the conditions of the statement under way.
import type { DatabaseSync } from 'node:sqlite';
import type { Filter, FilterField, ReadField } from '@perdure/core/visibility';
import { matches, readAttributes } from '@perdure/core/visibility';
import { attributeOf, orderValue } from '../../fields.ts';
import type { Bound } from './filter_sql.ts';
import { toBound } from './filter_sql.ts';

type AttributeField = Extract<FilterField, { kind: 'attribute' }>;

export class Conditions {
  #conditions: readonly Filter[] = [];
  /** Of the row that was asked about last: often the next question is about the same. */
  #key: unknown;
  #attributes: ReturnType<typeof readAttributes> = new Map();

  constructor(db: DatabaseSync) {
    db.function('attribute_condition', (number, key, bytes) => this.#ofRow(Number(number), key, bytes));
    db.function('attribute_value', (number, key, bytes) => this.#valueOf(Number(number), key, bytes));
    db.function('column_condition', (number, value) => {
      return truth(this.#condition(Number(number)), () => (value === null ? undefined : (value as string | number)));
    });
  }

  /** The conditions that the next statement calls by their number. */
  use(conditions: readonly Filter[]): void {
    this.#conditions = conditions;
    this.#key = undefined;
  }

  #condition(number: number): Filter {
    const condition = this.#conditions[number];
    if (condition === undefined) throw new Error(`the statement has no condition ${number}`);
    return condition;
  }

  #ofRow(number: number, key: unknown, bytes: unknown): Bound {
    return truth(this.#condition(number), this.#fields(key, bytes));
  }

  #valueOf(number: number, key: unknown, bytes: unknown): Bound {
    const condition = this.#condition(number);
    if (condition.op !== 'isNull') throw new Error(`condition ${number} names no field`);
    const value = orderValue(this.#fields(key, bytes), condition.field);
    return value === undefined ? null : toBound(value);
  }

  #fields(key: unknown, bytes: unknown): ReadField {
    if (key !== this.#key) {
      this.#attributes = readAttributes(bytes as Uint8Array);
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
