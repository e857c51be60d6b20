import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { app, dialog, ipcMain, protocol, session, shell } from 'electron';
import { directWire } from '#api/direct-wire';
import { systemClock } from '#adapters/clock/system-clock';
import { appOrigin, appScheme, createAppProtocol } from '#adapters/electron/app-protocol';
import { DesktopShell } from '#adapters/electron/desktop-shell';
import { linkIn } from '#adapters/electron/drover-link';
import { guardApp, refusePermissions } from '#adapters/electron/guard-window';
import { serveIpc } from '#adapters/electron/ipc-server';
import { auditRefusals } from '#adapters/electron/refusal-audit';
import { readStartArguments } from '#adapters/electron/start-arguments';
import { words } from '#adapters/electron/words';
import { DroverClient } from '#contract/client';
import { DroverError } from '#contract/errors';
import type { Actor } from '#core/ports';
import { composeEngine, type Engine } from '../compose.ts';
import { createEngineLog } from '../compose-operating.ts';
import { openControl } from './open-control.ts';
import { readConfig } from './read-config.ts';

const appRoot = join(import.meta.dirname, '../..');

protocol.registerSchemesAsPrivileged([
  { scheme: appScheme, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
]);

try {
  begin();
} catch (error) {
  refuse(error);
}

function begin(): void {
  const given = readStartArguments(process.argv);
  keepWindowWithData(given.data);
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return;
  }
  let desktop: DesktopShell | undefined;
  let link = given.link;
  // macOS hands links over by this event, also before anything is ready.
  app.on('open-url', (event, url) => {
    event.preventDefault();
    link = url;
    desktop?.openLink(url);
  });
  app.on('second-instance', (_event, argv) => {
    link = linkIn(argv) ?? link;
    desktop?.startedAgain(argv);
  });
  // Not awaited at the top level: Electron becomes ready only after this module has been evaluated.
  app
    .whenReady()
    .then(async () => {
      desktop = await start(given.data);
      desktop.start({ hidden: given.hidden, link });
    })
    .catch(refuse);
}

/** Each data folder that is named has a window of its own, beside others. */
function keepWindowWithData(data: string | undefined): void {
  if (data !== undefined && !app.commandLine.hasSwitch('user-data-dir')) {
    const folder = join(readConfig({ data }, {}).dataDir, 'window');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    app.setPath('userData', folder);
  }
}

function refuse(error: unknown): void {
  const known = error instanceof DroverError;
  dialog.showErrorBox(words.start.failed, known ? error.message : words.start.unexpected);
  process.stderr.write(`${known ? error.message : String((error as Error).stack)}\n`);
  app.exit(3);
}

async function start(data: string | undefined): Promise<DesktopShell> {
  const config = readConfig({ data }, {});
  const log = createEngineLog(config);
  const engine = composeEngine(config, { version: app.getVersion(), log });
  const control = await openControl(engine, config.dataDir);
  engine.keepUp();
  const actor: Actor = { ...engine.owner, origin: { transport: 'ipc', address: '' } };
  const refusals = auditRefusals({ actor, log, clock: systemClock, recordAudit: (entry) => engine.recordAudit(entry) });
  const desktop = new DesktopShell({
    client: new DroverClient(directWire(engine.dispatcher, actor)),
    clock: systemClock,
    log,
    runs: {
      get liveCount() {
        return engine.runs.liveCount;
      },
      idle: () => engine.runs.idle(),
      close: () => engine.runs.close(),
      cancelAll: () => engine.runs.cancelAll(engine.owner),
    },
    appRoot,
    dataDir: config.dataDir,
    nodeName: config.name,
    close: async () => {
      refusals.close();
      await control.close();
      await engine.close();
    },
  });
  servePages(engine, { actor, desktop, onRefused: refusals.onRefused });
  return desktop;
}

type Pages = {
  readonly actor: Actor;
  readonly desktop: DesktopShell;
  readonly onRefused: ReturnType<typeof auditRefusals>['onRefused'];
};

function servePages({ dispatcher, log }: Engine, { actor, desktop, onRefused }: Pages): void {
  protocol.handle(appScheme, createAppProtocol({ rendererDir: join(appRoot, 'out/renderer'), dispatcher, actor }));
  refusePermissions(session.defaultSession);
  guardApp(app, { dialog, shell, log });
  serveIpc(ipcMain, dispatcher, {
    actor,
    log,
    onRefused,
    onAnswer: desktop.onAnswer,
    originOf: ({ senderFrame }) => senderFrame?.origin ?? 'no frame',
    isTrusted: ({ senderFrame }) => senderFrame?.parent === null && senderFrame.url.startsWith(`${appOrigin}/`),
  });
}
