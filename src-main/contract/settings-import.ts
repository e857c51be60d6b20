import { type Setting, type SettingName, type SettingValue, SettingsExport } from './settings.ts';

/** Undefined for a text that is no export of settings. */
export function readSettingsExport(text: string): SettingsExport | undefined {
  let content: unknown;
  try {
    content = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch {
    return undefined;
  }
  return SettingsExport.safeParse(content).data;
}

type ToImport = {
  /** For one call of `settings.set`. */
  readonly changes: readonly { readonly name: SettingName; readonly value: SettingValue; readonly rev: number }[];
  /** Different ones that the configuration fixes here. */
  readonly fixed: readonly SettingName[];
  /** Names that this version does not know. */
  readonly unknown: readonly string[];
};

/** What an export would change here. */
export function settingsToImport({ settings: wanted }: SettingsExport, present: readonly Setting[]): ToImport {
  const different = present.filter(({ name, value }) => Object.hasOwn(wanted, name) && wanted[name] !== value);
  return {
    changes: different
      .filter(({ source }) => source.from !== 'fixed')
      .map(({ name, rev, value }) => ({ name, rev, value: wanted[name] ?? value })),
    fixed: different.filter(({ source }) => source.from === 'fixed').map(({ name }) => name),
    unknown: Object.keys(wanted).filter((name) => !present.some((one) => one.name === name)),
  };
}
