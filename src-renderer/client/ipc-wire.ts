import type { Frame, Reply, Wire } from '#contract';
import { windowFrames } from '#contract/window-command';

/** What the preload script gives to the page. */
export type Bridge = {
  call(name: string, input: unknown): Promise<Reply>;
  /** Opens a feed under an id of the page's own, or acknowledges how many of its frames have come. */
  follow(request: { id: string; name: string; input: unknown } | { id: string; received: number }): void;
  unfollow(id: string): void;
  onFrame(listener: (id: string, frame: Frame) => void): void;
};

/** Far fewer than the main process sends without an acknowledgement. */
const acknowledgeEvery = 32;

/** Calls and feeds over the desktop window's bridge; `onCommand` hears what the window itself asks of the page. */
export function ipcWire(bridge: Bridge, onCommand: (command: unknown) => void = () => undefined): Wire {
  const sinks = new Map<string, { received: number; onFrame: (frame: Frame) => void }>();
  bridge.onFrame((id, frame) => {
    if (id === windowFrames && 'item' in frame) {
      onCommand(frame.item);
      return;
    }
    const sink = sinks.get(id);
    if (!sink) {
      return;
    }
    sink.received += 1;
    if ('end' in frame) {
      sinks.delete(id);
    } else if (sink.received % acknowledgeEvery === 0) {
      bridge.follow({ id, received: sink.received });
    }
    sink.onFrame(frame);
  });
  return {
    async send(name, input) {
      try {
        return await bridge.call(name, input);
      } catch {
        return {
          ok: false,
          error: { code: 'engine-unreachable', message: 'The engine of this window does not answer' },
        };
      }
    },
    open(name, input, onFrame) {
      const id = crypto.randomUUID();
      sinks.set(id, { received: 0, onFrame });
      bridge.follow({ id, name, input });
      return () => {
        if (sinks.delete(id)) {
          bridge.unfollow(id);
        }
      };
    },
  };
}
