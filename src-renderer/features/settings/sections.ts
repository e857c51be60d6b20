import type { TFunction } from 'i18next';
import { settingNames } from '#contract/settings';

export const sections = [
  'about',
  'limits',
  'credentials',
  'host-keys',
  'secrets',
  'sessions',
  'appearance',
  'licences',
] as const;
export type Section = (typeof sections)[number];

export const isSection = (name: string): name is Section => sections.some((one) => one === name);

type Place = { readonly section: Section; readonly id: string; readonly title: string; readonly more: string };

/** Everything the search of the settings can find; `id` is the element to go to, empty for the whole section. */
export function placesOf(t: TFunction): readonly Place[] {
  const place = (section: Section, title: string, more = ''): Place => ({ section, id: '', title, more });
  return [
    ...sections.map((section) => place(section, t(`settings.section.${section}`))),
    ...(['node', 'version', 'folder', 'archive', 'log', 'disk', 'health', 'export', 'import'] as const).map((key) =>
      place('about', t(`settings.about.${key}`)),
    ),
    ...settingNames.map((name) => ({
      section: 'limits' as const,
      id: name,
      title: t(`settings.field.${name}.name`),
      more: `${t(`settings.field.${name}.hint`)} ${name}`,
    })),
    place('credentials', t('settings.credentials.add')),
    place('credentials', t('settings.credentials.install')),
    place('host-keys', t('settings.hostKeys.offered')),
    place('host-keys', t('settings.hostKeys.accepted')),
    place('secrets', t('settings.secrets.unlock'), t('settings.secrets.unlockLabel')),
    place('secrets', t('settings.secrets.change')),
    place('secrets', t('settings.secrets.removeKeyFile')),
    place('sessions', t('settings.sessions.link')),
    place('sessions', t('settings.sessions.endOthers')),
    place('appearance', t('settings.appearance.theme'), t('settings.appearance.dark')),
    place('appearance', t('settings.appearance.resetLayouts')),
  ];
}

/** The places in which every word typed stands. */
export function findPlaces(places: readonly Place[], typed: string): readonly Place[] {
  const words = typed.trim().toLowerCase().split(/\s+/);
  return places.filter(({ title, more }) => {
    const text = `${title} ${more}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
