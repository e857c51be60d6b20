import { UnstyledButton, useMantineColorScheme } from '@mantine/core';
import {
  IconCheck,
  IconDeviceDesktop,
  IconKeyboard,
  IconMoon,
  IconSearch,
  IconSun,
  IconUser,
} from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useConnection, useLiveRuns } from '../client/use-connection.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { KeyHint } from '../ui/key-hint.tsx';
import { Menu, MenuItem } from '../ui/menu.tsx';
import { StateShape } from '../ui/state-badge.tsx';

const glyph = { size: 16, stroke: 1.6 };

export function TopBar(props: { onPalette: () => void; onKeys: () => void }): ReactElement {
  const { t } = useTranslation();
  return (
    <header className="top-bar">
      <NodeState />
      <div className="top-bar-tools">
        <LivePill />
        <UnstyledButton className="go-to" title={t('frame.palette')} onClick={props.onPalette}>
          <IconSearch size={14} stroke={1.7} aria-hidden="true" />
          <span className="wide-only">{t('frame.goTo')}</span>
          <span className="wide-only" aria-hidden="true">
            <KeyHint keys="mod+K" quiet />
          </span>
        </UnstyledButton>
        <IconButton className="wide-only" label={t('frame.keys')} onClick={props.onKeys}>
          <IconKeyboard {...glyph} />
        </IconButton>
        <ThemeSwitch />
        <UserBadge />
      </div>
    </header>
  );
}

function NodeState(): ReactElement {
  const { t } = useTranslation();
  const { node, phase } = useConnection();
  const word =
    phase === 'online' ? t('frame.online') : phase === 'connecting' ? t('frame.connecting') : t('frame.lost');
  return (
    <div className="node-state" title={node ? t('frame.nodeDetail', node) : undefined}>
      <strong className="cut">{node?.name ?? t('product')}</strong>
      <span className={`node-link node-link-${phase}`} role="status">
        <svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">
          {phase === 'online' ? <circle cx="5" cy="5" r="4" /> : <path d="M1 1l8 8M9 1l-8 8" />}
        </svg>
        <span className="node-word">{word}</span>
      </span>
    </div>
  );
}

/** How many runs have not ended; opens their list. */
function LivePill(): ReactElement {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const count = useLiveRuns().length;
  const label = t('frame.running', { count });
  return (
    <UnstyledButton
      className={count > 0 ? 'live-pill live-pill-on' : 'live-pill'}
      aria-label={label}
      title={t('frame.showLive')}
      onClick={() => void navigate({ to: '/runs', search: { status: 'pending,running,cancelling', window: 'all' } })}
    >
      <StateShape status={count > 0 ? 'running' : 'pending'} />
      <span className="tabular live-pill-word">{label}</span>
      <span className="tabular live-pill-count">{count}</span>
    </UnstyledButton>
  );
}

const schemes = [
  { value: 'light', key: 'themeLight', Icon: IconSun },
  { value: 'dark', key: 'themeDark', Icon: IconMoon },
  { value: 'auto', key: 'themeAuto', Icon: IconDeviceDesktop },
] as const;

function ThemeSwitch(): ReactElement {
  const { t } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const Shown = schemes.find(({ value }) => value === colorScheme)?.Icon ?? IconDeviceDesktop;
  return (
    <Menu
      label={t('frame.theme')}
      align="end"
      trigger={
        <IconButton label={t('frame.theme')}>
          <Shown {...glyph} />
        </IconButton>
      }
    >
      {schemes.map(({ value, key, Icon }) => (
        <MenuItem
          key={value}
          icon={<Icon {...glyph} />}
          end={value === colorScheme ? <IconCheck size={14} stroke={1.8} /> : null}
          onClick={() => setColorScheme(value)}
        >
          {t(`frame.${key}`)}
        </MenuItem>
      ))}
    </Menu>
  );
}

function UserBadge(): ReactElement | null {
  const { t } = useTranslation();
  const { node } = useConnection();
  if (!node) {
    return null;
  }
  return (
    <span
      className="user-badge"
      title={`${t('frame.user', { name: node.actor.name })}\n${t('frame.role', node.actor)}`}
    >
      <IconUser {...glyph} aria-hidden="true" />
      <span className="cut wide-only">{node.actor.name}</span>
    </span>
  );
}
