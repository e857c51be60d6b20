import type { Log } from '#core/ports';
import type { Owner } from './directory-owner.ts';
import { groupHolder, Groups } from './group-hold.ts';
import { type Holder, plainHolder } from './hold.ts';
import { findKeeperHolder } from './keeper-hold.ts';

/**
 * The ways of starting interpreters on this machine, surest first; the last one always works. A keeper comes first: the
 * login of another account may move a process to a group of its own, and entering a group takes some 10 ms.
 */
export async function findHolders(self: Owner, log: Log): Promise<readonly Holder[]> {
  if (process.platform !== 'linux') {
    return [plainHolder];
  }
  const [keeper, groups] = await Promise.all([findKeeperHolder(), Groups.find(self)]);
  const found = [...(keeper ? [keeper] : []), ...(groups ? [groupHolder(groups)] : [])];
  if (found.length === 0) {
    log.warn('Neither control groups nor Perl are to be had: a process that hides on purpose outlives a stop');
  }
  return [...found, plainHolder];
}
