CREATE TABLE attribute (
  field INTEGER NOT NULL,
  value NOT NULL,
  list_close_ms INTEGER NOT NULL,
  list_start_ms INTEGER NOT NULL,
  run_key INTEGER NOT NULL,
  PRIMARY KEY (field, value, list_close_ms, list_start_ms, run_key)
) WITHOUT ROWID;

CREATE TABLE attribute_field (
  number INTEGER PRIMARY KEY,
  namespace INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  UNIQUE (namespace, kind, name, type)
);

CREATE TABLE journal (
  id INTEGER PRIMARY KEY,
  first_event_id INTEGER NOT NULL,
  event_count INTEGER NOT NULL,
  public_bytes BLOB NOT NULL,
  private_bytes BLOB NOT NULL
);

CREATE TABLE namespace (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT, data BLOB);

CREATE TABLE namespace_record (
  namespace INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  key TEXT NOT NULL,
  value BLOB NOT NULL,
  PRIMARY KEY (namespace, kind, key)
);

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
, kind INTEGER NOT NULL DEFAULT 0, state_transition_count INTEGER NOT NULL DEFAULT 0, root_workflow_id TEXT, root_run_id TEXT, group_number INTEGER NOT NULL DEFAULT 0);

CREATE INDEX entity_by_id ON run (kind, namespace, workflow_id) WHERE kind > 0;

CREATE INDEX entity_by_wake_at ON run (kind, shard, wake_at_ms) WHERE kind > 0 AND wake_at_ms IS NOT NULL;

CREATE INDEX entity_closed ON run (kind, namespace, close_ms, start_ms) WHERE kind > 0 AND close_ms IS NOT NULL;

CREATE INDEX entity_open ON run (kind, namespace, start_ms) WHERE kind > 0 AND close_ms IS NULL;

CREATE INDEX run_by_run_id ON run (run_id);

CREATE INDEX run_by_start ON run (namespace, start_ms) WHERE kind = 0;

CREATE INDEX run_by_wake_at ON run (shard, wake_at_ms) WHERE kind = 0 AND wake_at_ms IS NOT NULL;

CREATE INDEX run_by_workflow ON run (namespace, workflow_id) WHERE kind = 0;

CREATE INDEX run_closed ON run (namespace, close_ms, start_ms) WHERE kind = 0 AND close_ms IS NOT NULL;

CREATE INDEX run_in_group ON run (group_number, close_ms, start_ms);

CREATE INDEX run_open ON run (namespace, start_ms) WHERE kind = 0 AND close_ms IS NULL;

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

CREATE TABLE schema_version (version INTEGER PRIMARY KEY, applied_ms INTEGER NOT NULL);

CREATE TABLE shard (id INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, owner TEXT NOT NULL);
