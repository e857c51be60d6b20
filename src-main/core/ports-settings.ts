import type { SettingName, SettingValue } from '#contract/settings';
import type { AuditEntry } from './ports-actor.ts';

/** What people have set; `value` is null once it was reset. */
export type StoredSetting = {
  readonly name: string;
  readonly value: SettingValue | null;
  readonly rev: number;
  /** Who set it last, and when. */
  readonly by: string;
  readonly at: number;
};

export interface SettingsStore {
  listSettings(): StoredSetting[];
  /** Undefined, and nothing written, when `rev` is not the present one; that of a setting nobody ever set is 0. */
  saveSetting(
    setting: {
      readonly name: SettingName;
      readonly value: SettingValue | null;
      readonly rev: number;
      readonly at: number;
    },
    audit: AuditEntry,
  ): StoredSetting | undefined;
}

/** A value that the configuration gives, and the variable or file that holds it: nobody can change it from within. */
export type FixedSetting = { readonly name: SettingName; readonly value: SettingValue; readonly by: string };
