// The prepared statements of a connection, by their text.
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Row } from '../codec/values.ts';
import type { Bound } from './filter_sql.ts';

/** Filters make ever new texts: those that were made first are given up. */
const statementsMax = 200;

export class Statements {
  readonly db: DatabaseSync;
  readonly #byText = new Map<string, StatementSync>();

  constructor(db: DatabaseSync) {
    this.db = db;
  }

  all(text: string, ...values: readonly Bound[]): Row[] {
    return this.prepare(text).all(...values) as unknown as Row[];
  }

  /** One row after the other. The same statement must not be used again meanwhile. */
  each(text: string, ...values: readonly Bound[]): Iterable<Row> {
    return this.prepare(text).iterate(...values) as Iterable<unknown> as Iterable<Row>;
  }

  /** Its rows are arrays. */
  prepare(text: string): StatementSync {
    let statement = this.#byText.get(text);
    if (statement !== undefined) return statement;
    statement = this.db.prepare(text);
    statement.setReturnArrays(true);
    const [oldest] = this.#byText.keys();
    if (this.#byText.size >= statementsMax && oldest !== undefined) this.#byText.delete(oldest);
    this.#byText.set(text, statement);
    return statement;
  }
}
