import type { DroverClient } from '#contract/client';
import { DroverError } from '#contract/errors';
import { type Setting, type SettingName, settingNames } from '#contract/settings';
import { nearestName } from './nearest-name.ts';

/** A name as it was typed, whatever its case; throws DroverError `bad-input` with the nearest one. */
export function settingName(typed: string): SettingName {
  const found = settingNames.find((name) => name.toLowerCase() === typed.toLowerCase());
  if (found) {
    return found;
  }
  const guess = nearestName(typed, settingNames);
  throw new DroverError('bad-input', `There is no setting '${typed}'${guess ? `; did you mean ${guess}?` : ''}`, {
    detail: { remedy: 'drover settings ls shows which there are.' },
  });
}

export async function findSetting(client: DroverClient, name: SettingName): Promise<Setting> {
  const { settings } = await client.call('settings.get', {});
  const found = settings.find((setting) => setting.name === name);
  if (!found) {
    throw new DroverError('not-found', `The engine does not know the setting ${name}: it is another version`);
  }
  return found;
}
