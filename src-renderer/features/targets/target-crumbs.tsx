import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

/** The way back to the list. */
export function TargetCrumbs(): ReactElement {
  const { t } = useTranslation();
  return (
    <nav className="target-crumbs" aria-label={t('targets.crumbs')}>
      <Link to="/targets">{t('pages.targets')}</Link>
    </nav>
  );
}
