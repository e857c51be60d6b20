import {
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import { readRunAddress } from '../features/run/run-address.ts';
import { readRunFilter } from '../features/runs/run-filter.ts';
import { readTargetSearch } from '../features/targets/target-query.ts';
import { addTexts } from './i18n.ts';
import { NoPage } from './no-page.tsx';
import { Shell } from './shell.tsx';

const root = createRootRoute({ component: Shell, notFoundComponent: NoPage });

const consoleTexts = async (): Promise<object> => (await import('./messages/en-console.ts')).enConsole;
const targetTexts = async (): Promise<object> => (await import('./messages/en-targets.ts')).enTargets;
const settingTexts = async (): Promise<object> => (await import('./messages/en-settings.ts')).enSettings;

/** A page whose texts are fetched with it. */
async function withTexts<Page>(page: Promise<Page>, texts: Promise<object>): Promise<Page> {
  addTexts(await texts);
  return page;
}

const EnterPage = lazyRouteComponent(() => import('../features/enter/enter-page.tsx'), 'EnterPage');

const routeTree = root.addChildren([
  createRoute({
    getParentRoute: () => root,
    path: '/',
    beforeLoad: () => {
      // oxlint-disable-next-line typescript/only-throw-error -- the router's own way
      throw redirect({ to: '/quick', replace: true });
    },
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/quick',
    component: lazyRouteComponent(
      () => withTexts(import('../features/quick/quick-page.tsx'), consoleTexts()),
      'QuickPage',
    ),
    validateSearch: (search): { from?: number; hosts?: string } => {
      const from = Number(search['from']);
      const hosts = search['hosts'];
      return Number.isSafeInteger(from) && from > 0 ? { from, ...(typeof hosts === 'string' && { hosts }) } : {};
    },
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/targets',
    component: lazyRouteComponent(
      () => withTexts(import('../features/targets/targets-page.tsx'), targetTexts()),
      'TargetsPage',
    ),
    validateSearch: readTargetSearch,
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/targets/new',
    component: lazyRouteComponent(
      () => withTexts(import('../features/targets/new-target-page.tsx'), targetTexts()),
      'NewTargetPage',
    ),
    validateSearch: (search): { from?: string } =>
      typeof search['from'] === 'string' ? { from: search['from'].slice(0, 200) } : {},
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/targets/import',
    component: lazyRouteComponent(
      () => withTexts(import('../features/targets/import-page.tsx'), targetTexts()),
      'ImportPage',
    ),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/targets/$target',
    component: lazyRouteComponent(
      () => withTexts(import('../features/targets/target-page.tsx'), targetTexts()),
      'TargetPage',
    ),
    validateSearch: (search): { edit?: true } => (search['edit'] === true ? { edit: true } : {}),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/runs',
    component: lazyRouteComponent(
      () => withTexts(import('../features/runs/runs-page.tsx'), consoleTexts()),
      'RunsPage',
    ),
    validateSearch: readRunFilter,
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/runs/$no',
    component: lazyRouteComponent(() => withTexts(import('../features/run/run-page.tsx'), consoleTexts()), 'RunPage'),
    validateSearch: readRunAddress,
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/settings',
    beforeLoad: () => {
      // oxlint-disable-next-line typescript/only-throw-error -- the router's own way
      throw redirect({ to: '/settings/$section', params: { section: 'about' }, replace: true });
    },
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/settings/$section',
    component: lazyRouteComponent(
      () => withTexts(import('../features/settings/settings-page.tsx'), settingTexts()),
      'SettingsPage',
    ),
    validateSearch: (search): { field?: string } =>
      typeof search['field'] === 'string' ? { field: search['field'].slice(0, 100) } : {},
  }),
  createRoute({ getParentRoute: () => root, path: '/enter', component: EnterPage }),
  createRoute({ getParentRoute: () => root, path: '/enter/$token', component: EnterPage }),
]);

/** The fragment holds the page, so that the same files work below any address and in a window of the desktop. */
export const router = createRouter({ routeTree, history: createHashHistory(), defaultPreload: 'intent' });

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
