import { closeSync, openSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { ReadStream, WriteStream } from 'node:tty';
import type { Terminal } from './host.ts';

/** Where keys come from; `setRawMode` gives every key as it is pressed, Ctrl-C too, and writes none of them. */
type Keyboard = NodeJS.EventEmitter & {
  setRawMode(raw: boolean): unknown;
  resume(): unknown;
  pause(): unknown;
};

export type TerminalStreams = {
  readonly keyboard: Keyboard;
  readonly screen: { write(text: string): unknown };
  close(): void;
};

const ctrlC = '\u0003';
const ctrlD = '\u0004';
const ctrlU = '\u0015';
const ctrlW = '\u0017';
const longestAnswer = 10_000;

/** Asks over streams that `open` opens for each question and the question closes, so nothing reads the terminal in between. */
export function terminalPrompt(open: () => TerminalStreams, { isInteractive }: { isInteractive: boolean }): Terminal {
  return {
    isInteractive,
    ask: (question) => askLine(open(), question, { shown: true }),
    askHidden: (question) => askLine(open(), question, { shown: false }),
  };
}

/** The terminal this process belongs to, whatever its streams are; null where there is none, as under cron. */
export function controllingTerminal(process: Pick<NodeJS.Process, 'platform' | 'stderr'>): Terminal | null {
  const [keys, screen] =
    process.platform === 'win32' ? ['\\\\.\\CONIN$', '\\\\.\\CONOUT$'] : (['/dev/tty', '/dev/tty'] as const);
  try {
    closeSync(openSync(keys, 'r+'));
  } catch {
    return null;
  }
  const open = (): TerminalStreams => {
    const keyboard = new ReadStream(openSync(keys, 'r+'));
    const output = new WriteStream(openSync(screen, 'r+'));
    return {
      keyboard,
      screen: output,
      close() {
        keyboard.destroy();
        output.destroy();
      },
    };
  };
  return terminalPrompt(open, { isInteractive: process.stderr.isTTY });
}

/** One line of keys; null for Ctrl-C, for Ctrl-D before any key, and when the terminal has gone. */
function askLine(streams: TerminalStreams, question: string, { shown }: { shown: boolean }): Promise<string | null> {
  const { keyboard, screen } = streams;
  const line = new TypedLine((text) => shown && screen.write(text));
  const decoder = new StringDecoder('utf8');
  const { promise, resolve } = Promise.withResolvers<string | null>();
  const onData = (bytes: Buffer): void => {
    for (const key of decoder.write(bytes)) {
      const answer = line.press(key);
      if (answer !== undefined) {
        resolve(answer);
        return;
      }
    }
  };
  const onGone = (): void => resolve(null);
  keyboard.on('data', onData);
  keyboard.on('end', onGone);
  keyboard.on('error', onGone);
  keyboard.on('close', onGone);
  // Before the question is seen, or a quick answer would be shown.
  keyboard.setRawMode(true);
  screen.write(question);
  keyboard.resume();
  return promise.finally(() => {
    keyboard.off('data', onData);
    keyboard.pause();
    try {
      keyboard.setRawMode(false);
    } catch {
      // The terminal has gone, and its mode with it.
    }
    screen.write('\n');
    streams.close();
  });
}

/** What has been typed of one line, with the keys that edit it. */
class TypedLine {
  readonly #echo: (text: string) => void;
  #chars: string[] = [];
  /** Inside the sequence of an arrow or function key, which types nothing. */
  #sequence: 'none' | 'started' | 'inside' = 'none';

  constructor(echo: (text: string) => void) {
    this.#echo = echo;
  }

  /** The answer, once the line has ended; null when it was refused. */
  press(key: string): string | null | undefined {
    if (this.#inSequence(key)) {
      return undefined;
    }
    switch (key) {
      case '\r':
      case '\n':
        return this.#chars.join('');
      case ctrlC:
        return null;
      case ctrlD:
        return this.#chars.length === 0 ? null : undefined;
      case '\u007f':
      case '\b':
        this.#erase(1);
        return undefined;
      case ctrlU:
        this.#erase(this.#chars.length);
        return undefined;
      case ctrlW:
        this.#erase(this.#chars.length - (this.#chars.join('').trimEnd().lastIndexOf(' ') + 1));
        return undefined;
      default:
        this.#type(key);
        return undefined;
    }
  }

  #inSequence(key: string): boolean {
    if (this.#sequence === 'none') {
      this.#sequence = key === '\u001b' ? 'started' : 'none';
      return key === '\u001b';
    }
    if (this.#sequence === 'started' && (key === '[' || key === 'O')) {
      this.#sequence = 'inside';
      return true;
    }
    const ended = this.#sequence === 'started' || /[@-~]/.test(key);
    this.#sequence = ended ? 'none' : 'inside';
    // A line break or Ctrl-C after a lone Escape still means what it says.
    return !['\r', '\n', ctrlC].includes(key);
  }

  #type(key: string): void {
    if (key >= ' ' && this.#chars.length < longestAnswer) {
      this.#chars.push(key);
      this.#echo(key);
    }
  }

  #erase(count: number): void {
    const gone = this.#chars.splice(this.#chars.length - count, count);
    this.#echo('\b \b'.repeat(gone.length));
  }
}
