import type { TFunction } from 'i18next';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { CardLogin, RunCard } from '#contract/run-preview';
import { targetName } from '../../ui/target-name.ts';
import { durationText } from '../../ui/time-text.ts';
import type { AskedStart } from './ask-card.ts';
import { quickDefaults } from './defaults.ts';

/** Who, as whom, in which batches, and for how long. */
export function CardFacts({ asked }: { asked: AskedStart }): ReactElement {
  const { t } = useTranslation();
  const { card, targets, request } = asked;
  const { concurrency = quickDefaults.concurrency, stopAfter, tolerate, timeoutS, pauseS } = request.options ?? {};
  const facts: readonly (readonly [string, string | null])[] = [
    [t('card.first'), targetName(targets.first[0] ?? '')],
    [t('card.accounts'), loginsText(card, t)],
    [t('card.runAs'), card.runAs.length === 0 ? null : card.runAs.map((one) => t('card.account', one)).join(' · ')],
    [t('card.batches'), batchesText(card, { total: targets.total, concurrency, pauseS: pauseS ?? 0 }, t)],
    [t('card.stops'), stopAfter === undefined ? null : t('card.stopAfter', { value: stopAfter })],
    [t('card.tolerates'), tolerate === undefined || tolerate === '0' ? null : t('card.tolerate', { value: tolerate })],
    [t('card.timeout'), t('plan.seconds', { count: timeoutS ?? quickDefaults.timeoutS })],
    [t('card.expected'), expectedText(card, t)],
  ];
  return (
    <dl className="card-facts">
      {facts.map(
        ([name, text]) =>
          text !== null && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{text}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

function loginsText({ logins, moreLogins }: RunCard, t: TFunction): string {
  const said = logins.map((login) => loginText(login, t));
  return [...said, ...(moreLogins > 0 ? [t('card.moreAccounts', { count: moreLogins })] : [])].join(' · ');
}

function loginText({ user, by, credential, count }: CardLogin, t: TFunction): string {
  switch (by) {
    case 'local':
      return t('card.byLocal');
    case 'account':
      return t('card.byAccount', { user, count });
    case 'given':
      return t('card.byGiven', { user, count });
    case 'stored':
      return t('card.byStored', { user, count, credential: credential ?? '' });
  }
}

type Rolling = { readonly total: number; readonly concurrency: number; readonly pauseS: number };

function batchesText({ batches }: RunCard, { total, concurrency, pauseS }: Rolling, t: TFunction): string {
  const atOnce = Math.min(total, concurrency);
  if (batches.count === 1) {
    return t('card.oneBatch', { count: total, atOnce });
  }
  const sizes = batches.sizes.length < batches.count ? [...batches.sizes, '…'] : batches.sizes;
  const pause = pauseS > 0 ? ` ${t('card.pause', { count: pauseS })}` : '';
  return t('card.manyBatches', { count: batches.count, sizes: sizes.join(', '), atOnce }) + pause;
}

const expectedText = ({ earlier }: RunCard, t: TFunction): string | null =>
  earlier && t('card.earlier', { count: earlier.runs, duration: durationText(earlier.durationMs) });
