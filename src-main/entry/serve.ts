import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '#adapters/clock/system-clock';
import { createHttpServer } from '#adapters/http/http-server';
import { DroverError } from '#contract/errors';
import type { ServeFlags } from '../cli/host.ts';
import { composeEngine, type Engine } from '../compose.ts';
import { createEngineLog } from '../compose-operating.ts';
import type { Config } from '../config.ts';
import { onInterrupt } from './on-interrupt.ts';
import { openControl } from './open-control.ts';
import { readConfig } from './read-config.ts';

export type Program = {
  readonly version: string;
  /** The folder that holds package.json and out/. */
  readonly appRoot: string;
};

/** How long a stopping node waits for its runs before it asks them to stop as well. */
const drainMs = 30_000;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** Runs the engine with its console until it is told to stop; gives the exit code. */
export async function serve(program: Program, flags: ServeFlags): Promise<number> {
  const config = readConfig(flags, {});
  const log = createEngineLog(config);
  const engine = composeEngine(config, { version: program.version, log });
  const hasTerminal = process.stdin.isTTY || process.stdout.isTTY;
  if (!hasTerminal) {
    // What service managers and logrotate send.
    process.on('SIGHUP', () => log.reopen());
  }
  // From here on, so that a signal during the start is not lost.
  const stopped = untilStopped(engine, { hangUp: hasTerminal });
  const doors: { close(): Promise<unknown> }[] = [];
  try {
    doors.push(await openControl(engine, config.dataDir));
    const { server, url } = await listen(engine, config, program);
    doors.push(server);
    engine.setConsoleUrl(url);
    engine.keepUp();
    const { token } = engine.sessions.createLinkToken();
    log.info('serving', { url, version: program.version });
    say(`Drover ${program.version}: the console is at ${url}`);
    say(`Data folder: ${config.dataDir}`);
    say(`Open it with this link, once, within ten minutes (\`drover link\` prints another):`);
    say(`  ${url}/#/enter/${token}`);
    await stopped;
  } finally {
    // First the doors: a feed that is still open must not read a closed archive.
    await Promise.all(doors.map((door) => door.close()));
    await engine.close();
    log.flush();
  }
  return 0;
}

type Listening = { readonly server: { close(): Promise<unknown> }; readonly url: string };

async function listen(engine: Engine, config: Config, { appRoot }: Program): Promise<Listening> {
  const { host, port } = config.listen;
  const server = await createHttpServer({
    dispatcher: engine.dispatcher,
    operating: engine.operating,
    sessions: engine.sessions,
    clock: systemClock,
    nodeId: engine.nodeId,
    log: engine.log,
    rendererDir: join(appRoot, 'out/renderer'),
    names: config.hostNames,
    trustProxy: config.behindProxy,
    tls: config.tls ? { cert: readFileSync(config.tls.certFile), key: readFileSync(config.tls.keyFile) } : undefined,
  });
  try {
    await server.listen({ host, port });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'EADDRINUSE' ? 'is in use' : `cannot be listened on (${code})`;
    throw new DroverError('bad-input', `${host}:${port} ${why}: choose another address with --listen`, {
      cause: error,
    });
  }
  const address = server.server.address();
  const realPort = typeof address === 'object' && address ? address.port : port;
  const name = host.includes(':') ? `[${host}]` : host;
  const url = `${config.tls ? 'https' : 'http'}://${name}:${realPort}`;
  return { server: { close: async () => server.close() }, url };
}

/**
 * Resolves when the engine may end: after the first signal it takes no new runs, leaves those that wait for its next
 * start and waits for the others, after 30 s or a second signal it cancels these, after a third it goes at once.
 */
function untilStopped({ runs, owner, log }: Engine, signalled: { hangUp: boolean }): Promise<void> {
  return new Promise((resolve) => {
    let signals = 0;
    const cancel = (): void => {
      say('Cancelling them; once more ends at once.');
      runs.cancelAll(owner);
    };
    const off = onInterrupt(() => {
      signals += 1;
      log.info('told to stop', { signals, live: runs.liveCount });
      if (signals === 1) {
        runs.close();
        if (runs.liveCount > 0) {
          say(
            `Waiting for ${runs.liveCount} live ${runs.liveCount === 1 ? 'run' : 'runs'}, up to ${drainMs / 1000} s; once more cancels them.`,
          );
          systemClock.after(drainMs, () => signals === 1 && cancel());
        }
        void runs.idle().then(end);
      } else if (signals === 2) {
        cancel();
      } else {
        end();
      }
    }, signalled);
    const end = (): void => {
      off();
      resolve();
    };
  });
}
