import { setImmediate } from 'node:timers/promises';
import type { Frame, Reply } from '#contract';
import type { DroverError, WireError } from '#contract/errors';
import { assertPlainJson } from '#contract/plain-json';
import type { Dispatcher } from '#api/dispatcher';
import type { Actor, Log } from '#core/ports';

/** The part of Electron's WebContents that is needed here. */
export interface IpcSender {
  send(channel: string, ...args: unknown[]): void;
  isDestroyed(): boolean;
  on(event: 'destroyed' | 'did-navigate' | 'render-process-gone', listener: () => void): unknown;
}

export type IpcEvent<S extends IpcSender> = { readonly sender: S };

/** The part of Electron's ipcMain that is needed here. */
export interface IpcMainLike<E> {
  handle(channel: string, listener: (event: E, ...args: unknown[]) => Promise<Reply>): void;
  on(channel: string, listener: (event: E, ...args: unknown[]) => void): unknown;
}

export type IpcOptions<E> = {
  /** Whether the frame that sent this is a page of our own. */
  readonly isTrusted: (event: E) => boolean;
  /** Who sits at the window. */
  readonly actor: Actor;
  readonly log: Log;
};

/** Frames a window may be behind before its feed waits; ipc-wire acknowledges more often than that. */
const mostUnread = 128;
const longestName = 100;

/**
 * Serves `drover:call` (name, input), `drover:follow` ({ id, name, input }, or { id, received } to acknowledge frames)
 * and `drover:unfollow` (id); frames go out on `drover:frame` (id, frame).
 */
export function serveIpc<S extends IpcSender, E extends IpcEvent<S>>(
  ipcMain: IpcMainLike<E>,
  dispatcher: Dispatcher,
  { isTrusted, actor, log }: IpcOptions<E>,
): void {
  const feeds = new WindowFeeds(dispatcher, actor);
  const refused = (event: E, channel: string): boolean => {
    if (isTrusted(event)) {
      return false;
    }
    log.warn('message of an untrusted frame refused', { channel });
    return true;
  };
  const ignored = (channel: string): void => log.warn('message of an unknown form ignored', { channel });

  ipcMain.handle('drover:call', async (event, name, input) => {
    if (refused(event, 'drover:call')) {
      return { ok: false, error: { code: 'access-denied', message: 'This page may not ask anything' } };
    }
    const problem = problemOf(name, input);
    return problem ? { ok: false, error: problem } : dispatcher.call({ name: name as string, input, actor });
  });
  ipcMain.on('drover:follow', (event, message) => {
    if (refused(event, 'drover:follow')) {
      return;
    }
    const follow = toFollow(message);
    if (!follow) {
      ignored('drover:follow');
    } else if (follow.received !== undefined) {
      feeds.acknowledge(event.sender, follow.id, follow.received);
    } else if (!feeds.open(event.sender, follow)) {
      ignored('drover:follow');
    }
  });
  ipcMain.on('drover:unfollow', (event, id) => {
    if (!refused(event, 'drover:unfollow')) {
      feeds.close(event.sender, String(id));
    }
  });
}

type Follow = {
  readonly id: string;
  readonly name: unknown;
  readonly input: unknown;
  readonly received: number | undefined;
};

/** The feeds of all windows; they end with the page that opened them. */
class WindowFeeds {
  readonly #dispatcher: Dispatcher;
  readonly #actor: Actor;
  readonly #open = new WeakMap<IpcSender, Map<string, WindowFeed>>();

  constructor(dispatcher: Dispatcher, actor: Actor) {
    this.#dispatcher = dispatcher;
    this.#actor = actor;
  }

  /** False when the id is in use. */
  open(sender: IpcSender, { id, name, input }: Follow): boolean {
    const feeds = this.#of(sender);
    if (feeds.has(id)) {
      return false;
    }
    const feed = new WindowFeed((frame) => {
      if (!sender.isDestroyed()) {
        sender.send('drover:frame', id, frame);
      }
    });
    feeds.set(id, feed);
    const problem = problemOf(name, input);
    const frames = problem
      ? refusal(problem)
      : this.#dispatcher.follow({ name: name as string, input, actor: this.#actor }, feed.signal);
    void feed.pump(frames).finally(() => feeds.delete(id));
    return true;
  }

  acknowledge(sender: IpcSender, id: string, received: number): void {
    this.#of(sender).get(id)?.acknowledge(received);
  }

  close(sender: IpcSender, id: string): void {
    this.#of(sender).get(id)?.close();
  }

  #of(sender: IpcSender): Map<string, WindowFeed> {
    const known = this.#open.get(sender);
    if (known) {
      return known;
    }
    const feeds = new Map<string, WindowFeed>();
    this.#open.set(sender, feeds);
    const closeAll = (): void => feeds.forEach((feed) => feed.close());
    sender.on('destroyed', closeAll);
    sender.on('render-process-gone', closeAll);
    // Not for a change of the hash, by which the pages of the console are told apart.
    sender.on('did-navigate', closeAll);
    return feeds;
  }
}

/** Sends one feed's frames, never more than a window's worth ahead of what was acknowledged. */
class WindowFeed {
  readonly #gone = new AbortController();
  readonly #send: (frame: Frame) => void;
  #sent = 0;
  #received = 0;
  #resume: () => void = () => undefined;

  constructor(send: (frame: Frame) => void) {
    this.#send = send;
  }

  get signal(): AbortSignal {
    return this.#gone.signal;
  }

  close(): void {
    this.#gone.abort();
    this.#resume();
  }

  acknowledge(received: number): void {
    this.#received = received;
    this.#resume();
  }

  /** Never rejects: the dispatcher turns every error into a frame. */
  async pump(frames: AsyncIterable<Frame>): Promise<void> {
    for await (const frame of frames) {
      if (this.#gone.signal.aborted) {
        return;
      }
      this.#send(frame);
      this.#sent += 1;
      await this.#ready();
    }
  }

  async #ready(): Promise<void> {
    // Other work of the main process has its turn between two frames.
    await setImmediate();
    while (this.#sent - this.#received >= mostUnread && !this.#gone.signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#resume = resolve;
      });
    }
  }
}

async function* refusal(error: WireError): AsyncIterable<Frame> {
  yield { end: true, error };
}

function toFollow(message: unknown): Follow | undefined {
  if (typeof message !== 'object' || message === null) {
    return undefined;
  }
  const { id, name, input, received } = message as Record<string, unknown>;
  if (typeof id !== 'string' || id.length > longestName) {
    return undefined;
  }
  return { id, name, input, received: typeof received === 'number' ? received : undefined };
}

function problemOf(name: unknown, input: unknown): WireError | undefined {
  if (typeof name !== 'string' || name.length > longestName) {
    return { code: 'bad-input', message: 'A name of the contract is expected' };
  }
  try {
    assertPlainJson(input);
    return undefined;
  } catch (error) {
    return (error as DroverError).toWire();
  }
}
