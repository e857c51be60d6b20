import { IconCopy } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { copyText } from '../../ui/copy-text.ts';
import { IconButton } from '../../ui/icon-button.tsx';

/** A command to type on the node, ready to be copied. */
export function CommandLine({ command }: { command: string }): ReactElement {
  const { t } = useTranslation();
  return (
    <span className="settings-command">
      <code>{command}</code>
      <IconButton
        size={22}
        label={t('settings.about.copyOf', { what: command })}
        onClick={() => void copyText(command)}
      >
        <IconCopy size={14} stroke={1.6} />
      </IconButton>
    </span>
  );
}
