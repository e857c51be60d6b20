import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '../../client/use-call.ts';
import { ErrorNotice } from '../../ui/notice.tsx';
import { TargetForm } from './target-form.tsx';
import './target-page.css';
import './targets.css';
import { TargetCrumbs } from './target-crumbs.tsx';

/** The form of a new target, empty or filled as another one. */
export function NewTargetPage(): ReactElement {
  const { t } = useTranslation();
  const { from } = useSearch({ from: '/targets/new' });
  const navigate = useNavigate();
  const source = useCall('target.get', { target: from ?? '' }, { enabled: from !== undefined });
  return (
    <article className="target-page">
      <header className="target-head">
        <TargetCrumbs />
        <h1>{t('targets.new')}</h1>
        {source.data && <span className="quiet">{t('targets.likeOther', { name: source.data.name })}</span>}
      </header>
      {source.error && <ErrorNotice error={source.error} />}
      {(from === undefined || source.data || source.error) && (
        <TargetForm base={null} from={source.data ?? null} onCancel={() => void navigate({ to: '/targets' })} />
      )}
    </article>
  );
}
