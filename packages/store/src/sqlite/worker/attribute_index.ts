// The table of search attributes, as the writer keeps it: in the transaction of the run's row, always the same as the
// bytes in that row. What is in it of a run is found out from these bytes, so no second index leads from a run to its
// attributes; a run without attributes costs nothing here.
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { FieldType, StoredValue } from '@perdure/core/visibility';
import { readAttributes, textWords } from '@perdure/core/visibility';
import type { Bound } from './filter_sql.ts';
import { toBound } from './filter_sql.ts';

/** In the place of the close time of an open run: lists show it before all that are closed. */
export const openCloseMs = Number.MAX_SAFE_INTEGER;

/** What decides where the attributes of a run are in the index. */
export interface IndexedRun {
  readonly key: number;
  readonly namespace: number;
  readonly kind: number;
  readonly startMs: number;
  /** null: open. */
  readonly closeMs: number | null;
  readonly attributes: Uint8Array;
}

export class AttributeIndex {
  readonly #insert: StatementSync;
  readonly #delete: StatementSync;
  readonly #fieldNumber: StatementSync;
  readonly #internField: StatementSync;
  /** Only numbers that are committed, or will be with the transaction under way. */
  readonly #fields = new Map<string, number>();

  constructor(db: DatabaseSync) {
    this.#insert = db.prepare('INSERT INTO attribute VALUES (?, ?, ?, ?, ?)');
    this.#delete = db.prepare(
      'DELETE FROM attribute WHERE field = ? AND value = ? AND list_close_ms = ? AND list_start_ms = ? AND run_key = ?',
    );
    this.#fieldNumber = db.prepare(
      'SELECT number FROM attribute_field WHERE namespace = ? AND kind = ? AND name = ? AND type = ?',
    );
    this.#internField = db.prepare(
      'INSERT INTO attribute_field (namespace, kind, name, type) VALUES (?, ?, ?, ?) RETURNING number',
    );
  }

  add(run: IndexedRun): void {
    this.#forEach(run, this.#insert);
  }

  remove(run: IndexedRun): void {
    this.#forEach(run, this.#delete);
  }

  /** After a rollback. */
  forget(): void {
    this.#fields.clear();
  }

  #forEach(run: IndexedRun, statement: StatementSync): void {
    if (run.attributes.length === 0) return;
    const closeMs = run.closeMs ?? openCloseMs;
    for (const [name, { type, value }] of readAttributes(run.attributes)) {
      const field = this.#field(run, name, type);
      for (const each of indexedValues(type, value)) statement.run(field, each, closeMs, run.startMs, run.key);
    }
  }

  #field({ namespace, kind }: IndexedRun, name: string, type: FieldType): number {
    const id = `${namespace} ${kind} ${type} ${name}`;
    let number = this.#fields.get(id);
    if (number === undefined) {
      const field = [namespace, kind, name, type] as const;
      const row = this.#fieldNumber.get(...field) ?? this.#internField.get(...field);
      number = Number(row?.['number']);
      this.#fields.set(id, number);
    }
    return number;
  }
}

/** What an equality can find a value by: a text by its words, a list by its items. */
export function indexedValues(type: FieldType, value: StoredValue): readonly Bound[] {
  if (type === 'text') return textWords(String(value));
  return typeof value === 'object' ? [...new Set(value)] : [toBound(value)];
}

/** The attributes of a database from before there was an index. */
export function indexAllAttributes(db: DatabaseSync): void {
  const index = new AttributeIndex(db);
  const rows = db
    .prepare(
      'SELECT key, namespace, kind, start_ms, close_ms, search_attributes FROM run WHERE length(search_attributes) > 0',
    )
    .iterate();
  for (const row of rows) {
    index.add({
      key: Number(row['key']),
      namespace: Number(row['namespace']),
      kind: Number(row['kind']),
      startMs: Number(row['start_ms']),
      closeMs: row['close_ms'] === null ? null : Number(row['close_ms']),
      attributes: row['search_attributes'] as Uint8Array,
    });
  }
}
