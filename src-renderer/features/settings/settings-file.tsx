import { Button, FileButton, Modal } from '@mantine/core';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { writeSetting } from '#contract/setting-text';
import type { SettingsExport } from '#contract/settings';
import { readSettingsExport, settingsToImport } from '#contract/settings-import';
import { client, queries } from '../../client/index.ts';
import { useAct, useCall } from '../../client/use-call.ts';
import { ErrorNotice } from '../../ui/notice.tsx';
import { tell } from '../../ui/tell.ts';

const mostBytes = 1_000_000;

/** Settings alone, out of this node and into another. */
export function SettingsFile(): ReactElement {
  const { t } = useTranslation();
  const [read, setRead] = useState<SettingsExport | null>(null);
  const take = async (file: File | null): Promise<void> => {
    const found = file && file.size <= mostBytes ? readSettingsExport(await file.text()) : undefined;
    if (found) {
      setRead(found);
    } else if (file) {
      tell({ message: t('settings.about.noExport'), kind: 'error' });
    }
  };
  return (
    <div className="settings-buttons" role="group" aria-label={t('settings.about.settings')}>
      <Button variant="default" onClick={() => void download()}>
        {t('settings.about.export')}
      </Button>
      <FileButton
        accept="application/json,.json"
        inputProps={{ 'aria-label': t('settings.about.importFile') }}
        onChange={(file) => void take(file)}
      >
        {(props) => (
          <Button variant="default" {...props}>
            {t('settings.about.import')}
          </Button>
        )}
      </FileButton>
      {read && <ImportDialog read={read} onClose={() => setRead(null)} />}
    </div>
  );
}

async function download(): Promise<void> {
  const exported = await client.call('settings.export', {});
  const url = URL.createObjectURL(new Blob([`${JSON.stringify(exported, null, 2)}\n`], { type: 'application/json' }));
  const link = Object.assign(document.createElement('a'), { href: url, download: 'drover-settings.json' });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

function ImportDialog({ read, onClose }: { read: SettingsExport; onClose: () => void }): ReactElement {
  const { t } = useTranslation();
  const present = useCall('settings.get', {});
  const act = useAct('settings.set');
  const { changes, fixed, unknown } = settingsToImport(read, present.data?.settings ?? []);
  const valueNow = new Map(present.data?.settings.map(({ name, value }) => [name, value]));
  const count = changes.length;
  const save = (): void =>
    act.mutate(
      { changes: [...changes] },
      {
        onSuccess: (answer) => {
          queries.setQueryData(['settings.get', {}], answer);
          tell({ message: t('settings.about.imported', { count }) });
          onClose();
        },
      },
    );
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('settings.about.importTitle', { node: read.node })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      {count === 0 && <p>{t('settings.about.nothingNew')}</p>}
      <ul className="settings-list">
        {changes.map(({ name, value }) => (
          <li key={name}>
            {t('settings.about.change', {
              name: t(`settings.field.${name}.name`),
              from: writeSetting(name, valueNow.get(name) ?? value),
              to: writeSetting(name, value),
            })}
          </li>
        ))}
      </ul>
      {fixed.length > 0 && <p className="quiet">{t('settings.about.importFixed', { names: fixed.join(', ') })}</p>}
      {unknown.length > 0 && (
        <p className="quiet">{t('settings.about.importUnknown', { names: unknown.join(', ') })}</p>
      )}
      {act.error && <ErrorNotice error={act.error} />}
      {count > 0 && (
        <div className="settings-buttons">
          <Button loading={act.isPending} onClick={save}>
            {t('settings.about.importConfirm', { count })}
          </Button>
        </div>
      )}
    </Modal>
  );
}
