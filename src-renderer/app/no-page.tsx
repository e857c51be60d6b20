import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../ui/empty-state.tsx';

export function NoPage(): ReactElement {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return (
    <EmptyState title={t('frame.notFound')} text={t('frame.notFoundNext')}>
      <Button onClick={() => void navigate({ to: '/quick' })}>{t('enter.goOn')}</Button>
    </EmptyState>
  );
}
