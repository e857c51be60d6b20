import i18next from 'i18next';
import { tell } from './tell.ts';

/** Puts text on the clipboard and says whether that worked. */
export async function copyText(text: string, done: string = i18next.t('common.copied')): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    tell({ message: done });
  } catch {
    tell({ message: i18next.t('common.copyFailed'), kind: 'error' });
  }
}
