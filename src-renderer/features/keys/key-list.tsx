import { Modal } from '@mantine/core';
import { useRouterState } from '@tanstack/react-router';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { pageAt } from '../../app/pages.ts';
import { KeyHint } from '../../ui/key-hint.tsx';
import { keyGroups, type KeyRow } from '../../ui/key-rows.ts';
import { boundKeys } from '../../ui/use-keys.ts';
import './key-list.css';

/** Every key that does something on the page behind this list, as it is bound there. */
export function KeyList(props: { onClose: () => void }): ReactElement {
  const { t } = useTranslation();
  const path = useRouterState({ select: (state) => state.location.pathname });
  // Taken once: what stands behind the list does not change while it is read.
  const [bound] = useState(boundKeys);
  const everywhere = t('keys.everywhere');
  const groups = keyGroups(bound, { page: t(`pages.${pageAt(path)?.key ?? 'quick'}`), last: everywhere });
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={t('keys.title')}
      size="lg"
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <p className="quiet key-list-intro">{t('keys.intro')}</p>
      <div className="key-list">
        {groups.map(({ title, rows }) => (
          <section key={title} aria-label={title}>
            <h2>{title}</h2>
            <dl>
              {rows.map((row) => (
                <Row key={row.does} {...row} />
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}

function Row({ keys, does }: Pick<KeyRow, 'keys' | 'does'>): ReactElement {
  return (
    <div>
      <dt>
        {keys.map((key) => (
          <KeyHint key={key} keys={key} />
        ))}
      </dt>
      <dd>{does}</dd>
    </div>
  );
}
