import { useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { placesOf } from '../features/settings/sections.ts';
import { addTexts } from './i18n.ts';
import { enSettings } from './messages/en-settings.ts';
import type { PaletteEntry } from './palette-entries.ts';

// The names of the sections are among the texts of their page, which may not have been opened yet.
addTexts(enSettings);

/** Every section of the settings and every setting. */
export function useSettingEntries(): readonly PaletteEntry[] {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return useMemo(
    () =>
      placesOf(t).map(({ section, id, title, more }): PaletteEntry => {
        const page = t('pages.settings');
        const name = t(`settings.section.${section}`);
        return {
          id: `setting:${section}:${title}`,
          kind: 'setting',
          text: title,
          detail: title === name ? page : `${page} · ${name}`,
          words: more,
          act: () =>
            void navigate({ to: '/settings/$section', params: { section }, search: id === '' ? {} : { field: id } }),
        };
      }),
    [t, navigate],
  );
}
