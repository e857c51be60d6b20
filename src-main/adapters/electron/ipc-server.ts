import { setImmediate } from 'node:timers/promises';
import { contract, type Frame, type Name, type Reply } from '#contract';
import type { DroverError, ErrorCode, WireError } from '#contract/errors';
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

/** A message that was not answered as asked; nothing of what it held but the name of a call or feed. */
export type Refusal = {
  readonly channel: 'drover:call' | 'drover:follow' | 'drover:unfollow';
  /** Of the contract; null when it is none that can be asked for there. */
  readonly name: Name | null;
  readonly code: ErrorCode;
  /** Whether a frame of our own page sent it, and whose it was otherwise. */
  readonly from: string;
};

export type IpcOptions<E> = {
  /** Whether the frame that sent this is a page of our own. */
  readonly isTrusted: (event: E) => boolean;
  /** Who sits at the window. */
  readonly actor: Actor;
  readonly log: Log;
  /** Told of every refused message, to be kept. */
  readonly onRefused?: (refusal: Refusal) => void;
  /** Told of every call that was answered as asked, with the answer. */
  readonly onAnswer?: (name: Name, value: unknown) => void;
  /** The origin of the frame that sent this. */
  readonly originOf?: (event: E) => string;
};

/** What a page that keeps to the contract is not answered; all else is an answer about an object. */
const refusingCodes: ReadonlySet<ErrorCode> = new Set(['access-denied', 'not-signed-in', 'bad-input', 'too-large']);

/** Frames a window may be behind before its feed waits; ipc-wire acknowledges more often than that. */
const mostUnread = 128;
const longestName = 100;
const longestOrigin = 200;
const ownPage = 'our own page';

/**
 * Serves `drover:call` (name, input), `drover:follow` ({ id, name, input }, or { id, received } to acknowledge frames)
 * and `drover:unfollow` (id); frames go out on `drover:frame` (id, frame).
 */
export function serveIpc<S extends IpcSender, E extends IpcEvent<S>>(
  ipcMain: IpcMainLike<E>,
  dispatcher: Dispatcher,
  options: IpcOptions<E>,
): void {
  const { actor } = options;
  const gate = new Gate(options);
  const feeds = new WindowFeeds(dispatcher, actor);

  ipcMain.handle('drover:call', async (event, name, input) => {
    if (!gate.admits(event, 'drover:call')) {
      return { ok: false, error: { code: 'access-denied', message: 'This page may not ask anything' } };
    }
    const problem = problemOf(name, input);
    const reply: Reply = problem
      ? { ok: false, error: problem }
      : await dispatcher.call({ name: name as string, input, actor });
    gate.judge('drover:call', name, reply.ok ? undefined : reply.error);
    if (reply.ok && isName(name)) {
      options.onAnswer?.(name, reply.value);
    }
    return reply;
  });
  ipcMain.on('drover:follow', (event, message) => {
    if (!gate.admits(event, 'drover:follow')) {
      return;
    }
    const follow = toFollow(message);
    if (!follow) {
      gate.ignore('drover:follow');
    } else if (follow.received !== undefined) {
      feeds.acknowledge(event.sender, follow.id, follow.received);
    } else if (!feeds.open(event.sender, follow, (error) => gate.judge('drover:follow', follow.name, error))) {
      gate.ignore('drover:follow');
    }
  });
  ipcMain.on('drover:unfollow', (event, id) => {
    if (!gate.admits(event, 'drover:unfollow')) {
      return;
    }
    if (isId(id)) {
      feeds.close(event.sender, id);
    } else {
      gate.ignore('drover:unfollow');
    }
  });
}

/** Decides whom to listen to and tells of every refusal. */
class Gate<E> {
  readonly #options: IpcOptions<E>;

  constructor(options: IpcOptions<E>) {
    this.#options = options;
  }

  admits(event: E, channel: Refusal['channel']): boolean {
    if (this.#options.isTrusted(event)) {
      return true;
    }
    this.#options.log.warn('message of an untrusted frame refused', { channel });
    const from = (this.#options.originOf?.(event) ?? 'a foreign frame').slice(0, longestOrigin);
    this.#options.onRefused?.({ channel, name: null, code: 'access-denied', from });
    return false;
  }

  /** A message that cannot be answered at all. */
  ignore(channel: Refusal['channel']): void {
    this.#options.log.warn('message of an unknown form ignored', { channel });
    this.#options.onRefused?.({ channel, name: null, code: 'bad-input', from: ownPage });
  }

  /** Looks at how a call or a feed ended. */
  judge(channel: Refusal['channel'], name: unknown, error: WireError | undefined): void {
    const kind = channel === 'drover:call' ? 'call' : 'feed';
    const known = isName(name) && contract[name].kind === kind ? name : null;
    if (error && (refusingCodes.has(error.code) || known === null)) {
      this.#options.onRefused?.({ channel, name: known, code: error.code, from: ownPage });
    }
  }
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

  /** False when the id is in use. `onEnd` hears why the feed ended when it did not end well. */
  open(sender: IpcSender, { id, name, input }: Follow, onEnd: (error: WireError) => void): boolean {
    const feeds = this.#of(sender);
    if (feeds.has(id)) {
      return false;
    }
    const feed = new WindowFeed((frame) => {
      if ('end' in frame && frame.error) {
        onEnd(frame.error);
      }
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

const isName = (name: unknown): name is Name => typeof name === 'string' && Object.hasOwn(contract, name);

const isId = (id: unknown): id is string => typeof id === 'string' && id.length <= longestName;

function toFollow(message: unknown): Follow | undefined {
  if (typeof message !== 'object' || message === null) {
    return undefined;
  }
  const { id, name, input, received } = message as Record<string, unknown>;
  if (!isId(id)) {
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
