import type { Screen } from './host.ts';

/** What a slow reader may leave unread before its writer should wait. */
const fullBytes = 8 * 1024 * 1024;

const readerLeft = new Set(['EPIPE', 'ERR_STREAM_DESTROYED', 'EOF']);

/** One of the two output streams; writing to it never throws, whoever stops reading. */
export class Printer {
  readonly #stream: Screen;
  readonly #env: Readonly<Record<string, string | undefined>>;
  #gone = false;
  #failure: Error | undefined;
  #onGone: (() => void) | undefined;

  constructor(stream: Screen, env: Readonly<Record<string, string | undefined>>) {
    this.#stream = stream;
    this.#env = env;
    stream.on('error', (error: NodeJS.ErrnoException) => {
      const first = !this.#gone;
      this.#gone = true;
      if (!readerLeft.has(error.code ?? '')) {
        this.#failure ??= error;
      }
      if (first) {
        this.#onGone?.();
      }
    });
  }

  get isTerminal(): boolean {
    return this.#stream.isTTY === true;
  }

  /** Characters in a line of the terminal; undefined where lines have no end. */
  get columns(): number | undefined {
    return this.isTerminal ? this.#stream.columns || 80 : undefined;
  }

  get hasColours(): boolean {
    return this.isTerminal && !this.#env['NO_COLOR'] && this.#env['TERM'] !== 'dumb';
  }

  /** Nothing that is written arrives any more. */
  get gone(): boolean {
    return this.#gone;
  }

  /** Why writing failed, unless the reader simply left. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  get isFull(): boolean {
    return !this.#gone && this.#stream.writableLength > fullBytes;
  }

  onGone(act: () => void): void {
    this.#onGone = act;
    if (this.#gone) {
      act();
    }
  }

  write(text: string | Uint8Array): void {
    if (!this.#gone && text.length > 0) {
      this.#stream.write(text);
    }
  }

  /** Resolves when the reader has caught up or is gone. */
  async drained(): Promise<void> {
    if (this.#gone || !this.#stream.writableNeedDrain) {
      return;
    }
    const events = ['drain', 'error', 'close'];
    const { promise, resolve } = Promise.withResolvers<void>();
    const done = (): void => resolve();
    for (const event of events) {
      this.#stream.on(event, done);
    }
    await promise;
    for (const event of events) {
      this.#stream.off(event, done);
    }
  }

  /** Resolves when everything written so far has left the process, or never will. */
  async flush(): Promise<void> {
    if (this.#gone) {
      return;
    }
    await new Promise<void>((resolve) => {
      this.#stream.once('close', () => resolve());
      this.#stream.write('', () => resolve());
    });
  }
}
