import { IconDevices, IconKeyboard, IconLink, IconLogout, IconRoute, IconUser } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { inBrowser } from '../client/index.ts';
import { useConnection } from '../client/use-connection.ts';
import { copyText } from '../ui/copy-text.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { Menu, MenuItem, MenuLabel, MenuLine } from '../ui/menu.tsx';
import { signOut } from './sign-out.ts';
import { startTour } from './tour-store.ts';

const glyph = { size: 16, stroke: 1.6, 'aria-hidden': true } as const;

/** Who is signed in, and what concerns this window alone. */
export function UserMenu({ onKeys }: { onKeys: () => void }): ReactElement | null {
  const { t } = useTranslation();
  const { node } = useConnection();
  const navigate = useNavigate();
  if (!node) {
    return null;
  }
  const { actor } = node;
  return (
    <Menu
      label={t('frame.userMenu')}
      align="end"
      trigger={
        <IconButton label={t('frame.user', { name: actor.name })}>
          <IconUser {...glyph} />
        </IconButton>
      }
    >
      <MenuLabel>
        <strong className="user-name">{actor.name}</strong>
        {t('frame.role', actor)}
      </MenuLabel>
      <MenuLine />
      <MenuItem icon={<IconKeyboard {...glyph} />} onClick={onKeys}>
        {t('palette.keys')}
      </MenuItem>
      <MenuItem icon={<IconRoute {...glyph} />} onClick={startTour}>
        {t('palette.tour')}
      </MenuItem>
      <MenuItem
        icon={<IconDevices {...glyph} />}
        onClick={() => void navigate({ to: '/settings/$section', params: { section: 'sessions' } })}
      >
        {t('frame.sessions')}
      </MenuItem>
      {inBrowser && (
        <>
          <MenuItem
            icon={<IconLink {...glyph} />}
            onClick={() => void copyText(window.location.href, t('frame.linkCopied'))}
          >
            {t('palette.copyLink')}
          </MenuItem>
          <MenuLine />
          <MenuItem icon={<IconLogout {...glyph} />} onClick={() => void signOut()}>
            {t('palette.signOut')}
          </MenuItem>
        </>
      )}
    </Menu>
  );
}
