import { spawn } from 'node:child_process';
import type { ServerChannel } from 'ssh2';

/** A command that a client of the test server has sent. */
type CommandCall = {
  readonly command: string;
  readonly channel: ServerChannel;
  /** What the client has sent by `env` requests. */
  readonly environment: Readonly<Record<string, string>>;
  /** Called with `TERM` and the like for each signal that the client sends. */
  readonly onSignal: (act: (name: string) => void) => void;
  /** Resets the connection with all that runs over it. */
  readonly cut: () => void;
};

/** What the test server does with a command. */
export type CommandAnswer = (call: CommandCall) => void;

/** Runs it in `/bin/sh`, passes signals on to its process group, and tells its exit code or signal. */
export const inShell: CommandAnswer = ({ command, channel, environment, onSignal }) => {
  const { PATH, HOME } = process.env;
  const child = spawn('/bin/sh', ['-c', command], { env: { PATH, HOME, ...environment }, detached: true });
  const signal = (name: NodeJS.Signals): void => {
    try {
      process.kill(-(child.pid ?? Number.NaN), name);
    } catch {
      // It has ended by itself.
    }
  };
  child.stdin.on('error', () => undefined);
  channel.pipe(child.stdin);
  child.stdout.pipe(channel, { end: false });
  child.stderr.pipe(channel.stderr, { end: false });
  onSignal((name) => signal(`SIG${name}` as NodeJS.Signals));
  channel.once('close', () => signal('SIGHUP'));
  child.once('close', (code, by) => {
    if (by === null) {
      channel.exit(code ?? 255);
    } else {
      channel.exit(by.slice('SIG'.length), false, '');
    }
    channel.end();
  });
};

/** Writes a text and ends with a code. */
export const says =
  (text: string, code = 0): CommandAnswer =>
  ({ channel }) => {
    channel.write(text);
    channel.exit(code);
    channel.end();
  };

/** Writes a text and then nothing more: neither an end nor an answer to any signal. */
export const stalls =
  (text: string): CommandAnswer =>
  ({ channel }) =>
    void channel.write(text);

/** Writes a text and closes the channel without saying how the command ended. */
export const endsWithoutStatus =
  (text: string): CommandAnswer =>
  ({ channel }) => {
    channel.write(text);
    channel.end();
  };

/** Writes a text and ends by a signal such as `KILL`. */
export const endsBySignal =
  (text: string, signal: string): CommandAnswer =>
  ({ channel }) => {
    channel.write(text);
    channel.exit(signal, false, '');
    channel.end();
  };

/** Writes a text, and once it is on its way the connection is reset. */
export const diesAfter =
  (text: string): CommandAnswer =>
  ({ channel, cut }) =>
    void channel.write(text, () => setImmediate(cut));
