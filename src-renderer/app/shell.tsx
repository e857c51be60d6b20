import { Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { lazy, type ReactElement, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { inBrowser } from '../client/index.ts';
import { useConnection } from '../client/use-connection.ts';
import { useKeys } from '../ui/use-keys.ts';
import { ConnectionBanner, TroubleBanner } from './connection-banner.tsx';
import { pages } from './pages.ts';
import { Rail } from './rail.tsx';
import { SignedOutCover } from './signed-out-cover.tsx';
import { SignedOutPage } from './signed-out-page.tsx';
import { ErrorNotes } from './told.tsx';
import { TopBar } from './top-bar.tsx';
import { useTourStep } from './tour-store.ts';
import { useFirstRun } from './use-first-run.ts';
import { useTitle } from './use-title.ts';

const KeyList = lazy(async () => ({ default: (await import('../features/keys/key-list.tsx')).KeyList }));
const Tour = lazy(async () => ({ default: (await import('./tour.tsx')).Tour }));
const loadPalette = () => import('./palette.tsx');
const Palette = lazy(async () => ({ default: (await loadPalette()).Palette }));

type Dialog = 'keys' | 'palette' | null;

/** What stands around every page. */
export function Shell(): ReactElement {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [dialog, setDialog] = useState<Dialog>(null);
  const path = useRouterState({ select: (state) => state.location.pathname });
  const { phase, node } = useConnection();
  const tourStep = useTourStep();
  useKeys(
    {
      'mod+k': { does: t('keys.palette'), act: () => setDialog('palette') },
      '?': { does: t('keys.help'), act: () => setDialog('keys') },
      escape: { does: t('keys.leave') },
      ...Object.fromEntries(
        pages.map(({ key, path: to, keys }) => [
          keys,
          { does: t('keys.go', { page: t(`pages.${key}`) }), act: () => void navigate({ to }) },
        ]),
      ),
    },
    { title: t('keys.everywhere') },
  );
  useTitle(path);
  useFirstRun();
  usePaletteInAdvance();
  if (path.startsWith('/enter')) {
    return <Outlet />;
  }
  const isOut = phase === 'signed-out' && inBrowser;
  if (isOut && node === null) {
    return <SignedOutPage />;
  }
  const keys = (): void => setDialog('keys');
  return (
    <>
      <div className="shell" inert={isOut}>
        <a className="shell-skip" href="#page" onClick={focusPage}>
          {t('common.skip')}
        </a>
        <Rail />
        <TopBar onPalette={() => setDialog('palette')} onKeys={keys} />
        <main className="shell-page" id="page" tabIndex={-1}>
          <ConnectionBanner />
          <TroubleBanner />
          <Suspense fallback={null}>{tourStep && <Tour step={tourStep} />}</Suspense>
          <Outlet />
        </main>
        <ErrorNotes />
        <Suspense fallback={null}>
          {dialog === 'keys' && <KeyList onClose={() => setDialog(null)} />}
          {dialog === 'palette' && <Palette onClose={() => setDialog(null)} onKeys={keys} />}
        </Suspense>
      </div>
      {isOut && <SignedOutCover />}
    </>
  );
}

/** Fetched while nothing else is to do, so that what is typed right after its keys goes into its field. */
function usePaletteInAdvance(): void {
  useEffect(() => {
    const timer = setTimeout(() => void loadPalette(), 1_500);
    return () => clearTimeout(timer);
  }, []);
}

/** The fragment belongs to the router, so the jump is made by hand. */
function focusPage(event: { preventDefault: () => void }): void {
  event.preventDefault();
  document.getElementById('page')?.focus();
}
