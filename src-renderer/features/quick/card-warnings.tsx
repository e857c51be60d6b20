import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { quickDefaults } from './defaults.ts';
import type { PlanChange } from './plan-change.ts';
import type { ShownCard } from './use-start.ts';

type CardWarningsProps = { shown: ShownCard; onRollOut: () => void };

/** What an operator may not have seen, each with its remedy where there is one. */
export function CardWarnings({ shown, onRollOut }: CardWarningsProps): ReactElement | null {
  const { t } = useTranslation();
  const { card, targets, request } = shown.asked;
  const advisesBatches = targets.total >= quickDefaults.rollingFrom && request.options?.batches === undefined;
  return (
    <ul className="card-warnings" aria-label={t('card.warnings')}>
      {shown.changed && <Changed change={shown.changed} />}
      {card.everyTarget && <Warning text={t('card.everyTarget')} />}
      {targets.unreachable > 0 && <Warning text={t('card.unreachable', { count: targets.unreachable })} />}
      {card.maintenance > 0 && <Warning text={t('card.maintenance', { count: card.maintenance })} />}
      {advisesBatches && (
        <Warning text={t('card.rolling', { count: targets.total })}>
          <Button variant="default" size="compact-xs" onClick={onRollOut}>
            {t('card.rollOut', { batches: quickDefaults.rollingBatches })}
          </Button>
        </Warning>
      )}
    </ul>
  );
}

function Warning({ text, children }: { text: string; children?: ReactElement }): ReactElement {
  return (
    <li>
      <IconAlertTriangle size={14} stroke={1.8} aria-hidden="true" />
      <span>{text}</span>
      {children}
    </li>
  );
}

const mostNames = 8;

function Changed({ change }: { change: PlanChange }): ReactElement {
  const { t } = useTranslation();
  const said = (['gone', 'added', 'altered'] as const).flatMap((what) =>
    change[what].length === 0 ? [] : [t(`card.${what}`, { names: namesOf(change[what]) })],
  );
  const counts =
    change.before === change.after
      ? t('card.sameCount', { count: change.after })
      : t('card.otherCount', { count: change.after, before: change.before });
  return (
    <li className="card-changed" role="alert">
      <IconAlertTriangle size={14} stroke={1.8} aria-hidden="true" />
      <span>{[t('card.changed'), counts, ...said].join(' ')}</span>
    </li>
  );
}

const namesOf = (names: readonly string[]): string =>
  names.length > mostNames ? `${names.slice(0, mostNames).join(', ')} +${names.length - mostNames}` : names.join(', ');
