import type { i18n } from 'i18next';
import type { DroverError } from '#contract/errors';
import type { en } from '../app/messages/en.ts';

type Known = keyof (typeof en)['errors'];

export type ErrorWords = { readonly what: string; readonly detail: string; readonly next: string };

/** What happened, the engine's own sentence, and what to do next. */
export function errorWords(error: Pick<DroverError, 'code' | 'message'>, catalogue: i18n): ErrorWords {
  const known = catalogue.exists(`errors.${error.code}.what`) ? (error.code as Known) : 'internal';
  return {
    what: catalogue.t(`errors.${known}.what`),
    detail: error.message,
    next: catalogue.t(`errors.${known}.next`),
  };
}
