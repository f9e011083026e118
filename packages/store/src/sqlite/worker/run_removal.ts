// Removing runs. A small one goes at once, journal and all. Deleting a journal of fifty megabytes would keep every commit
// waiting: so of a large run the row is hidden in the commit that removes it, and nothing finds it any more; its journal
// goes in pieces, between commits, the newest rows first, and the hidden row at the end. What is hidden when the process
// ends is found by the next one.
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { seqMax } from '../../check.ts';
import type { RunKey } from '../../contract.ts';

/** Of hidden runs: a namespace has a number from 1. */
const noNamespace = 0;
/** What is removed in one go; a run that has no more is removed at once. */
const pieceRows = 500;
const pieceBytes = 1 << 20;

const idOf = '(CAST(?1 AS INTEGER) << 24 | CAST(?2 AS INTEGER))';
const lastId = `(CAST(?1 AS INTEGER) << 24 | ${seqMax})`;
const bytes = 'length(public_bytes) + length(private_bytes)';

export class RunRemoval {
  readonly #db: DatabaseSync;
  readonly #newestRows: StatementSync;
  readonly #deleteFrom: StatementSync;
  readonly #deleteRow: StatementSync;
  readonly #hide: StatementSync;
  readonly #hidden: StatementSync;
  /** There may be hidden runs: at the start, of the process before. */
  hasMore = true;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#newestRows = db.prepare(
      `SELECT id & ${seqMax} AS seq, ${bytes} AS bytes FROM journal
       WHERE id BETWEEN CAST(?1 AS INTEGER) << 24 AND ${lastId} ORDER BY id DESC LIMIT ${pieceRows + 1}`,
    );
    this.#deleteFrom = db.prepare(`DELETE FROM journal WHERE id BETWEEN ${idOf} AND ${lastId}`);
    this.#deleteRow = db.prepare('DELETE FROM run WHERE key = ?');
    this.#hide = db.prepare(
      `UPDATE run SET kind = 0, namespace = ${noNamespace}, workflow_id = '', run_id = '', close_ms = 0, wake_at_ms = NULL,
         group_number = 0 WHERE key = ?`,
    );
    this.#hidden = db.prepare(
      `SELECT key FROM run INDEXED BY run_closed WHERE kind = 0 AND namespace = ${noNamespace} AND close_ms IS NOT NULL LIMIT 1`,
    );
  }

  /** In the transaction under way. */
  remove(run: RunKey): void {
    const piece = this.#newestPiece(run);
    if (piece.isRest) {
      this.#deleteFrom.run(run, 0);
      this.#deleteRow.run(run);
      return;
    }
    this.#hide.run(run);
    // Without its last row nothing can be appended.
    this.#deleteFrom.run(run, piece.lastSeq);
    this.hasMore = true;
  }

  /** In a transaction of its own. Returns how many bytes of journals are gone. */
  removePiece(): number {
    const run = Number(this.#hidden.get()?.['key'] ?? 0);
    if (run === 0) {
      this.hasMore = false;
      return 0;
    }
    const piece = this.#newestPiece(run);
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      this.#deleteFrom.run(run, piece.firstSeq);
      if (piece.isRest) this.#deleteRow.run(run);
      this.#db.exec('COMMIT');
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
    return piece.bytes;
  }

  /** The newest rows of a journal that are few and small enough; at least one, if there is any. */
  #newestPiece(run: RunKey) {
    let bytesOfPiece = 0;
    let firstSeq = 0;
    let lastSeq = 0;
    let rows = 0;
    for (const row of this.#newestRows.iterate(run)) {
      const size = Number(row['bytes']);
      if (rows === pieceRows || (rows > 0 && bytesOfPiece + size > pieceBytes)) {
        return { firstSeq, lastSeq, bytes: bytesOfPiece, isRest: false };
      }
      firstSeq = Number(row['seq']);
      if (rows++ === 0) lastSeq = firstSeq;
      bytesOfPiece += size;
    }
    return { firstSeq, lastSeq, bytes: bytesOfPiece, isRest: true };
  }
}
