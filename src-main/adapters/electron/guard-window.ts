import type { App, Dialog, Session, Shell, WebContents } from 'electron';
import type { Log } from '#core/ports';
import { appOrigin } from './app-protocol.ts';

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

/** Nothing leaves the page by itself: no navigation, no new window, no embedded page, no permission. */
function guardContents(contents: WebContents, guards: Guards): void {
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
    message: `Open ${link.host} in your browser?`,
    detail: link.href,
    buttons: ['Open', 'Cancel'],
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
