import i18next from 'i18next';
import { DroverError } from '#contract/errors';
import { client, noteSession } from '../client/index.ts';
import { errorWords } from '../ui/error-text.ts';
import { tell } from '../ui/tell.ts';

/** Ends this browser's session, in all its tabs. */
export async function signOut(): Promise<void> {
  try {
    const { sessions } = await client.call('session.list', {});
    const own = sessions.find(({ current }) => current);
    if (own) {
      await client.call('session.revoke', { id: own.id });
    }
    noteSession();
    // Whoever comes to this machine next finds nothing of the pages that were open.
    window.location.reload();
  } catch (error) {
    if (error instanceof DroverError) {
      const { what, next } = errorWords(error, i18next);
      tell({ kind: 'error', title: i18next.t('frame.notSignedOut', { what }), message: next });
    }
  }
}
