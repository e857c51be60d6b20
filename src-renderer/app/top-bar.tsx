import { UnstyledButton, useMantineColorScheme } from '@mantine/core';
import { IconCheck, IconDeviceDesktop, IconKeyboard, IconMoon, IconSearch, IconSun } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../ui/icon-button.tsx';
import { KeyHint } from '../ui/key-hint.tsx';
import { Menu, MenuItem, MenuLabel, MenuLine } from '../ui/menu.tsx';
import { densities, setDensity, useDensity } from './density.ts';
import { LivePill } from './live-pill.tsx';
import { NodeState } from './node-state.tsx';
import { BriefNote } from './told.tsx';
import { UserMenu } from './user-menu.tsx';

const glyph = { size: 16, stroke: 1.6 };

type TopBarProps = { onPalette: () => void; onKeys: () => void };

export function TopBar({ onPalette, onKeys }: TopBarProps): ReactElement {
  const { t } = useTranslation();
  return (
    <header className="top-bar">
      <NodeState />
      <BriefNote />
      <div className="top-bar-tools">
        <LivePill />
        <UnstyledButton className="go-to" title={t('frame.palette')} onClick={onPalette}>
          <IconSearch size={14} stroke={1.7} aria-hidden="true" />
          <span className="unseen">{t('frame.palette')}</span>
          <span className="wide-only" aria-hidden="true">
            {t('frame.goTo')}
          </span>
          <span className="wide-only" aria-hidden="true">
            <KeyHint keys="mod+K" quiet />
          </span>
        </UnstyledButton>
        <IconButton className="wide-only" label={t('frame.keys')} onClick={onKeys}>
          <IconKeyboard {...glyph} />
        </IconButton>
        <LookMenu />
        <UserMenu onKeys={onKeys} />
      </div>
    </header>
  );
}

const schemes = [
  { value: 'light', key: 'themeLight', Icon: IconSun },
  { value: 'dark', key: 'themeDark', Icon: IconMoon },
  { value: 'auto', key: 'themeAuto', Icon: IconDeviceDesktop },
] as const;

/** Light or dark, and how close the rows stand. */
function LookMenu(): ReactElement {
  const { t } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const density = useDensity();
  const Shown = schemes.find(({ value }) => value === colorScheme)?.Icon ?? IconDeviceDesktop;
  const check = (on: boolean) => (on ? <IconCheck size={14} stroke={1.8} aria-label={t('frame.chosen')} /> : null);
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
      <MenuLabel>{t('frame.colours')}</MenuLabel>
      {schemes.map(({ value, key, Icon }) => (
        <MenuItem
          key={value}
          icon={<Icon {...glyph} aria-hidden="true" />}
          end={check(value === colorScheme)}
          onClick={() => setColorScheme(value)}
        >
          {t(`frame.${key}`)}
        </MenuItem>
      ))}
      <MenuLine />
      <MenuLabel>{t('frame.density')}</MenuLabel>
      {densities.map((value) => (
        <MenuItem key={value} end={check(value === density)} onClick={() => setDensity(value)}>
          {t(`frame.${value}`)}
        </MenuItem>
      ))}
    </Menu>
  );
}
