import { IconTerminal2 } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { InputOf, Name } from '#contract';
import { useConnection } from '../client/use-connection.ts';
import { copyText } from './copy-text.ts';
import { IconButton } from './icon-button.tsx';
import { curlOf, droverLine } from './copy-command.ts';
import { Menu, MenuItem } from './menu.tsx';
import { useShownCopyAs } from './shown-copy-as.ts';

type CopyAsProps<N extends Name> = {
  /** The words behind `drover`; without them there is no such command. */
  line?: readonly [string, ...string[]];
  name: N;
  input: InputOf<N>;
};

/** "Copy as CLI" and "Copy as curl" in a menu: what the screen shows or does, for a script or a colleague. */
function CopyAsItems<N extends Name>({ line, name, input }: CopyAsProps<N>): ReactElement {
  const { t } = useTranslation();
  const dataFolder = useConnection().node?.dataFolder ?? '.';
  return (
    <>
      {line && (
        <MenuItem onClick={() => void copyText(droverLine(dataFolder, line), t('copyAs.cliDone'))}>
          {t('copyAs.cli')}
        </MenuItem>
      )}
      <MenuItem onClick={() => void copyText(curlOf(dataFolder, name, input), t('copyAs.curlDone'))}>
        {t('copyAs.curl')}
      </MenuItem>
    </>
  );
}

/** The same as a button of its own beside a list, and in the palette. */
export function CopyAsMenu<N extends Name>(props: CopyAsProps<N>): ReactElement {
  const { t } = useTranslation();
  const { line, name, input } = props;
  useShownCopyAs((dataFolder) => ({
    line: line ? droverLine(dataFolder, line) : null,
    curl: curlOf(dataFolder, name, input),
  }));
  return (
    <Menu
      label={t('copyAs.label')}
      align="end"
      trigger={
        <IconButton label={t('copyAs.label')}>
          <IconTerminal2 size={16} stroke={1.6} />
        </IconButton>
      }
    >
      <CopyAsItems {...props} />
    </Menu>
  );
}
