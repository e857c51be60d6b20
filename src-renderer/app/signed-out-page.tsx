import { Button } from '@mantine/core';
import { IconCopy } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { connection } from '../client/index.ts';
import { copyText } from '../ui/copy-text.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { GateBox } from './gate-box.tsx';

/** The command that prints a fresh link. */
export function LinkCommand(): ReactElement {
  const { t } = useTranslation();
  return (
    <div className="gate-command">
      <code>{t('signedOut.command')}</code>
      <IconButton label={t('common.copy')} onClick={() => void copyText(t('signedOut.command'))}>
        <IconCopy size={16} stroke={1.6} />
      </IconButton>
    </div>
  );
}

export function SignedOutPage(): ReactElement {
  const { t } = useTranslation();
  return (
    <GateBox title={t('signedOut.title')}>
      <p>{t('signedOut.text')}</p>
      <LinkCommand />
      <p className="quiet">{t('signedOut.hint')}</p>
      <div>
        <Button variant="default" onClick={connection.check}>
          {t('common.retry')}
        </Button>
      </div>
    </GateBox>
  );
}
