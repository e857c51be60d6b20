import i18next from 'i18next';
import type { Reached, Target } from '#contract/target';
import { enFirst } from '../../app/messages/en-first.ts';

/** `10.0.0.5:22`, `[2001:db8::1]:22`. */
export const addressText = ({ address, port }: Pick<Target, 'address' | 'port'>): string =>
  `${address.includes(':') ? `[${address}]` : address}:${port}`;

/** Where a target is; of this machine there is nothing to say. */
export const placeText = (target: Target): string => (target.connection === 'local' ? '' : addressText(target));

/** How a target is reached, in the product's words. */
export function modeText({ connection }: Pick<Target, 'connection'>): string {
  switch (connection) {
    case 'local':
      return i18next.t('common.thisMachine');
    case 'agent':
    case 'executor':
      return i18next.t('targets.agent');
    case 'ssh':
    case 'ansible':
      return i18next.t('targets.agentless');
  }
}

/** The machines on the way, the nearest first. */
export const jumpText = (jump: Target['jump']): string =>
  jump.map((hop) => `${hop.user === null ? '' : `${hop.user}@`}${addressText(hop)}`).join(' → ');

type Reason = keyof (typeof enFirst)['hostReason'];

/** Why a target was not reached, in words; a reason of a newer engine as it is. */
export const reasonText = (reason: string | null): string =>
  reason === null
    ? i18next.t('targets.notReached')
    : Object.hasOwn(enFirst.hostReason, reason)
      ? i18next.t(`hostReason.${reason as Reason}`)
      : reason;

/** For a screen reader and for hovering: what came of the last contact. */
export function reachText(reached: Reached | null): string {
  if (reached === null) {
    return i18next.t('targets.neverReached');
  }
  return reached.ok ? i18next.t('targets.reached') : reasonText(reached.reason);
}

/** By what the table puts targets in order of their reach: trouble first, then what was never tried. */
export const reachRank = ({ connection, lastReach }: Target): number =>
  connection === 'local' ? 3 : lastReach === null ? 1 : lastReach.ok ? 2 : 0;
