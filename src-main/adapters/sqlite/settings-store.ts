import type { SettingsStore, StoredSetting } from '#core/ports-settings';
import type { Writing } from './run-writing.ts';
import type { Store } from './store.ts';

/** Keeps what people have set, by name. */
export function settingsStore(writing: Writing): SettingsStore {
  const { store, audit: log } = writing;
  return {
    listSettings: () =>
      store.read('listSettings', () =>
        store.statement<[], SettingRow>(`SELECT ${columns} FROM settings ORDER BY name`).all().map(toSetting),
      ),
    saveSetting: (setting, audit) =>
      store.write('saveSetting', 'request', () => {
        const { name, rev, at, value } = setting;
        if ((findSetting(store, name)?.rev ?? 0) !== rev) {
          return undefined;
        }
        store
          .statement(
            `INSERT INTO settings (name, team_id, created_by, created_at, updated_at, changed_by, rev, value)
             VALUES (@name, @teamId, @userId, @at, @at, @by, 1, @value)
             ON CONFLICT (name) DO UPDATE SET
               updated_at = excluded.updated_at, changed_by = excluded.changed_by, rev = rev + 1, value = excluded.value`,
          )
          .run({
            name,
            at,
            teamId: audit.actor.teamId,
            userId: audit.actor.userId,
            by: audit.actor.name,
            value: value === null ? null : JSON.stringify(value),
          });
        log.append(audit);
        return findSetting(store, name);
      }),
  };
}

type SettingRow = Omit<StoredSetting, 'value'> & { readonly value: string | null };

const columns = 'name, value, rev, changed_by AS by, updated_at AS at';

function findSetting(store: Store, name: string): StoredSetting | undefined {
  const row = store.statement<[string], SettingRow>(`SELECT ${columns} FROM settings WHERE name = ?`).get(name);
  return row && toSetting(row);
}

const toSetting = ({ value, ...plain }: SettingRow): StoredSetting => ({
  ...plain,
  value: value === null ? null : (JSON.parse(value) as StoredSetting['value']),
});
