// The schema, as the numbered steps that led to it. Steps are only ever added at the end: a step that was released is
// never changed, because databases exist that have taken it. `schema.sql` shows the sum; a test compares them.
//
// A tour of the tables:
//   shard      who may write: a commit names the epoch under which its owner took the shard
//   namespace  every namespace id that occurs, interned to a small number; registered once it has a name
//   namespace_record  what is kept with a namespace and is no run: by its kind, such as saved views, and its key
//   run        one row per run (or schedule, or batch operation: its kind): what lists and look-ups show, and when it
//              must next be loaded; in the namespace 0 are those that were removed and whose journals are not gone yet
//   run_group  what runs have in common that lists ask for most: namespace, kind, type, task queue, status; and how many
//              runs there are of each. A run names its group, so that one index serves every condition on these columns
//   attribute  the values of search attributes, in the list order of the runs that have them: a value of a field, then
//              close time (of open runs the largest number), start time and key. A keyword list has a row for each item,
//              a text for each word. Runs without search attributes have none
//   attribute_field  namespace, kind, name and type of a search attribute, interned to a small number
//   journal    the transitions of all runs; id = run << 24 | seq, so the rows of a run lie together and in order

import type { DatabaseSync } from 'node:sqlite';
import { indexAllAttributes } from './worker/attribute_index.ts';

/** SQL, or what SQL alone cannot do. */
export type Migration = string | ((db: DatabaseSync) => void);

export function applyMigration(db: DatabaseSync, step: Migration): void {
  if (typeof step === 'string') db.exec(step);
  else step(db);
}

/** Step n brings the schema from version n - 1 to n. */
export const migrations: readonly Migration[] = [
  `
CREATE TABLE schema_version (version INTEGER PRIMARY KEY, applied_ms INTEGER NOT NULL);

CREATE TABLE shard (id INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, owner TEXT NOT NULL);

CREATE TABLE namespace (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT, data BLOB);

CREATE TABLE run (
  key INTEGER PRIMARY KEY,
  shard INTEGER NOT NULL,
  namespace INTEGER NOT NULL,
  workflow_id TEXT NOT NULL,
  run_id TEXT NOT NULL,
  workflow_type TEXT NOT NULL,
  task_queue TEXT NOT NULL,
  status INTEGER NOT NULL,
  start_ms INTEGER NOT NULL,
  execution_ms INTEGER NOT NULL,
  close_ms INTEGER,
  wake_at_ms INTEGER,
  history_length INTEGER NOT NULL,
  history_size_bytes INTEGER NOT NULL,
  memo BLOB NOT NULL,
  search_attributes BLOB NOT NULL,
  first_run_id TEXT NOT NULL,
  parent_workflow_id TEXT NOT NULL,
  parent_run_id TEXT NOT NULL
);
CREATE INDEX run_by_workflow ON run (namespace, workflow_id);
CREATE INDEX run_by_run_id ON run (run_id);
CREATE INDEX run_by_wake_at ON run (shard, wake_at_ms) WHERE close_ms IS NULL AND wake_at_ms IS NOT NULL;
CREATE INDEX run_open ON run (namespace, start_ms) WHERE close_ms IS NULL;
CREATE INDEX run_closed ON run (namespace, close_ms, start_ms) WHERE close_ms IS NOT NULL;

CREATE TABLE journal (
  id INTEGER PRIMARY KEY,
  first_event_id INTEGER NOT NULL,
  event_count INTEGER NOT NULL,
  public_bytes BLOB NOT NULL,
  private_bytes BLOB NOT NULL
);
`,
  // Closed runs have wake-ups too: there may be others to tell that they closed.
  `
DROP INDEX run_by_wake_at;
CREATE INDEX run_by_wake_at ON run (shard, wake_at_ms) WHERE wake_at_ms IS NOT NULL;
`,
  // Schedules and batch operations live in the same tables, under a kind. Their indexes are others, so that however many
  // there are, lists and look-ups of runs never meet them. A root that is NULL: the run itself. The roots of runs that are
  // there are those of the topmost ancestor whose row is still there.
  `
ALTER TABLE run ADD COLUMN kind INTEGER NOT NULL DEFAULT 0;
ALTER TABLE run ADD COLUMN state_transition_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE run ADD COLUMN root_workflow_id TEXT;
ALTER TABLE run ADD COLUMN root_run_id TEXT;
WITH RECURSIVE ancestor (descendant, height, workflow_id, run_id) AS (
  SELECT key, 1, parent_workflow_id, parent_run_id FROM run WHERE parent_workflow_id <> ''
  UNION ALL
  SELECT descendant, height + 1, parent_workflow_id, parent_run_id
  FROM ancestor JOIN run INDEXED BY run_by_run_id USING (run_id) WHERE parent_workflow_id <> ''
)
UPDATE run SET root_workflow_id = root.workflow_id, root_run_id = root.run_id
FROM (SELECT descendant, max(height), workflow_id, run_id FROM ancestor GROUP BY descendant) AS root
WHERE key = root.descendant;
UPDATE run SET state_transition_count = coalesce(
  (SELECT max(id) & 0xffffff FROM journal WHERE id BETWEEN key << 24 AND (key << 24 | 0xffffff)), 0);
DROP INDEX run_by_workflow;
DROP INDEX run_by_wake_at;
DROP INDEX run_open;
DROP INDEX run_closed;
CREATE INDEX run_by_workflow ON run (namespace, workflow_id) WHERE kind = 0;
CREATE INDEX run_by_wake_at ON run (shard, wake_at_ms) WHERE kind = 0 AND wake_at_ms IS NOT NULL;
CREATE INDEX run_open ON run (namespace, start_ms) WHERE kind = 0 AND close_ms IS NULL;
CREATE INDEX run_closed ON run (namespace, close_ms, start_ms) WHERE kind = 0 AND close_ms IS NOT NULL;
CREATE INDEX entity_by_id ON run (kind, namespace, workflow_id) WHERE kind > 0;
CREATE INDEX entity_by_wake_at ON run (kind, shard, wake_at_ms) WHERE kind > 0 AND wake_at_ms IS NOT NULL;
CREATE INDEX entity_open ON run (kind, namespace, start_ms) WHERE kind > 0 AND close_ms IS NULL;
CREATE INDEX entity_closed ON run (kind, namespace, close_ms, start_ms) WHERE kind > 0 AND close_ms IS NOT NULL;
`,
  // Lists and counts by type, task queue and status, by start time, and by search attribute.
  `
CREATE TABLE run_group (
  number INTEGER PRIMARY KEY,
  namespace INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  workflow_type TEXT NOT NULL,
  task_queue TEXT NOT NULL,
  status INTEGER NOT NULL,
  count INTEGER NOT NULL,
  UNIQUE (namespace, kind, workflow_type, task_queue, status)
);
INSERT INTO run_group (namespace, kind, workflow_type, task_queue, status, count)
SELECT namespace, kind, workflow_type, task_queue, status, count(*) FROM run GROUP BY 1, 2, 3, 4, 5;
ALTER TABLE run ADD COLUMN group_number INTEGER NOT NULL DEFAULT 0;
UPDATE run SET group_number = run_group.number FROM run_group
WHERE run_group.namespace = run.namespace AND run_group.kind = run.kind AND run_group.workflow_type = run.workflow_type
  AND run_group.task_queue = run.task_queue AND run_group.status = run.status;
CREATE INDEX run_in_group ON run (group_number, close_ms, start_ms);
CREATE INDEX run_by_start ON run (namespace, start_ms) WHERE kind = 0;
CREATE TABLE attribute_field (
  number INTEGER PRIMARY KEY,
  namespace INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  UNIQUE (namespace, kind, name, type)
);
CREATE TABLE attribute (
  field INTEGER NOT NULL,
  value NOT NULL,
  list_close_ms INTEGER NOT NULL,
  list_start_ms INTEGER NOT NULL,
  run_key INTEGER NOT NULL,
  PRIMARY KEY (field, value, list_close_ms, list_start_ms, run_key)
) WITHOUT ROWID;
`,
  indexAllAttributes,
  `
CREATE TABLE namespace_record (
  namespace INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  key TEXT NOT NULL,
  value BLOB NOT NULL,
  PRIMARY KEY (namespace, kind, key)
);
`,
];

/** Marks a database as one of Perdure: the bytes "PRDR" in the file header. */
export const applicationId = 0x50524452;
