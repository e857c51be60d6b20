import { keepDraft, readDraft } from './draft-storage.ts';

/** The form of Quick execute opens with these targets; everything else in it stays as it was typed. */
export function handTargetsOver(targets: string): void {
  keepDraft(sessionStorage, { ...readDraft(sessionStorage), targets, addresses: '' });
}
