import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { applicationId, migrations } from './migrations.ts';
import { migrate } from './worker/open.ts';

function dumpSchema(db: DatabaseSync): string {
  const rows = db
    .prepare('SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY tbl_name, type DESC, name')
    .all();
  return rows.map((row) => `${String(row['sql'])};\n`).join('\n');
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
    const db = new DatabaseSync(':memory:');
    for (const [index, sql] of migrations.slice(0, version).entries()) {
      db.exec(sql);
      db.prepare('INSERT INTO schema_version VALUES (?, 0)').run(index + 1);
    }
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
