import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { countKinds, importKinds } from './import-draft.ts';
import { queryOfNames } from './target-selector.ts';
import { TestDialog } from './test-dialog.tsx';
import type { Imported } from './use-import.ts';

type ResultProps = { done: Imported; onMore: () => void; onList: () => void };

/** What an import has done, and what is usually wanted next. */
export function ImportResult({ done, onMore, onList }: ResultProps): ReactElement {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [isTesting, setTesting] = useState(false);
  const counts = countKinds(done.rows);
  const query = queryOfNames(done.rows.filter(({ kind }) => kind === 'new').map(({ name }) => name));
  const invalid = done.rows.filter(({ kind }) => kind === 'invalid');
  return (
    <section className="import-result" aria-label={t('targets.importDone')}>
      <h2 role="status">{t('targets.written', { count: done.written })}</h2>
      <p>
        {importKinds
          .filter((kind) => counts[kind] > 0)
          .map((kind) => t(`targets.kindCount.${kind}`, { count: counts[kind] }))
          .join(' · ')}
      </p>
      {invalid.length > 0 && (
        <ul className="import-invalid" aria-label={t('targets.notTaken')}>
          {invalid.slice(0, 100).map((row, place) => (
            <li key={place}>
              <span className="quiet tabular">{row.line > 0 && t('targets.lineNumber', { line: row.line })}</span>
              <span className="mono">{row.name}</span>
              <span>{row.message}</span>
            </li>
          ))}
        </ul>
      )}
      <div className="targets-offers">
        {done.created.length > 0 && (
          <>
            <Button onClick={() => setTesting(true)}>{t('targets.testNew', { count: done.created.length })}</Button>
            {query !== null && (
              <Button variant="default" onClick={() => void navigate({ to: '/targets', search: { q: query } })}>
                {t('targets.showNew')}
              </Button>
            )}
          </>
        )}
        <Button variant="default" onClick={onList}>
          {t('targets.toList')}
        </Button>
        <Button variant="default" onClick={onMore}>
          {t('targets.importMore')}
        </Button>
      </div>
      {isTesting && <TestDialog ids={done.created} onClose={() => setTesting(false)} onTested={() => {}} />}
    </section>
  );
}
