import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { RecallList } from './recall-items.tsx';
import type { Recall } from './use-recall.ts';

/** Before the first start: what was run last, to be brought back by one click. */
export function OutputPlaceholder({ recall }: { recall: Recall }): ReactElement {
  const { t } = useTranslation();
  return (
    <section className="quick-recent" aria-label={t('quick.lastTitle')}>
      <h2>{t('quick.lastTitle')}</h2>
      {recall.runs.length > 0 ? (
        <RecallList recall={recall} />
      ) : (
        !recall.isLoading && <p className="quiet">{t('quick.lastNone')}</p>
      )}
    </section>
  );
}
