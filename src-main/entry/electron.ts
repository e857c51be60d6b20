import { join } from 'node:path';
import { app, BrowserWindow, dialog, ipcMain, protocol, screen, session, shell } from 'electron';
import { systemClock } from '#adapters/clock/system-clock';
import { appOrigin, appScheme, createAppProtocol } from '#adapters/electron/app-protocol';
import { guardApp, refusePermissions } from '#adapters/electron/guard-window';
import { serveIpc } from '#adapters/electron/ipc-server';
import { auditRefusals } from '#adapters/electron/refusal-audit';
import { readWindowState, saveWindowState } from '#adapters/electron/window-state';
import { DroverError } from '#contract/errors';
import { composeEngine, createEngineLog, type Engine } from '../compose.ts';
import { readConfig } from './read-config.ts';
import { openControl } from './open-control.ts';

const appRoot = join(import.meta.dirname, '../..');

protocol.registerSchemesAsPrivileged([
  { scheme: appScheme, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
]);

if (app.requestSingleInstanceLock()) {
  app.on('second-instance', () => {
    const [window] = BrowserWindow.getAllWindows();
    if (window?.isMinimized()) {
      window.restore();
    }
    window?.show();
    window?.focus();
  });
  // Not awaited at the top level: Electron becomes ready only after this module has been evaluated.
  app
    .whenReady()
    .then(start)
    .catch((error: unknown) => {
      const message = error instanceof DroverError ? error.message : 'Drover could not start; its log has the details';
      dialog.showErrorBox('Drover cannot start', message);
      process.stderr.write(`${error instanceof DroverError ? error.message : String((error as Error).stack)}\n`);
      app.exit(3);
    });
} else {
  app.quit();
}

async function start(): Promise<void> {
  const config = readConfig({}, {});
  const log = createEngineLog(config);
  const engine = composeEngine(config, { version: app.getVersion(), log });
  const control = await openControl(engine, config.dataDir);
  const actor = { ...engine.owner, origin: { transport: 'ipc', address: '' } } as const;
  protocol.handle(
    appScheme,
    createAppProtocol({ rendererDir: join(appRoot, 'out/renderer'), dispatcher: engine.dispatcher, actor }),
  );
  refusePermissions(session.defaultSession);
  guardApp(app, { dialog, shell, log });
  const refusals = auditRefusals({ actor, log, clock: systemClock, recordAudit: (entry) => engine.recordAudit(entry) });
  serveIpc(ipcMain, engine.dispatcher, {
    actor,
    log,
    onRefused: refusals.onRefused,
    originOf: ({ senderFrame }) => senderFrame?.origin ?? 'no frame',
    isTrusted: ({ senderFrame }) => senderFrame?.parent === null && senderFrame.url.startsWith(`${appOrigin}/`),
  });
  quitInOrder(engine, async () => {
    refusals.close();
    await control.close();
  });
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) {
      openWindow();
    }
  });
  app.on('window-all-closed', () => app.quit());
  openWindow();
}

function openWindow(): void {
  const stateFile = join(app.getPath('userData'), 'window.json');
  const { bounds, maximized } = readWindowState(stateFile, screen);
  const window = new BrowserWindow({
    ...bounds,
    minWidth: 480,
    minHeight: 400,
    show: false,
    title: 'Drover',
    webPreferences: {
      preload: join(appRoot, 'out/preload/index.cjs'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
    },
  });
  if (maximized) {
    window.maximize();
  }
  window.once('ready-to-show', () => window.show());
  window.on('close', () => saveWindowState(stateFile, window));
  void window.loadURL(`${appOrigin}/index.html`);
}

/** Quitting while runs are in progress names them and asks; what is chosen to be waited for or cancelled has its end. */
function quitInOrder(engine: Engine, closeControl: () => Promise<unknown>): void {
  let mayQuit = false;
  let asking = false;
  app.on('before-quit', (event) => {
    if (mayQuit) {
      return;
    }
    event.preventDefault();
    if (asking) {
      return;
    }
    asking = true;
    void leave(engine)
      .then(async (leaving) => {
        asking = false;
        if (leaving) {
          mayQuit = true;
          await closeControl();
          await engine.close();
          app.quit();
        } else if (BrowserWindow.getAllWindows().length === 0) {
          openWindow();
        }
      })
      .catch((error: unknown) => {
        engine.log.error('quitting failed', { error });
        app.exit(1);
      });
  });
}

/** Resolves when nothing runs any more; false when the person stays. */
async function leave({ runs, owner }: Engine): Promise<boolean> {
  if (runs.liveCount > 0) {
    const count = `${runs.liveCount} ${runs.liveCount === 1 ? 'run is' : 'runs are'} still in progress`;
    const { response } = await dialog.showMessageBox({
      type: 'question',
      message: count,
      detail: 'Drover can stay open, quit when they have ended, or cancel them and quit.',
      buttons: ['Stay', 'Quit when they have ended', 'Cancel them and quit'],
      defaultId: 0,
      cancelId: 0,
    });
    if (response === 0) {
      return false;
    }
    runs.close();
    if (response === 2) {
      runs.cancelAll(owner);
    }
    await runs.idle();
  }
  // From here on nothing begins that nobody would end; what waits is taken up at the next start.
  runs.close();
  return true;
}
