import { systemClock } from '#adapters/clock/system-clock';
import { type ControlSocket, listenControl } from '#adapters/http/control-socket';
import { controlSocketPath } from '../cli/control-path.ts';
import type { Engine } from '../compose.ts';

/** Opens the engine to the command line of this account; close it before the engine. */
export function openControl({ dispatcher, owner, log, operating }: Engine, dataDir: string): Promise<ControlSocket> {
  return listenControl(controlSocketPath(dataDir), async () => {
    try {
      const { createControlServer } = await import('#adapters/http/control-server');
      return await createControlServer({ dispatcher, owner, log, operating, clock: systemClock });
    } catch (error) {
      log.error('the server of the control socket could not be made', { error });
      throw error;
    }
  });
}
