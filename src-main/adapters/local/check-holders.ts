import { thisProcess } from './directory-owner.ts';
import { findHolders } from './find-holders.ts';

/** The names of the ways in which processes of local scripts are held together, surest first; empty without any. */
export async function checkHolders(): Promise<string[]> {
  const quiet = (): void => undefined;
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
  return (await findHolders(thisProcess(), log)).map(({ name }) => name).filter((name) => name !== 'none');
}
