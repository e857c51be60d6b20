import { EventEmitter } from 'node:events';
import type { Frame, Reply } from '#contract';
import { type IpcEvent, type IpcMainLike, type IpcSender, type Refusal, serveIpc } from '#adapters/electron/ipc-server';
import type { Bridge } from '../../src-renderer/client/ipc-wire.ts';
import type { Served } from './serve-http.ts';

type TestEvent = IpcEvent<IpcSender> & { readonly trusted: boolean };

export type TestWindow = {
  readonly bridge: Bridge;
  /** Frames the window has been sent. */
  readonly sent: () => number;
  /** Stops acknowledging, as a page that hangs. */
  readonly hang: () => void;
  readonly navigate: () => void;
  readonly destroy: () => void;
  /** The same window asking from a frame that is not ours. */
  readonly foreign: Bridge;
};

/** ipcMain joined back to back with windows, with a structured clone between as Electron has. */
export function joinIpc(
  engine: Served,
  onRefused: (refusal: Refusal) => void = () => undefined,
): { openWindow: () => TestWindow } {
  const handlers = new Map<string, (event: TestEvent, ...args: unknown[]) => Promise<Reply>>();
  const toMain = new EventEmitter();
  const ipcMain: IpcMainLike<TestEvent> = {
    handle: (channel, listener) => void handlers.set(channel, listener),
    on: (channel, listener) => toMain.on(channel, listener),
  };
  serveIpc<IpcSender, TestEvent>(ipcMain, engine.dispatcher, {
    isTrusted: (event) => event.trusted,
    actor: engine.owner('ipc'),
    log: engine.log,
    onRefused,
    originOf: () => 'https://elsewhere.example',
  });

  const openWindow = (): TestWindow => {
    const page = new EventEmitter();
    const contents = new EventEmitter();
    let destroyed = false;
    let hangs = false;
    let sent = 0;
    const sender: IpcSender = {
      send(channel, ...args) {
        if (destroyed) {
          throw new TypeError('Object has been destroyed');
        }
        sent += 1;
        const clone: unknown[] = structuredClone(args);
        // Electron hands messages over later, too.
        globalThis.setImmediate(() => page.emit(channel, ...clone));
      },
      isDestroyed: () => destroyed,
      on: (event, listener) => contents.on(event, listener),
    };
    const bridgeOf = (trusted: boolean): Bridge => {
      const event = { sender, trusted };
      const post = (channel: string, ...args: unknown[]): void =>
        void toMain.emit(channel, event, ...(structuredClone(args) as unknown[]));
      return {
        async call(name, input) {
          const args: unknown[] = structuredClone([name, input]);
          return structuredClone(await handlers.get('drover:call')?.(event, ...args)) as Reply;
        },
        follow(request) {
          if (!(hangs && 'received' in request)) {
            post('drover:follow', request);
          }
        },
        unfollow: (id) => post('drover:unfollow', id),
        onFrame: (listener) => void page.on('drover:frame', (id: string, frame: Frame) => listener(id, frame)),
      };
    };
    return {
      bridge: bridgeOf(true),
      foreign: bridgeOf(false),
      sent: () => sent,
      hang: () => {
        hangs = true;
      },
      navigate: () => void contents.emit('did-navigate'),
      destroy: () => {
        destroyed = true;
        contents.emit('destroyed');
      },
    };
  };
  return { openWindow };
}
