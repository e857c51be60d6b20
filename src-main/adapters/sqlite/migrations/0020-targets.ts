/** What every owned table begins with; `rev` counts the changes by people. */
const owned = `
  no INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  team_id TEXT NOT NULL REFERENCES teams (id),
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  rev INTEGER NOT NULL CHECK (rev >= 1),`;

const targets = `
CREATE TABLE targets (${owned}
  name TEXT NOT NULL COLLATE NOCASE,
  address TEXT NOT NULL,
  port INTEGER NOT NULL CHECK (port BETWEEN 1 AND 65535),
  os TEXT NOT NULL,
  connection TEXT NOT NULL CHECK (connection <> 'local'),
  user TEXT,
  credential_id TEXT,
  jump TEXT NOT NULL CHECK (json_valid(jump)),
  become TEXT CHECK (become IS NULL OR json_valid(become)),
  tags TEXT NOT NULL CHECK (json_valid(tags)),
  attributes TEXT NOT NULL CHECK (json_valid(attributes)),
  facts TEXT NOT NULL CHECK (json_valid(facts)),
  maintenance INTEGER NOT NULL CHECK (maintenance IN (0, 1)),
  weak_algorithms INTEGER NOT NULL CHECK (weak_algorithms IN (0, 1)),
  reached_at INTEGER,
  reached_ok INTEGER CHECK (reached_ok IN (0, 1)),
  reached_reason TEXT,
  reached_message TEXT,
  UNIQUE (team_id, name),
  CHECK ((reached_at IS NULL) = (reached_ok IS NULL) AND (reached_at IS NULL) = (reached_message IS NULL))
) STRICT;
`;

const credentials = `
CREATE TABLE credentials (${owned}
  name TEXT NOT NULL COLLATE NOCASE,
  kind TEXT NOT NULL,
  user TEXT,
  become TEXT CHECK (become IS NULL OR json_valid(become)),
  public_key TEXT,
  fingerprint TEXT,
  holds TEXT NOT NULL CHECK (json_valid(holds)),
  sealed BLOB NOT NULL,
  UNIQUE (team_id, name)
) STRICT;
`;

const hostKeys = `
CREATE TABLE host_keys (${owned}
  address TEXT NOT NULL COLLATE NOCASE,
  port INTEGER NOT NULL CHECK (port BETWEEN 1 AND 65535),
  type TEXT NOT NULL,
  public_key TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('accepted', 'offered')),
  replaces TEXT,
  accepted_by TEXT,
  seen_at INTEGER NOT NULL,
  UNIQUE (address, port, type, state, public_key)
) STRICT;
`;

const identity = (table: string, more = ''): string => `
CREATE TRIGGER ${table}_identity BEFORE UPDATE OF no, id, team_id, created_by, created_at${more} ON ${table}
BEGIN SELECT RAISE(ABORT, 'what ${table} are known by never changes'); END;
`;

/** Number 1 is the built-in target, the machine the node runs on, which has no row. */
const firstNumbers = `
INSERT INTO counters (kind, value) VALUES ('targets', 1);
`;

const plans = `
ALTER TABLE host_results ADD COLUMN reach TEXT CHECK (reach IS NULL OR json_valid(reach));
CREATE TRIGGER host_results_reach BEFORE UPDATE OF reach ON host_results
BEGIN SELECT RAISE(ABORT, 'a frozen plan never changes'); END;
`;

/**
 * Targets, credentials, host keys, and how each target of a run was reached. Their rows are really deleted: runs have the
 * frozen names of their targets, and the audit log tells who took what away.
 */
export const targetTables = {
  version: 20,
  name: 'targets',
  sql: [
    targets,
    credentials,
    hostKeys,
    identity('targets'),
    identity('credentials'),
    identity('host_keys', ', address, port, type, public_key, state'),
    firstNumbers,
    plans,
  ].join(''),
};
