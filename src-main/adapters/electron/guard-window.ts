import type { App, Dialog, Session, Shell, WebContents } from 'electron';
import type { Log } from '#core/ports';
import { appOrigin } from './app-protocol.ts';
import { words } from './words.ts';

type Guards = { readonly dialog: Dialog; readonly shell: Shell; readonly log: Log };

const longestLink = 2_000;

/** The address to open outside, when a page may ask for it at all: https, no account in it, not too long. */
export function outsideLink(url: string): URL | undefined {
  if (url.length > longestLink || !URL.canParse(url)) {
    return undefined;
  }
  const link = new URL(url);
  return link.protocol === 'https:' && link.username === '' && link.password === '' ? link : undefined;
}

/** What every page must have been made with; a page without it could reach what it must not. */
const hardened = {
  contextIsolation: true,
  sandbox: true,
  webSecurity: true,
  nodeIntegration: false,
  webviewTag: false,
} as const;

/** Closes a page that was made with less, before anything is loaded into it. */
function assertHardened(contents: WebContents, log: Log): void {
  // Electron has this method and leaves it out of its documentation: without it nothing is known, and nothing closed.
  const { getLastWebPreferences } = contents as { getLastWebPreferences?: () => object | null };
  const given: Readonly<Record<string, unknown>> = { ...getLastWebPreferences?.call(contents) };
  const weak = Object.entries(hardened).filter(([name, value]) => given[name] !== undefined && given[name] !== value);
  if (contents.getType() === 'window' && weak.length > 0) {
    log.error('a page that is not hardened was closed', { weak: weak.map(([name]) => name) });
    contents.close();
  }
}

/** Nothing leaves the page by itself: no navigation, no new window, no embedded page, no permission. */
function guardContents(contents: WebContents, guards: Guards): void {
  assertHardened(contents, guards.log);
  contents.on('will-navigate', (event, url) => {
    if (!url.startsWith(`${appOrigin}/`)) {
      event.preventDefault();
      guards.log.warn('navigation refused', { url: url.slice(0, 200) });
    }
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    const link = outsideLink(url);
    if (link) {
      void askToOpen(link, guards).catch((error: unknown) => guards.log.warn('a link was not opened', { error }));
    } else {
      guards.log.warn('new window refused', { url: url.slice(0, 200) });
    }
    return { action: 'deny' };
  });
}

/** Opens a link in the browser once a person has seen where it leads. */
async function askToOpen(link: URL, { dialog, shell }: Guards): Promise<void> {
  const { response } = await dialog.showMessageBox({
    type: 'question',
    message: words.link.question(link.host),
    detail: link.href,
    buttons: [words.link.open, words.link.cancel],
    defaultId: 1,
    cancelId: 1,
  });
  if (response === 0) {
    await shell.openExternal(link.href);
  }
}

/** Permissions are refused for every page, asked or checked. */
export function refusePermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
}

/** Guards every page there will ever be, whoever makes it. */
export function guardApp(app: App, guards: Guards): void {
  app.on('web-contents-created', (_event, contents) => guardContents(contents, guards));
}
