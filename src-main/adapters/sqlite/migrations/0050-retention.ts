const final = `('success', 'failed', 'timeout', 'cancelled')`;

/** `kept`: 1 as long as output stays, 2 while it is being removed, 0 when it is gone or there was none. */
const columns = `
ALTER TABLE run_progress ADD COLUMN kept INTEGER NOT NULL DEFAULT 1 CHECK (kept IN (0, 1, 2));
ALTER TABLE run_progress ADD COLUMN purged_at INTEGER;
ALTER TABLE run_progress ADD COLUMN purge_rule TEXT CHECK (purge_rule IS NULL OR purge_rule IN ('age', 'count', 'bytes'));
ALTER TABLE run_progress ADD COLUMN purge_limit INTEGER;
CREATE INDEX run_progress_kept ON run_progress (run_no) WHERE kept <> 0;
CREATE INDEX run_progress_half_purged ON run_progress (run_no) WHERE kept = 2;
`;

const guards = `
CREATE TRIGGER run_progress_kept_falls BEFORE UPDATE OF kept ON run_progress
WHEN NEW.kept <> OLD.kept AND NOT (OLD.kept = 1 OR OLD.kept = 2 AND NEW.kept = 0)
BEGIN SELECT RAISE(ABORT, 'removed output never comes back'); END;
CREATE TRIGGER run_progress_kept_live BEFORE UPDATE OF kept ON run_progress
WHEN NEW.kept <> 1 AND NOT EXISTS (SELECT 1 FROM runs WHERE no = OLD.run_no AND status IN ${final})
BEGIN SELECT RAISE(ABORT, 'the output of a live run is kept'); END;
CREATE TRIGGER run_progress_kept_whole BEFORE UPDATE OF kept ON run_progress
WHEN NEW.kept = 0 AND EXISTS (SELECT 1 FROM log_chunks WHERE run_no = OLD.run_no)
BEGIN SELECT RAISE(ABORT, 'there is output of this run yet'); END;
CREATE TRIGGER run_progress_purge BEFORE UPDATE OF purged_at, purge_rule, purge_limit ON run_progress
WHEN OLD.purged_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'when and why output was removed never changes'); END;
DROP TRIGGER log_chunks_are_kept;
CREATE TRIGGER log_chunks_are_kept BEFORE DELETE ON log_chunks
WHEN coalesce((SELECT kept FROM run_progress WHERE run_no = OLD.run_no), 1) <> 2
BEGIN SELECT RAISE(ABORT, 'rows of log_chunks are never deleted but by retention'); END;
`;

/** What each sweep has removed so far; one without an end goes on after a stop. */
const sweeps = `
CREATE TABLE sweeps (
  no INTEGER PRIMARY KEY,
  began_at INTEGER NOT NULL,
  ended_at INTEGER,
  asked_by TEXT NOT NULL,
  stopped INTEGER NOT NULL CHECK (stopped IN (0, 1)),
  by_age INTEGER NOT NULL,
  by_count INTEGER NOT NULL,
  by_bytes INTEGER NOT NULL,
  bytes INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX sweeps_open ON sweeps (ended_at IS NULL) WHERE ended_at IS NULL;
CREATE TRIGGER sweeps_final BEFORE UPDATE ON sweeps WHEN OLD.ended_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a sweep that has ended never changes'); END;
`;

/** Every copy that was begun; only what stands here as made is ever removed again. */
const copies = `
CREATE TABLE copies (
  no INTEGER PRIMARY KEY,
  due_at INTEGER,
  began_at INTEGER NOT NULL,
  ended_at INTEGER,
  asked_by TEXT NOT NULL,
  folder TEXT NOT NULL,
  file TEXT NOT NULL,
  with_key INTEGER NOT NULL CHECK (with_key IN (0, 1)),
  state TEXT NOT NULL CHECK (state IN ('running', 'made', 'failed', 'removed', 'gone')),
  bytes INTEGER,
  created_at INTEGER,
  message TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX copies_running ON copies (state) WHERE state = 'running';
`;

/**
 * Runs that are of an earlier time than one with a smaller number, because the clock went back. All others rise with their
 * numbers, so that a bound of time is found without looking at what is beyond it.
 */
const lateRuns = `
CREATE TABLE late_runs (
  no INTEGER PRIMARY KEY,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX late_runs_by_time ON late_runs (created_at, no);
INSERT INTO late_runs (no, created_at)
SELECT no, created_at FROM (
  SELECT no, created_at, max(created_at) OVER (
    PARTITION BY team_id ORDER BY no ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS latest
  FROM runs)
WHERE created_at < latest;
CREATE TRIGGER runs_late AFTER INSERT ON runs
WHEN EXISTS (SELECT 1 FROM runs WHERE team_id = NEW.team_id AND created_at > NEW.created_at)
BEGIN INSERT INTO late_runs (no, created_at) VALUES (NEW.no, NEW.created_at); END;
`;

/** The output of old runs may go, by a rule, while their records stay; the archive is copied by the day. */
export const retention = { version: 50, name: 'retention', sql: [columns, guards, sweeps, copies, lateRuns].join('') };
