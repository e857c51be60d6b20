/**
 * Every page that a link, a menu or a notification can open, in the product's order; the desktop's menu and the pages
 * themselves read the same names, addresses and keys.
 */
export const pages = [
  { key: 'targets', path: '/targets', keys: 'g t' },
  { key: 'quick', path: '/quick', keys: 'g q' },
  { key: 'runs', path: '/runs', keys: 'g r' },
  { key: 'settings', path: '/settings', keys: 'g s' },
] as const;

export type PageKey = (typeof pages)[number]['key'];

export const startPath = '/';

/** The list of runs that have not ended. */
export const liveRunsPath = '/runs?status=pending%2Crunning%2Ccancelling&window=all';

const runPath = /^\/runs\/[1-9]\d{0,14}(\?host=\d{1,6})?$/;
const targetPath = /^\/targets\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const longestPath = 100;

/** The page of a run, at one of its targets when that is named by its place in the plan. */
export const pathOfRun = (no: number, host?: number): string =>
  host === undefined ? `/runs/${no}` : `/runs/${no}?host=${host}`;

/** Whether this is the address of a page that may be opened from outside the pages; it fills in and starts nothing. */
export function isPagePath(path: unknown): path is string {
  return (
    typeof path === 'string' &&
    path.length <= longestPath &&
    (path === startPath ||
      path === liveRunsPath ||
      runPath.test(path) ||
      targetPath.test(path) ||
      pages.some((page) => page.path === path))
  );
}
