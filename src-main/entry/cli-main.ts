import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '#adapters/clock/system-clock';
import { DroverClient } from '#contract/client';
import { DroverError } from '#contract/errors';
import { connectOrRun } from '../cli/connect.ts';
import { controlSocketPath } from '../cli/control-path.ts';
import type { Connection, EngineFlags } from '../cli/host.ts';
import { runCli } from '../cli/program.ts';
import { socketDownload, socketWire } from '../cli/socket-wire.ts';
import { controllingTerminal } from '../cli/terminal-prompt.ts';
import type { Config } from '../config.ts';
import { onInterrupt } from './on-interrupt.ts';
import { readConfig } from './read-config.ts';

/** The command line as a process: what the commands need, and the exit code. */
export async function main(appRoot: string): Promise<number> {
  const { version } = JSON.parse(readFileSync(join(appRoot, 'package.json'), 'utf8')) as { version: string };
  return runCli(process.argv.slice(2), {
    version,
    stdout: process.stdout,
    stderr: process.stderr,
    stdin: process.stdin,
    terminal: controllingTerminal(process),
    env: process.env,
    cwd: process.cwd(),
    clock: systemClock,
    connect: (flags) => connect(flags, version),
    serve: async (flags) => {
      const { serve } = await import('./serve.ts');
      return serve({ version, appRoot }, flags);
    },
    salvage: async (flags) => {
      const { salvage } = await import('./salvage.ts');
      return salvage(version, flags);
    },
    backup: async (flags) => {
      const { backup } = await import('./backup.ts');
      return backup(version, flags);
    },
    restore: async (flags) => {
      const { restore } = await import('./restore.ts');
      return restore(version, flags);
    },
    doctor: async (flags) => {
      const { doctor } = await import('./doctor.ts');
      return doctor(version, flags);
    },
    support: async (flags) => {
      const { support } = await import('./support.ts');
      return support(version, flags);
    },
    guard: async () => {
      const { guard } = await import('./guard.ts');
      return guard;
    },
    onInterrupt,
  });
}

async function connect(flags: EngineFlags, version: string): Promise<Connection> {
  const config = readConfig(flags, {});
  return connectOrRun({
    trySocket: () => reachEngine(config),
    tryRun: async () => runEngine(config, version),
    async holder() {
      const { readLockHolder } = await import('#adapters/sqlite/lock');
      return { pid: readLockHolder(config.dataDir)?.pid ?? null, folder: config.dataDir };
    },
    wait: (ms) => new Promise((resolve) => void systemClock.after(ms, resolve)),
  });
}

/** The engine that listens on the folder's control socket; undefined when none does. */
async function reachEngine({ dataDir }: Config): Promise<Connection | undefined> {
  const path = controlSocketPath(dataDir);
  if (process.platform !== 'win32' && !existsSync(path)) {
    return undefined;
  }
  const wire = socketWire(path);
  const reply = await wire.send('node.info', {});
  if (!reply.ok && (reply.error.code === 'engine-unreachable' || reply.error.code === 'engine-stopping')) {
    return undefined;
  }
  return {
    client: new DroverClient(wire),
    local: false,
    download: (name, input) => socketDownload(path, name, input),
    close: async () => undefined,
  };
}

/** An engine in this process, which others may use as well while it is here. */
async function runEngine(config: Config, version: string): Promise<Connection> {
  // Only now: a command that finds an engine running needs none of its code.
  const [{ composeEngine }, { createEngineLog }, { directWire }, { openControl }] = await Promise.all([
    import('../compose.ts'),
    import('../compose-operating.ts'),
    import('#api/direct-wire'),
    import('./open-control.ts'),
  ]);
  const log = createEngineLog(config);
  const engine = composeEngine(config, { version, log });
  const control = openControl(engine, config.dataDir);
  control.catch((error: unknown) => log.warn('the control socket could not be opened', { error }));
  return {
    client: new DroverClient(directWire(engine.dispatcher, engine.owner)),
    local: true,
    download: async (name, input) => {
      const reply = await engine.dispatcher.download({ name, input, actor: engine.owner });
      if (!reply.ok) {
        throw DroverError.fromWire(reply.error);
      }
      return reply.file.body;
    },
    async close() {
      const opened = await control.catch(() => undefined);
      do {
        await engine.runs.idle();
        // Whoever watched a run still asks how it ended.
        await opened?.left();
      } while (engine.runs.liveCount > 0);
      engine.runs.close();
      await opened?.close();
      await engine.close();
      log.flush();
    },
  };
}
