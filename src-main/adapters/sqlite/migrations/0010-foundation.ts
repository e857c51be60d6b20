const final = `('success', 'failed', 'timeout', 'cancelled')`;
const hostFinal = `('success', 'failed', 'timeout', 'cancelled', 'skipped')`;

const owners = `
CREATE TABLE node (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  id TEXT NOT NULL,
  number INTEGER NOT NULL CHECK (number BETWEEN 0 AND 4095),
  needs_version TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE counters (
  kind TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE teams (
  no INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  built_in INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE users (
  no INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  team_id TEXT NOT NULL REFERENCES teams (id),
  name TEXT NOT NULL,
  built_in INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE sessions (
  no INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  team_id TEXT NOT NULL REFERENCES teams (id),
  created_by TEXT NOT NULL,
  secret_sha256 TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  address TEXT NOT NULL,
  agent TEXT NOT NULL,
  revoked_at INTEGER
) STRICT;
CREATE INDEX sessions_by_user ON sessions (created_by, no);
`;

const runs = `
CREATE TABLE runs (
  no INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  team_id TEXT NOT NULL REFERENCES teams (id),
  created_by TEXT NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  task_type TEXT NOT NULL,
  language TEXT,
  summary TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('pending', 'running', 'cancelling', 'success', 'failed', 'timeout', 'cancelled')),
  phase TEXT NOT NULL,
  reason TEXT NOT NULL,
  source TEXT NOT NULL CHECK (source IN ('manual', 'scheduled', 'api')),
  executor TEXT NOT NULL,
  selector TEXT NOT NULL,
  first_target TEXT NOT NULL,
  rerun_of_id TEXT,
  rerun_of_no INTEGER,
  cancel TEXT,
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  ended_at INTEGER,
  duration_ms INTEGER
) STRICT;
CREATE INDEX runs_by_state ON runs (team_id, status, source, no);
CREATE INDEX runs_by_time ON runs (team_id, created_at, no);
CREATE INDEX runs_live ON runs (no) WHERE status IN ('pending', 'running', 'cancelling');
CREATE TABLE run_inputs (
  run_no INTEGER PRIMARY KEY REFERENCES runs (no),
  task TEXT NOT NULL,
  options TEXT NOT NULL,
  final_text TEXT NOT NULL,
  text_sha256 TEXT NOT NULL,
  plan_sha256 TEXT NOT NULL,
  left_alone TEXT NOT NULL
) STRICT;
CREATE TABLE run_progress (
  run_no INTEGER PRIMARY KEY REFERENCES runs (no),
  total INTEGER NOT NULL,
  pending INTEGER NOT NULL,
  running INTEGER NOT NULL,
  success INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  timeout INTEGER NOT NULL,
  cancelled INTEGER NOT NULL,
  skipped INTEGER NOT NULL,
  unreachable INTEGER NOT NULL,
  last_seq INTEGER NOT NULL,
  output_bytes INTEGER NOT NULL,
  omitted_bytes INTEGER NOT NULL,
  packed_seq INTEGER NOT NULL,
  packed INTEGER NOT NULL,
  rev INTEGER NOT NULL,
  CHECK (total = pending + running + success + failed + timeout + cancelled + skipped),
  CHECK (unreachable BETWEEN 0 AND failed)
) STRICT;
CREATE INDEX run_progress_by_rev ON run_progress (rev);
CREATE INDEX run_progress_unpacked ON run_progress (run_no) WHERE packed = 0;
CREATE TABLE steps (
  no INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  team_id TEXT NOT NULL REFERENCES teams (id),
  created_by TEXT NOT NULL,
  run_no INTEGER NOT NULL REFERENCES runs (no),
  ordinal INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (run_no, ordinal)
) STRICT;
CREATE VIRTUAL TABLE run_search USING fts5 (
  name, summary, first_target, selector, content = '', tokenize = 'trigram', detail = none
);
`;

const results = `
CREATE TABLE host_results (
  id INTEGER PRIMARY KEY,
  run_no INTEGER NOT NULL REFERENCES runs (no),
  step_no INTEGER NOT NULL REFERENCES steps (no),
  attempt INTEGER NOT NULL,
  host INTEGER NOT NULL,
  target_id TEXT,
  name TEXT NOT NULL,
  address TEXT NOT NULL,
  os TEXT NOT NULL,
  connection TEXT NOT NULL,
  status TEXT NOT NULL
    CHECK (status IN ('pending', 'running', 'cancelling', 'success', 'failed', 'timeout', 'cancelled', 'skipped')),
  reason TEXT,
  message TEXT NOT NULL,
  exit_code INTEGER,
  started_at INTEGER,
  ended_at INTEGER,
  duration_ms INTEGER,
  stopped TEXT,
  late_result TEXT,
  out_lines INTEGER NOT NULL,
  out_bytes INTEGER NOT NULL,
  out_omitted INTEGER NOT NULL,
  out_sha256 TEXT,
  err_lines INTEGER NOT NULL,
  err_bytes INTEGER NOT NULL,
  err_omitted INTEGER NOT NULL,
  err_sha256 TEXT,
  rev INTEGER NOT NULL,
  UNIQUE (step_no, attempt, host)
) STRICT;
CREATE INDEX host_results_by_rev ON host_results (run_no, rev);
CREATE TABLE log_chunks (
  id INTEGER PRIMARY KEY,
  run_no INTEGER NOT NULL REFERENCES runs (no),
  step_no INTEGER NOT NULL REFERENCES steps (no),
  host INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  stream TEXT NOT NULL CHECK (stream IN ('out', 'err')),
  first_seq INTEGER NOT NULL,
  last_seq INTEGER NOT NULL,
  first_n INTEGER NOT NULL,
  at INTEGER NOT NULL,
  size INTEGER NOT NULL,
  encoding TEXT NOT NULL CHECK (encoding IN ('raw', 'zstd')),
  bytes BLOB NOT NULL,
  CHECK (last_seq >= first_seq)
) STRICT;
CREATE UNIQUE INDEX log_chunks_by_seq ON log_chunks (run_no, last_seq, first_seq);
CREATE INDEX log_chunks_by_host ON log_chunks (run_no, host, stream, last_seq, first_seq);
CREATE INDEX log_chunks_by_stream ON log_chunks (run_no, stream, last_seq, first_seq);
`;

const audit = `
CREATE TABLE audit_log (
  no INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  team_id TEXT NOT NULL,
  created_by TEXT NOT NULL,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  object_type TEXT NOT NULL,
  object_id TEXT NOT NULL,
  detail TEXT NOT NULL,
  prev_hash TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;
`;

const forbidDelete = (table: string): string => `
CREATE TRIGGER ${table}_are_kept BEFORE DELETE ON ${table}
BEGIN SELECT RAISE(ABORT, 'rows of ${table} are never deleted'); END;
`;

const runGuards = `
CREATE TRIGGER runs_begin_pending BEFORE INSERT ON runs WHEN NEW.status <> 'pending'
BEGIN SELECT RAISE(ABORT, 'a run begins as pending'); END;
CREATE TRIGGER runs_final BEFORE UPDATE ON runs WHEN OLD.status IN ${final}
BEGIN SELECT RAISE(ABORT, 'a run that has ended never changes'); END;
CREATE TRIGGER runs_transition BEFORE UPDATE OF status ON runs
WHEN NEW.status <> OLD.status AND NOT (
  OLD.status = 'pending' AND NEW.status IN ('running', 'cancelled', 'failed')
  OR OLD.status = 'running' AND NEW.status IN ('success', 'failed', 'timeout', 'cancelling')
  OR OLD.status = 'cancelling' AND NEW.status = 'cancelled'
)
BEGIN SELECT RAISE(ABORT, 'no such transition of a run'); END;
CREATE TRIGGER runs_identity BEFORE UPDATE OF
  no, id, team_id, created_by, name, kind, task_type, language, summary, source, executor, selector, first_target,
  rerun_of_id, rerun_of_no, created_at
ON runs
BEGIN SELECT RAISE(ABORT, 'what a run was started with never changes'); END;
CREATE TRIGGER run_inputs_identity BEFORE UPDATE ON run_inputs
BEGIN SELECT RAISE(ABORT, 'what a run was started with never changes'); END;
CREATE TRIGGER steps_identity BEFORE UPDATE ON steps
BEGIN SELECT RAISE(ABORT, 'a step never changes'); END;
`;

const resultGuards = `
CREATE TRIGGER host_results_begin_pending BEFORE INSERT ON host_results WHEN NEW.status <> 'pending'
BEGIN SELECT RAISE(ABORT, 'a target begins as pending'); END;
CREATE TRIGGER host_results_final BEFORE UPDATE OF
  status, reason, message, exit_code, started_at, ended_at, duration_ms, stopped,
  out_lines, out_bytes, out_omitted, out_sha256, err_lines, err_bytes, err_omitted, err_sha256
ON host_results WHEN OLD.status IN ${hostFinal}
BEGIN SELECT RAISE(ABORT, 'the result of a target never changes'); END;
CREATE TRIGGER host_results_transition BEFORE UPDATE OF status ON host_results
WHEN NEW.status <> OLD.status AND NOT (
  OLD.status = 'pending' AND NEW.status IN ('running', 'failed', 'timeout', 'cancelled', 'skipped')
  OR OLD.status = 'running' AND NEW.status IN ('cancelling', 'success', 'failed', 'timeout', 'cancelled')
  OR OLD.status = 'cancelling' AND NEW.status IN ('success', 'failed', 'timeout', 'cancelled')
)
BEGIN SELECT RAISE(ABORT, 'no such transition of a target'); END;
CREATE TRIGGER host_results_late BEFORE UPDATE OF late_result ON host_results
WHEN OLD.late_result IS NOT NULL OR OLD.status NOT IN ${hostFinal}
BEGIN SELECT RAISE(ABORT, 'a late result is kept once, beside a final one'); END;
CREATE TRIGGER host_results_identity BEFORE UPDATE OF
  id, run_no, step_no, attempt, host, target_id, name, address, os, connection
ON host_results
BEGIN SELECT RAISE(ABORT, 'a frozen plan never changes'); END;
`;

const otherGuards = `
CREATE TRIGGER log_chunks_identity BEFORE UPDATE OF
  id, run_no, step_no, host, attempt, stream, first_seq, last_seq, first_n, at, size
ON log_chunks
BEGIN SELECT RAISE(ABORT, 'stored output never changes'); END;
CREATE TRIGGER log_chunks_packing BEFORE UPDATE OF encoding, bytes ON log_chunks
WHEN NOT (OLD.encoding = 'raw' AND NEW.encoding = 'zstd')
BEGIN SELECT RAISE(ABORT, 'stored output is packed once'); END;
CREATE TRIGGER audit_log_frozen BEFORE UPDATE ON audit_log
BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
CREATE TRIGGER audit_log_chain BEFORE INSERT ON audit_log
WHEN NEW.prev_hash <> coalesce((SELECT hash FROM audit_log ORDER BY no DESC LIMIT 1), '')
  OR NEW.no <= coalesce((SELECT max(no) FROM audit_log), 0)
BEGIN SELECT RAISE(ABORT, 'the audit log is only added to at its end'); END;
CREATE TRIGGER counters_rise BEFORE UPDATE ON counters WHEN NEW.kind <> OLD.kind OR NEW.value < OLD.value
BEGIN SELECT RAISE(ABORT, 'a counter only rises'); END;
`;

const keptTables = [
  'node',
  'counters',
  'runs',
  'run_inputs',
  'run_progress',
  'steps',
  'host_results',
  'log_chunks',
  'audit_log',
];

/**
 * Runs, their targets' results, their output, the audit log and who owns them. What changes with every line of output
 * stands in run_progress, apart from the wide rows of runs and run_inputs. Retention will lift the ban on deleting.
 */
export const foundation = {
  version: 10,
  name: 'foundation',
  sql: [owners, runs, results, audit, ...keptTables.map(forbidDelete), runGuards, resultGuards, otherGuards].join(''),
};
