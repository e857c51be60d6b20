/** One row a setting that was ever changed; a reset keeps the row, so that its `rev` is never given twice. */
const settings = `
CREATE TABLE settings (
  name TEXT PRIMARY KEY,
  team_id TEXT NOT NULL REFERENCES teams (id),
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  changed_by TEXT NOT NULL,
  rev INTEGER NOT NULL CHECK (rev >= 1),
  value TEXT CHECK (value IS NULL OR json_valid(value))
) STRICT;

CREATE TRIGGER settings_identity BEFORE UPDATE OF name, team_id, created_by, created_at ON settings
BEGIN SELECT RAISE(ABORT, 'what settings are known by never changes'); END;
`;

/** What people set in the program itself, beside its configuration. */
export const settingsTable = { version: 30, name: 'settings', sql: settings };
