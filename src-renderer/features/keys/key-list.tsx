import { Modal } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { KeyHint } from '../../ui/key-hint.tsx';
import './key-list.css';

const groups = [
  {
    title: 'keys.everywhere',
    rows: [
      ['g q', 'keys.goQuick'],
      ['g r', 'keys.goRuns'],
      ['/', 'keys.search'],
      ['mod+K', 'keys.palette'],
      ['?', 'keys.help'],
      ['esc', 'keys.leave'],
    ],
  },
  {
    title: 'pages.quick',
    rows: [
      ['mod+enter', 'keys.run'],
      ['F8', 'keys.run'],
      ['F9', 'keys.stop'],
      ['up', 'keys.history'],
      ['esc', 'keys.leaveEditor'],
    ],
  },
  {
    title: 'keys.listTitle',
    rows: [
      ['j', 'keys.next'],
      ['k', 'keys.previous'],
      ['enter', 'keys.open'],
      ['x', 'keys.tick'],
    ],
  },
  {
    title: 'keys.runTitle',
    rows: [
      ['mod+F', 'keys.find'],
      ['enter', 'keys.findNext'],
      ['shift+enter', 'keys.findPrevious'],
      ['End', 'keys.end'],
    ],
  },
] as const;

export function KeyList(props: { onClose: () => void }): ReactElement {
  const { t } = useTranslation();
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={t('keys.title')}
      size="lg"
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <div className="key-list">
        {groups.map((group) => (
          <section key={group.title}>
            <h2>{t(group.title)}</h2>
            <dl>
              {group.rows.map(([keys, text]) => (
                <div key={keys}>
                  <dt>
                    <KeyHint keys={keys} />
                  </dt>
                  <dd>{t(text)}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}
