import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { attribute, encodeAttributes } from '../conformance/filters.ts';
import { applicationId, applyMigration, migrations } from './migrations.ts';
import { migrate } from './worker/open.ts';

function dumpSchema(db: DatabaseSync): string {
  const rows = db
    .prepare('SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY tbl_name, type DESC, name')
    .all();
  return rows.map((row) => `${String(row['sql'])};\n`).join('\n');
}

/** As a version of Perdure that knew so many migrations made it. */
function databaseOfVersion(version: number): DatabaseSync {
  const db = new DatabaseSync(':memory:');
  for (const [index, step] of migrations.slice(0, version).entries()) {
    applyMigration(db, step);
    db.prepare('INSERT INTO schema_version VALUES (?, 0)').run(index + 1);
  }
  return db;
}

test('the migrations lead to the schema in schema.sql', async () => {
  const db = new DatabaseSync(':memory:');
  migrate(db, 'memory');
  const expected = await readFile(new URL('./schema.sql', import.meta.url), 'utf8');
  assert.equal(dumpSchema(db), expected);
  assert.deepEqual({ ...db.prepare('PRAGMA application_id').get() }, { application_id: applicationId });
});

test('migrating from any version leads to the same schema, and each step is recorded once', () => {
  const whole = new DatabaseSync(':memory:');
  migrate(whole, 'memory');
  for (let version = 1; version <= migrations.length; version++) {
    const db = databaseOfVersion(version);
    migrate(db, 'memory');
    migrate(db, 'memory');
    assert.equal(dumpSchema(db), dumpSchema(whole));
    const versions = db.prepare('SELECT version FROM schema_version ORDER BY version').all();
    assert.deepEqual(
      versions.map((row) => row['version']),
      migrations.map((_, index) => index + 1),
    );
  }
});

test('runs of a database without roots and transition counts get those that can be known', () => {
  const db = databaseOfVersion(2);
  const insert = db.prepare(
    `INSERT INTO run VALUES (?, 1, 1, ?, ?, 'T', 'q', 1, 5, 5, NULL, NULL, 2, 9, x'', x'', ?2, ?, ?)`,
  );
  insert.run(1, 'root', 'r-root', '', '');
  insert.run(2, 'child', 'r-child', 'root', 'r-root');
  insert.run(3, 'grandchild', 'r-grandchild', 'child', 'r-child');
  insert.run(4, 'orphan', 'r-orphan', 'gone', 'r-gone');
  for (const seq of [1, 2, 3]) {
    db.prepare(`INSERT INTO journal VALUES (2 << 24 | ?, 1, 0, x'', x'')`).run(seq);
  }
  migrate(db, 'memory');
  const rows = db.prepare('SELECT root_workflow_id, root_run_id, state_transition_count FROM run ORDER BY key').all();
  assert.deepEqual(
    rows.map((row) => Object.values(row)),
    [
      [null, null, 0],
      ['root', 'r-root', 3],
      ['root', 'r-root', 0],
      ['gone', 'r-gone', 0],
    ],
  );
});

test('runs of a database without groups and an index of attributes can be found by both', () => {
  const db = databaseOfVersion(3);
  const insert = db.prepare(
    `INSERT INTO run VALUES (?, 1, 7, 'w', 'r', ?, 'q', ?, 5, 5, ?, NULL, 2, 9, x'', ?, 'r', '', '', 0, 1, NULL, NULL)`,
  );
  const attributes = encodeAttributes(
    attribute('Keyword01', 'Keyword', 'a'),
    attribute('Text01', 'Text', 'Two words'),
    attribute('Int01', 'Int', 2n ** 63n - 1n),
  );
  insert.run(1, 'A', 1, null, attributes);
  insert.run(2, 'A', 2, 9, attributes);
  insert.run(3, 'B', 2, 9, new Uint8Array(0));
  insert.run(4, 'B', 2, 9, new Uint8Array(0));
  migrate(db, 'memory');
  const rowsOf = (sql: string) => {
    const statement = db.prepare(sql);
    statement.setReadBigInts(true);
    statement.setReturnArrays(true);
    return statement.all();
  };
  assert.deepEqual(rowsOf('SELECT workflow_type, status, count FROM run_group ORDER BY 1, 2'), [
    ['A', 1n, 1n],
    ['A', 2n, 1n],
    ['B', 2n, 2n],
  ]);
  assert.deepEqual(
    rowsOf('SELECT key, g.workflow_type FROM run JOIN run_group AS g ON g.number = group_number ORDER BY key'),
    [
      [1n, 'A'],
      [2n, 'A'],
      [3n, 'B'],
      [4n, 'B'],
    ],
  );
  const openMs = BigInt(Number.MAX_SAFE_INTEGER);
  const values = 'SELECT name, value, list_close_ms, run_key FROM attribute JOIN attribute_field ON number = field';
  assert.deepEqual(
    rowsOf(`${values} ORDER BY name, value, run_key`),
    [
      ['Int01', 2n ** 63n - 1n],
      ['Keyword01', 'a'],
      ['Text01', 'two'],
      ['Text01', 'words'],
    ].flatMap((value) => [
      [...value, openMs, 1n],
      [...value, 9n, 2n],
    ]),
  );
});
