import type { Wire } from '#contract';
import { socketWire } from '../../src-main/cli/socket-wire.ts';
import { httpWire } from '../../src-renderer/client/http-wire.ts';
import { ipcWire } from '../../src-renderer/client/ipc-wire.ts';
import { joinIpc } from './joined-ipc.ts';
import { fetchWith, serveControl, serveHttp, type Served } from './serve-http.ts';

type Connection = { readonly wire: Wire; readonly close: () => Promise<void> };

/** Every way to reach an engine, each over its real transport. */
export const transports: readonly (readonly [string, (engine: Served) => Promise<Connection>])[] = [
  [
    'http and server-sent events',
    async (engine) => {
      const server = await serveHttp(engine);
      return { wire: httpWire(server.base, { fetch: fetchWith(await server.signIn()) }), close: server.close };
    },
  ],
  [
    'the control socket',
    async (engine) => {
      const server = await serveControl(engine);
      return { wire: socketWire(server.path), close: server.close };
    },
  ],
  [
    'electron ipc',
    async (engine) => ({ wire: ipcWire(joinIpc(engine).openWindow().bridge), close: () => Promise.resolve() }),
  ],
];
