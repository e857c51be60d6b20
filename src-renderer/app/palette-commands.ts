import { useMantineColorScheme } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { inBrowser } from '../client/index.ts';
import { useConnection } from '../client/use-connection.ts';
import { copyText } from '../ui/copy-text.ts';
import { shownCopyAs } from '../ui/shown-copy-as.ts';
import { densities, setDensity } from './density.ts';
import { pages } from './pages.ts';
import type { PaletteEntry } from './palette-entries.ts';
import { signOut } from './sign-out.ts';
import { startTour } from './tour-store.ts';

type Command = Omit<PaletteEntry, 'kind'>;

const schemes = [
  { key: 'themeLight', value: 'light' },
  { key: 'themeDark', value: 'dark' },
  { key: 'themeAuto', value: 'auto' },
] as const;

/** Every page, in the product's order. */
export function usePageEntries(): readonly PaletteEntry[] {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return pages.map(({ key, path, keys }) => ({
    id: `page:${key}`,
    kind: 'page',
    text: t(`pages.${key}`),
    keys,
    act: () => void navigate({ to: path }),
  }));
}

/** What can be done from everywhere. */
export function useCommandEntries(onKeys: () => void): readonly PaletteEntry[] {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { setColorScheme } = useMantineColorScheme();
  const commands: Command[] = [
    { id: 'new-run', text: t('palette.newRun'), act: () => void navigate({ to: '/quick' }) },
    {
      id: 'live-runs',
      text: t('palette.liveRuns'),
      act: () => void navigate({ to: '/runs', search: { status: 'pending,running,cancelling', window: 'all' } }),
    },
    ...schemes.map(({ key, value }) => ({
      id: key,
      text: t(`palette.${key}`),
      act: () => setColorScheme(value),
    })),
    ...densities.map((value) => ({ id: value, text: t(`palette.${value}`), act: () => setDensity(value) })),
    { id: 'keys', text: t('palette.keys'), keys: '?', act: onKeys },
    { id: 'tour', text: t('palette.tour'), act: startTour },
  ];
  return [...commands, ...useCopyCommands(), ...useBrowserCommands()].map((command) => ({
    ...command,
    kind: 'command',
  }));
}

/** The list on the page behind, as a command. */
function useCopyCommands(): readonly Command[] {
  const { t } = useTranslation();
  const dataFolder = useConnection().node?.dataFolder ?? '.';
  const shown = shownCopyAs();
  if (!shown) {
    return [];
  }
  const { line, curl } = shown(dataFolder);
  return [
    ...(line === null
      ? []
      : [{ id: 'copy-cli', text: t('palette.copyCli'), act: () => void copyText(line, t('copyAs.cliDone')) }]),
    { id: 'copy-curl', text: t('palette.copyCurl'), act: () => void copyText(curl, t('copyAs.curlDone')) },
  ];
}

function useBrowserCommands(): readonly Command[] {
  const { t } = useTranslation();
  if (!inBrowser) {
    return [];
  }
  return [
    {
      id: 'copy-link',
      text: t('palette.copyLink'),
      act: () => void copyText(window.location.href, t('frame.linkCopied')),
    },
    { id: 'sign-out', text: t('palette.signOut'), act: () => void signOut() },
  ];
}
