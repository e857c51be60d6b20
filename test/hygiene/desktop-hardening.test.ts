import { describe, expect, it } from 'vitest';
import { sourceFiles, textOf } from './source-tree.ts';

const desktop = sourceFiles().filter((path) => /^src-(main\/(adapters\/electron|entry\/electron)|preload)/.test(path));
const holding = (pattern: RegExp, files = desktop): string[] => files.filter((path) => pattern.test(textOf(path)));

/** What would let a page reach further than the contract. */
const forbidden = [
  /executeJavaScript|insertCSS/,
  /@electron\/remote|enableRemoteModule/,
  /contextIsolation:\s*false|sandbox:\s*false|webSecurity:\s*false/,
  /nodeIntegration\w*:\s*true|webviewTag:\s*true|allowRunningInsecureContent|experimentalFeatures/,
  /shell\.openExternal\((?!link\.href\))/,
  /bypassCSP|bypassCustomProtocolHandlers/,
];

describe('the desktop program', () => {
  it('holds nothing that weakens a page', () => {
    expect(desktop.length).toBeGreaterThan(10);
    expect(forbidden.flatMap((pattern) => holding(pattern))).toEqual([]);
  });

  it('makes a window in one place, whose settings say everything outright', () => {
    expect(holding(/new BrowserWindow\(/)).toEqual(['src-main/adapters/electron/desktop-shell.ts']);
    const settings = textOf('src-main/adapters/electron/main-window.ts');
    for (const wanted of [
      'contextIsolation: true',
      'sandbox: true',
      'nodeIntegration: false',
      'webSecurity: true',
      'webviewTag: false',
      'spellcheck: false',
    ]) {
      expect(settings).toContain(wanted);
    }
    expect(holding(/new (WebContentsView|BrowserView|BaseWindow)\(/)).toEqual([]);
  });

  it('has one preload of four functions, over four channels, that passes nothing of Electron through', () => {
    const preload = textOf('src-preload/index.ts');
    expect(sourceFiles().filter((path) => /^src-preload\/.*\.[cm]?[jt]sx?$/.test(path))).toEqual([
      'src-preload/index.ts',
    ]);
    expect([...preload.matchAll(/^ {2}(\w+): \(/gm)].map(([, name]) => name)).toEqual([
      'call',
      'follow',
      'unfollow',
      'onFrame',
    ]);
    expect([...preload.matchAll(/'drover:\w+'/g)].map(([name]) => name)).toEqual([
      "'drover:call'",
      "'drover:follow'",
      "'drover:unfollow'",
      "'drover:frame'",
    ]);
    expect(preload.match(/exposeInMainWorld/g)).toHaveLength(1);
    expect(preload).not.toMatch(/_event[^,]*\)|\(\.\.\./);
  });

  it('keeps every text of the main process in one place', () => {
    const saying = /(?:label|message|detail|title|body):\s*['`][A-Z]/;
    expect(
      holding(
        saying,
        desktop.filter((path) => !/words\.ts$|ipc-server\.ts$/.test(path)),
      ),
    ).toEqual([]);
  });
});
