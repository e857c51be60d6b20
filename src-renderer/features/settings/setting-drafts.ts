import type { Setting, SettingName, SettingValue } from '#contract/settings';
import { readSetting, writeSetting } from '#contract/setting-text';

/** What was typed into fields and not saved, with the `rev` that was seen when the typing began. */
export type Drafts = { readonly [N in SettingName]?: { readonly text: string; readonly rev: number } };

/** One field as it stands: `problem` when it cannot be saved, `isStale` when somebody else changed it meanwhile. */
export type FieldState = {
  readonly text: string;
  readonly isChanged: boolean;
  readonly isWrong: boolean;
  readonly isStale: boolean;
};

export function fieldState({ name, value, rev }: Setting, drafts: Drafts): FieldState {
  const draft = drafts[name];
  if (!draft) {
    return { text: writeSetting(name, value), isChanged: false, isWrong: false, isStale: false };
  }
  const read = readSetting(name, draft.text);
  const isWrong = 'problem' in read;
  return {
    text: draft.text,
    isChanged: isWrong || read.value !== value,
    isWrong,
    isStale: draft.rev !== rev,
  };
}

/** For one call of `settings.set`: under the `rev` of now, because the page has shown what others changed. */
export function changesOf(
  settings: readonly Setting[],
  drafts: Drafts,
): { name: SettingName; value: SettingValue; rev: number }[] {
  return settings.flatMap((setting) => {
    const draft = drafts[setting.name];
    const read = draft && readSetting(setting.name, draft.text);
    return read && 'value' in read && read.value !== setting.value
      ? [{ name: setting.name, value: read.value, rev: setting.rev }]
      : [];
  });
}

export function withoutDraft(drafts: Drafts, name: SettingName): Drafts {
  const { [name]: _gone, ...rest } = drafts;
  return rest;
}
