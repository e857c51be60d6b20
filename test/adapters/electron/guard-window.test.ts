import { EventEmitter } from 'node:events';
import type { App, Dialog, Session, Shell, WebContents } from 'electron';
import { describe, expect, it } from 'vitest';
import { guardApp, outsideLink, refusePermissions } from '#adapters/electron/guard-window';
import type { Log } from '#core/ports';

const quiet: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

const hostile = [
  'javascript:alert(1)',
  'file:///etc/passwd',
  'smb://host/share',
  'ms-msdt:/id PCWDiagnostic',
  '\\\\host\\share',
  '//host/share',
  'http://example.com/',
  'ftp://example.com/',
  'data:text/html,x',
  'blob:https://example.com/x',
  'vbscript:x',
  'about:blank',
  'chrome://settings',
  'drover://run?script=rm',
  'app://drover/index.html',
  'https://user:password@example.com/',
  'https://user@example.com/',
  `https://example.com/${'a'.repeat(2_048)}`,
  'https://',
  'https:',
  '',
  ' ',
  'mailto:a@example.com',
  'tel:1',
  'search-ms:query=x',
  'ssh://host',
  'view-source:https://example.com',
  'intent://x#Intent;end',
  'steam://run/1',
  'x-apple.systempreferences:',
  'HTTP://example.com/',
  'ws://example.com/',
  'wss://example.com/',
  'filesystem:https://example.com/temporary/x',
  'jar:https://example.com!/x',
  'ldap://example.com/',
  'ms-settings:',
  'shell:startup',
  'vscode://file/etc/passwd',
  'https:\\\\user@example.com',
];

const safe = { contextIsolation: true, sandbox: true, webSecurity: true, nodeIntegration: false, webviewTag: false };

function guarded(
  response: number,
  weaker: Partial<Record<keyof typeof safe, boolean>> = {},
  onClosed: () => void = () => undefined,
): {
  contents: EventEmitter & { open(url: string): { action: string } };
  opened: string[];
  asked: string[];
} {
  const opened: string[] = [];
  const asked: string[] = [];
  const app = new EventEmitter();
  let handler: (details: { url: string }) => { action: string } = () => ({ action: 'allow' });
  const contents = Object.assign(new EventEmitter(), {
    getType: () => 'window',
    getLastWebPreferences: () => ({ ...safe, ...weaker }),
    close: () => contents.emit('closed by the guard'),
    setWindowOpenHandler: (next: typeof handler) => {
      handler = next;
    },
    open: (url: string) => handler({ url }),
  });
  const dialog = {
    showMessageBox: async ({ message }: { message: string }) => {
      asked.push(message);
      return { response, checkboxChecked: false };
    },
  } as unknown as Dialog;
  const shell = { openExternal: async (url: string) => void opened.push(url) } as unknown as Shell;
  guardApp(app as unknown as App, { dialog, shell, log: quiet });
  contents.on('closed by the guard', onClosed);
  app.emit('web-contents-created', {}, contents as unknown as WebContents);
  return { contents, opened, asked };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('a page of the window', () => {
  it.each(hostile)('opens nothing outside for %j', async (url) => {
    const { contents, opened, asked } = guarded(0);
    expect(outsideLink(url)).toBeUndefined();
    expect(contents.open(url)).toEqual({ action: 'deny' });
    await settled();
    expect([opened, asked]).toEqual([[], []]);
  });

  it('opens an https address in the browser after a person has seen its host', async () => {
    const yes = guarded(0);
    expect(yes.contents.open('https://example.com/a?b')).toEqual({ action: 'deny' });
    await settled();
    expect(yes.asked).toEqual(['Open example.com in your browser?']);
    expect(yes.opened).toEqual(['https://example.com/a?b']);
    const no = guarded(1);
    no.contents.open('https://example.com/');
    await settled();
    expect(no.opened).toEqual([]);
  });

  it('cannot be led anywhere else', () => {
    const { contents } = guarded(0);
    const prevented = (url: string): boolean => {
      let stopped = false;
      contents.emit('will-navigate', { preventDefault: () => (stopped = true) }, url);
      return stopped;
    };
    expect(
      [...hostile, 'https://example.com/', 'app://drover.evil/', 'app://droverx/'].filter((url) => !prevented(url)),
    ).toEqual(['app://drover/index.html']);
  });

  it.each(Object.entries(safe))('is closed at once when it was made with another %s than %s', (name, value) => {
    let closed = 0;
    guarded(0, { [name]: !value }, () => (closed += 1));
    expect(closed).toBe(1);
    guarded(0, {}, () => (closed += 1));
    expect(closed).toBe(1);
  });

  it('may embed nothing and is given no permission', () => {
    const { contents } = guarded(0);
    let stopped = false;
    contents.emit('will-attach-webview', { preventDefault: () => (stopped = true) });
    expect(stopped).toBe(true);
    const answers: unknown[] = [];
    const session = {
      setPermissionRequestHandler: (ask: (...args: unknown[]) => void) =>
        ask({}, 'media', (given: boolean) => answers.push(given)),
      setPermissionCheckHandler: (check: () => boolean) => answers.push(check()),
    };
    refusePermissions(session as unknown as Session);
    expect(answers).toEqual([false, false]);
  });
});
