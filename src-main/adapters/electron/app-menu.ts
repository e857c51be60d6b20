import type { MenuItemConstructorOptions } from 'electron';
import { liveRunsPath, pages } from '#contract/pages';
import type { WindowCommand } from '#contract/window-command';
import { words } from './words.ts';

type MenuState = {
  readonly platform: NodeJS.Platform;
  /** Without the tools of who writes Drover. */
  readonly packaged: boolean;
  /** Links of Drover's own scheme are opened by this program. */
  readonly linksOn: boolean;
};

export type MenuActions = {
  /** Shows the window at a page. */
  open(page: string): void;
  /** Asks something of the page that is shown. */
  command(command: WindowCommand): void;
  openDataFolder(): void;
  openDocs(): void;
  setLinks(on: boolean): void;
  quit(): void;
};

type Items = MenuItemConstructorOptions[];

const separator: MenuItemConstructorOptions = { type: 'separator' };

/** The menu bar: every entry does what a page does by the same keys, or is the platform's own. */
export function menuTemplate(state: MenuState, actions: MenuActions): Items {
  const isMac = state.platform === 'darwin';
  return [
    ...(isMac ? [{ role: 'appMenu' } as const] : []),
    { label: words.menu.file, submenu: fileMenu(state, actions) },
    {
      label: words.menu.edit,
      submenu: [
        { role: 'undo' },
        { role: 'redo' },
        separator,
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        { role: 'delete' },
        separator,
        { role: 'selectAll' },
      ],
    },
    { label: words.menu.view, submenu: viewMenu(state, actions) },
    {
      label: words.menu.run,
      submenu: [
        // The page hears these keys before the menu does: here they only stand beside the words.
        pressing(actions, { label: words.menu.start, accelerator: 'CmdOrCtrl+Enter', keys: 'mod+enter' }),
        pressing(actions, { label: words.menu.stop, accelerator: 'F9', keys: 'f9' }),
        separator,
        { label: words.menu.liveRuns, click: () => actions.open(liveRunsPath) },
      ],
    },
    {
      label: words.menu.window,
      role: 'window',
      submenu: [{ role: 'minimize' }, ...(isMac ? [{ role: 'zoom' } as const, { role: 'front' } as const] : [])],
    },
    { label: words.menu.help, role: 'help', submenu: helpMenu(isMac, actions) },
  ];
}

function fileMenu({ platform, linksOn }: MenuState, actions: MenuActions): Items {
  const quit: Items = [
    separator,
    { id: 'quit', label: words.menu.quit, accelerator: 'CmdOrCtrl+Q', click: () => actions.quit() },
  ];
  return [
    { label: words.menu.newRun, accelerator: 'CmdOrCtrl+N', click: () => actions.open('/quick') },
    { label: words.menu.dataFolder, click: () => actions.openDataFolder() },
    {
      id: 'links',
      label: words.menu.links,
      type: 'checkbox',
      checked: linksOn,
      click: ({ checked }) => actions.setLinks(checked),
    },
    separator,
    { label: words.menu.close, accelerator: 'CmdOrCtrl+W', role: 'close' },
    // On macOS the menu of the application has it.
    ...(platform === 'darwin' ? [] : quit),
  ];
}

function viewMenu({ packaged }: MenuState, actions: MenuActions): Items {
  const scheme = (label: string, value: 'light' | 'dark' | 'auto'): MenuItemConstructorOptions => ({
    label,
    click: () => actions.command({ do: 'theme', scheme: value }),
  });
  return [
    ...pages.map(({ key, path, keys }) => ({
      label: words.menu.page(words.pages[key], keys),
      click: () => actions.open(path),
    })),
    separator,
    pressing(actions, { label: words.menu.palette, accelerator: 'CmdOrCtrl+K', keys: 'mod+k' }),
    {
      label: words.menu.theme,
      submenu: [scheme(words.menu.light, 'light'), scheme(words.menu.dark, 'dark'), scheme(words.menu.auto, 'auto')],
    },
    separator,
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    // The key without Shift, as browsers have it.
    { role: 'zoomIn', accelerator: 'CmdOrCtrl+=', visible: false },
    { role: 'zoomOut' },
    separator,
    { role: 'togglefullscreen' },
    ...(packaged ? [] : [separator, { role: 'reload' } as const, { role: 'toggleDevTools' } as const]),
  ];
}

function helpMenu(isMac: boolean, actions: MenuActions): Items {
  return [
    { label: words.menu.keys, click: () => actions.command({ do: 'press', keys: '?' }) },
    { label: words.menu.docs, click: () => actions.openDocs() },
    ...(isMac ? [] : [separator, { role: 'about', label: words.menu.about } as const]),
  ];
}

type Pressing = { label: string; accelerator: string; keys: 'mod+enter' | 'f9' | 'mod+k' };

function pressing(actions: MenuActions, { label, accelerator, keys }: Pressing): MenuItemConstructorOptions {
  return {
    label,
    accelerator,
    registerAccelerator: false,
    click: () => actions.command({ do: 'press', keys }),
  };
}
