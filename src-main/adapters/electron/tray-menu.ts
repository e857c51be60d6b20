import type { MenuItemConstructorOptions } from 'electron';
import { liveRunsPath, pathOfRun } from '#contract/pages';
import type { Run } from '#contract/run';
import { plainText } from './plain-text.ts';
import { doneOf, titleOf } from './run-words.ts';
import { words } from './words.ts';

/** How Drover is about to leave: `waiting` for runs to end by themselves, `ending` them. */
export type Leaving = 'no' | 'waiting' | 'ending';

export type TrayState = {
  readonly node: string;
  /** Newest first. */
  readonly live: readonly Run[];
  /** Why the node takes no new runs, when it does not. */
  readonly trouble: string | null;
  readonly leaving: Leaving;
};

export type TrayActions = {
  open(page?: string): void;
  stay(): void;
  quit(): void;
};

const mostRuns = 5;
const longestName = 60;
const longestTrouble = 120;
const separator: MenuItemConstructorOptions = { type: 'separator' };

/** An ampersand alone would mark a key of the menu. */
const asLabel = (text: string): string => text.replaceAll('&', '&&');

/** What the pointer shows over the icon. */
export function trayTip({ live, leaving }: TrayState): string {
  const now = {
    no: () => words.tray.live(live.length),
    waiting: () => words.tray.waiting(live.length),
    ending: () => words.tray.ending(live.length),
  }[leaving]();
  return `${words.product} · ${now}`;
}

export function trayTemplate(state: TrayState, actions: TrayActions): MenuItemConstructorOptions[] {
  const { live, leaving } = state;
  return [
    { label: asLabel(words.tray.state(plainText(state.node, longestName), live.length)), enabled: false },
    ...(state.trouble === null ? [] : [{ label: asLabel(plainText(state.trouble, longestTrouble)), enabled: false }]),
    ...(leaving === 'no' ? [] : [{ label: words.tray[leaving](live.length), enabled: false }]),
    separator,
    { label: words.tray.open, click: () => actions.open() },
    { label: words.tray.newRun, click: () => actions.open('/quick') },
    ...runItems(live, actions),
    separator,
    ...(leaving === 'waiting' ? [{ label: words.tray.dontQuit, click: () => actions.stay() }] : []),
    { label: words.tray.quit, click: () => actions.quit() },
  ];
}

function runItems(live: readonly Run[], actions: TrayActions): MenuItemConstructorOptions[] {
  if (live.length === 0) {
    return [];
  }
  const more = live.length - mostRuns;
  return [
    separator,
    ...live.slice(0, mostRuns).map((run) => ({
      label: asLabel(words.tray.run(titleOf(run), doneOf(run), run.counts.total)),
      click: () => actions.open(pathOfRun(run.no)),
    })),
    ...(more > 0 ? [{ label: words.tray.more(more), click: () => actions.open(liveRunsPath) }] : []),
  ];
}
