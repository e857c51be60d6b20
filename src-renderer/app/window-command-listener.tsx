import { useMantineColorScheme } from '@mantine/core';
import { useEffect, useEffectEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { WindowCommand } from '#contract/window-command';
import { windowCommands } from '../client/index.ts';
import { tell } from '../ui/tell.ts';
import { pressKeys } from '../ui/use-keys.ts';
import { router } from './routes.tsx';

/** Does what the desktop's menu, tray, notifications and links ask of the page. */
export function WindowCommandListener(): null {
  const { t } = useTranslation();
  const { setColorScheme } = useMantineColorScheme();
  const obey = useEffectEvent((command: WindowCommand): void => {
    switch (command.do) {
      case 'go':
        router.history.push(command.to);
        return;
      case 'theme':
        setColorScheme(command.scheme);
        return;
      case 'tell':
        tell(
          command.what === 'bad-link'
            ? { message: t('desktop.badLink'), kind: 'error' }
            : { message: t('desktop.quitsLater'), forMs: 8_000 },
        );
        return;
      case 'press':
        if (!pressKeys(command.keys)) {
          tell({ message: t(command.keys === 'f9' ? 'desktop.nothingToStop' : 'desktop.nothingHere'), forMs: 4_000 });
        }
    }
  });
  useEffect(() => windowCommands.listen((command) => obey(command)), []);
  return null;
}
