import { Button } from '@mantine/core';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { type ReactElement, useEffect, useEffectEvent, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Target } from '#contract/target';
import { queries } from '../../client/index.ts';
import { isFinal } from '../../client/live-runs.ts';
import { useCall } from '../../client/use-call.ts';
import { useRunChanges } from '../../client/use-run-changes.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { useKeys } from '../../ui/use-keys.ts';
import { HostKeys } from './host-keys.tsx';
import { TargetFacts } from './target-facts.tsx';
import { TargetForm } from './target-form.tsx';
import { TargetHead } from './target-head.tsx';
import { TargetRuns } from './target-runs.tsx';
import './target-page.css';
import './targets.css';

/** One target: how it is reached, what it showed, what ran on it. */
export function TargetPage(): ReactElement {
  const { t } = useTranslation();
  const { target: key } = useParams({ from: '/targets/$target' });
  const { data: target, error, refetch } = useCall('target.get', { target: key });
  const refresh = (): void => {
    void refetch();
    void queries.invalidateQueries({ queryKey: ['hostkey.list'] });
  };
  useOccasions(refresh);
  if (error?.code === 'not-found') {
    return <NoTarget name={target?.name ?? key} />;
  }
  if (!target) {
    return error ? (
      <ErrorNotice error={error} />
    ) : (
      <p className="unseen" role="status">
        {t('common.loading')}
      </p>
    );
  }
  return <KnownTarget key={target.id} target={target} onChanged={refresh} />;
}

/** What was reached is stored within half a second. */
const afterRunMs = 1_200;

/** When the window is looked at again, and when runs have ended. */
function useOccasions(refresh: () => void): void {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const current = useEffectEvent(refresh);
  useRunChanges((change) => {
    if (change.kind === 'run' && isFinal(change.run)) {
      clearTimeout(timer.current);
      timer.current = setTimeout(refresh, afterRunMs);
    }
  });
  useEffect(() => {
    const looked = (): void => current();
    window.addEventListener('focus', looked);
    return () => {
      window.removeEventListener('focus', looked);
      clearTimeout(timer.current);
    };
  }, []);
}

type KnownProps = { target: Target; onChanged: () => void };

function KnownTarget({ target, onChanged }: KnownProps): ReactElement {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const isEdited = useSearch({ from: '/targets/$target' }).edit === true && target.connection !== 'local';
  const edit = (edit: boolean): void =>
    void navigate({
      to: '/targets/$target',
      params: { target: target.id },
      search: edit ? { edit } : {},
      replace: true,
    });
  useKeys({
    e: { does: t('targets.edit'), act: () => edit(true) },
    escape: {
      does: t('targets.toList'),
      act: () => {
        if (isEdited) {
          return false;
        }
        void navigate({ to: '/targets' });
        return true;
      },
    },
  });
  return (
    <article className="target-page">
      <TargetHead target={target} isEdited={isEdited} onEdit={() => edit(true)} onChanged={onChanged} />
      {isEdited ? (
        <TargetForm
          base={target}
          onCancel={() => {
            edit(false);
            onChanged();
          }}
        />
      ) : (
        <div className="target-body">
          <TargetFacts target={target} />
          <div className="target-beside">
            {target.connection !== 'local' && <HostKeys target={target} />}
            <TargetRuns target={target} />
          </div>
        </div>
      )}
    </article>
  );
}

function NoTarget({ name }: { name: string }): ReactElement {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return (
    <EmptyState title={t('targets.missing', { name: name.slice(0, 150) })} text={t('targets.missingNext')}>
      <Button onClick={() => void navigate({ to: '/targets' })}>{t('targets.toList')}</Button>
    </EmptyState>
  );
}
