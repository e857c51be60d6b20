import { IconTool } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Target } from '#contract/target';
import type { LastRun } from '#contract/target-runs';
import { StateShape } from '../../ui/state-badge.tsx';
import { targetName } from '../../ui/target-name.ts';
import { Ago } from '../../ui/time.tsx';
import { jumpText, modeText, placeText, reachText } from './target-words.ts';

type CellProps = { target: Target };

export function NameCell({ target }: CellProps): ReactElement {
  const name = targetName(target.name);
  return (
    <Link to="/targets/$target" params={{ target: target.id }} className="target-name" title={name}>
      {name}
    </Link>
  );
}

export function PlaceCell({ target }: CellProps): ReactElement {
  const place = placeText(target);
  return (
    <span className="mono" title={place}>
      {place}
    </span>
  );
}

type AccountProps = CellProps & { credentialName: string | undefined };

/** Account and credential; without either, that of the node's account. */
export function AccountCell({ target, credentialName }: AccountProps): ReactElement {
  const { t } = useTranslation();
  const parts = [
    target.user ?? '',
    credentialName === undefined ? '' : t('targets.byCredential', { name: credentialName }),
    target.become === null ? '' : t('targets.bySudo', { user: target.become.user }),
  ].filter((part) => part !== '');
  const text = parts.join(' · ');
  return <span title={text}>{text}</span>;
}

export function JumpCell({ target }: CellProps): ReactElement {
  const text = jumpText(target.jump);
  return (
    <span className="mono" title={text}>
      {text}
    </span>
  );
}

export function TagsCell({ target }: CellProps): ReactElement {
  return (
    <span className="tags" title={target.tags.join(' ')}>
      {target.tags.map((tag) => (
        <span key={tag} className="tag">
          {tag}
        </span>
      ))}
    </span>
  );
}

const shapes = { ok: 'success', failed: 'failed', never: 'pending' } as const;

/** What came of the last contact, with its shape, and when that was. */
export function ReachCell({ target: { connection, lastReach } }: CellProps): ReactElement | null {
  const { t } = useTranslation();
  if (connection === 'local') {
    return <span className="quiet">{t('targets.always')}</span>;
  }
  const state = lastReach === null ? 'never' : lastReach.ok ? 'ok' : 'failed';
  const words = reachText(lastReach);
  return (
    <span className="reach" title={lastReach === null || lastReach.message === '' ? words : lastReach.message}>
      <StateShape status={shapes[state]} />
      <span className="cut" style={{ color: `var(--status-${shapes[state]})` }}>
        {words}
      </span>
      {lastReach && (
        <span className="quiet">
          <Ago at={lastReach.at} />
        </span>
      )}
    </span>
  );
}

/** The run, what became of the target in it, and when that was. */
export function LastRunCell({ last }: { last: LastRun | undefined }): ReactElement | null {
  const { t } = useTranslation();
  return last === undefined ? null : (
    <span className="reach" title={t(`status.${last.status}`)}>
      <StateShape status={last.status} />
      <Link to="/runs/$no" params={{ no: String(last.no) }} className="tabular">{`#${last.no}`}</Link>
      <span className="unseen">{t(`status.${last.status}`)}</span>
      <span className="quiet">
        <Ago at={last.at} />
      </span>
    </span>
  );
}

export function MaintenanceCell({ target }: CellProps): ReactElement | null {
  const { t } = useTranslation();
  return target.maintenance ? (
    <span className="maintenance" title={t('targets.maintenanceMeans')}>
      <IconTool size={13} stroke={1.6} aria-hidden="true" />
      {t('targets.maintenance')}
    </span>
  ) : null;
}

/** A target where there is no room for columns. */
export function NarrowTarget({ target }: CellProps): ReactElement {
  return (
    <>
      <span>
        <span className="cut">
          <NameCell target={target} />
        </span>
        <MaintenanceCell target={target} />
        <TagsCell target={target} />
      </span>
      <span>
        <span className="cut mono">{target.connection === 'local' ? modeText(target) : placeText(target)}</span>
        <ReachCell target={target} />
      </span>
    </>
  );
}
