import type { PageKey } from '#contract/pages';
import type { RunStatus } from '#contract/run';

const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;
const runs = (count: number): string => counted(count, 'run', 'runs');
const targets = (count: number): string => counted(count, 'target', 'targets');

const pages: Readonly<Record<PageKey, string>> = {
  targets: 'Targets',
  quick: 'Quick execute',
  runs: 'Runs',
  settings: 'Settings',
};

const ended: Readonly<Partial<Record<RunStatus, string>>> = {
  success: 'succeeded',
  failed: 'failed',
  timeout: 'timed out',
  cancelled: 'was cancelled',
};

/** Every text of the main process, in English: menus, tray, dialogs, notifications. Names are never translated. */
export const words = {
  product: 'Drover',
  pages,
  start: {
    failed: 'Drover cannot start',
    unexpected: 'Drover could not start; its log has the details',
    dataMissing: '--data needs a folder: --data FOLDER',
  },
  menu: {
    file: '&File',
    newRun: 'New quick run',
    dataFolder: 'Open data folder',
    links: 'Open drover:// links with Drover',
    linksFailed: 'The system did not take the change: links of drover:// are opened as before.',
    close: 'Close window',
    quit: 'Quit Drover',
    edit: '&Edit',
    view: '&View',
    page: (name: string, keys: string) => `${name} (${keys})`,
    palette: 'Go to or do anything',
    theme: 'Colours',
    light: 'Light',
    dark: 'Dark',
    auto: 'Like the system',
    run: '&Run',
    start: 'Run the script',
    stop: 'Stop the run',
    liveRuns: 'Show the live runs',
    window: '&Window',
    help: '&Help',
    keys: 'Keyboard keys',
    docs: 'Documentation',
    about: 'About Drover',
  },
  tray: {
    open: 'Open Drover',
    newRun: 'New quick run',
    quit: 'Quit Drover',
    dontQuit: 'Do not quit',
    live: (count: number) => (count === 0 ? 'Nothing runs' : `${runs(count)} live`),
    state: (name: string, count: number) => `${name}: ${words.tray.live(count)}`,
    run: (title: string, done: number, total: number) => `${title} – ${done} of ${targets(total)}`,
    more: (count: number) => `${count} more …`,
    waiting: (count: number) => `Quits when ${runs(count)} ${count === 1 ? 'has' : 'have'} ended`,
    ending: (count: number) => `Ends when ${runs(count)} ${count === 1 ? 'has' : 'have'} stopped`,
  },
  closed: {
    title: 'Drover goes on in the tray',
    text: (count: number) =>
      `${runs(count)} ${count === 1 ? 'goes' : 'go'} on. Its icon in the tray, or starting Drover again, brings the window back.`,
  },
  quit: {
    question: (count: number) => `${runs(count)} ${count === 1 ? 'is' : 'are'} still in progress`,
    run: (title: string, where: string, progress: string) => `${title}\n    ${where}, ${progress}`,
    where: (first: string, total: number) =>
      total <= 1 ? `on ${first}` : `on ${first} and ${total - 1} more ${total === 2 ? 'target' : 'targets'}`,
    progress: (done: number, total: number) => `${done} of ${total} done`,
    more: (count: number) => `and ${count} more`,
    keep: 'Keep in the tray',
    wait: 'Quit when they have ended',
    cancel: 'Cancel them and quit',
    back: 'Do not quit',
    explain:
      'Kept in the tray they go on without the window. Cancelled, each target is asked to stop, then forced; the record says so.',
  },
  ended: {
    title: (title: string, status: RunStatus) => `${title} ${ended[status] ?? status}`,
    allWell: (total: number) => (total === 1 ? 'Its target succeeded' : `All ${targets(total)} succeeded`),
    failed: (count: number, total: number) => `${count} of ${targets(total)} failed`,
    tolerated: (count: number, total: number) => `${count} of ${targets(total)} failed, which the run tolerates`,
    cancelled: (done: number, total: number) => `${done} of ${targets(total)} had succeeded`,
    line: (target: string, text: string) => `${target}: ${text}`,
  },
  link: {
    question: (host: string) => `Open ${host} in your browser?`,
    open: 'Open',
    cancel: 'Cancel',
  },
  folder: { failed: 'It cannot be opened' },
} as const;
