import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { en } from './messages/en.ts';

/** The catalogues are part of the bundle, so that this is done before the first screen is drawn. */
export function startI18n(): void {
  void i18next.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: 'en',
    resources: { en: { translation: en } },
    interpolation: { escapeValue: false },
    initAsync: false,
  });
}
