import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { enFirst } from './messages/en-first.ts';

/** The first catalogue is part of the bundle, so that this is done before the first screen is drawn. */
export function startI18n(): void {
  void i18next.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: 'en',
    resources: { en: { translation: enFirst } },
    interpolation: { escapeValue: false },
    initAsync: false,
  });
}

/** Adds the texts of a page that was fetched later; before the page is drawn. */
export function addTexts(texts: object): void {
  i18next.addResourceBundle('en', 'translation', texts, true, true);
}
