import type { ClientChannel } from 'ssh2';
import { endsOf } from './channel-ends.ts';
import type { Connection } from './connection.ts';
import { startCommand, sudoCommand } from './launcher.ts';
import { NoiseGate } from './noise-gate.ts';
import { quoted } from './shell-text.ts';

/** Sudo was asked and said no. */
export class BecomeFailure extends Error {}

/** As whom a program shall run; `password` is null when sudo must not ask. */
export type BecomeOrder = { readonly user: string; readonly password: string | null };

/** A shell on the far side that waits for its program. */
export type RemoteShell = {
  readonly channel: ClientChannel;
  /** What standard error said behind the shell's readiness, not yet read by anybody. */
  readonly early: Buffer;
};

type Tokens = { readonly prompt: string; readonly ready: string };

const saidBytes = 300;

/**
 * Opens a shell that takes its program from standard input, as another account when that is ordered. Sudo's password is
 * written once, to sudo's first question, which carries a token of this moment; what else looks like a question gets nothing.
 *
 * @throws BecomeFailure, ChannelRefused, or an Error when the connection broke before anything was started
 */
export async function openShell(
  connection: Connection,
  { become, loginShell }: { readonly become: BecomeOrder | null; readonly loginShell: string | undefined },
  newToken: () => string,
): Promise<RemoteShell> {
  if (become === null) {
    return { channel: await connection.exec(startCommand(loginShell)), early: Buffer.alloc(0) };
  }
  const tokens = { prompt: newToken(), ready: newToken() };
  const channel = await connection.exec(sudoCommand(sudoOptions(become, tokens), tokens.ready));
  try {
    return { channel, early: await untilReady(channel, become, tokens) };
  } catch (error) {
    channel.destroy();
    throw error;
  }
}

/** Without a password sudo must not wait for one. */
const sudoOptions = ({ user, password }: BecomeOrder, { prompt }: Tokens): string =>
  `${password === null ? '-n' : `-S -p ${prompt}`} -H -u ${quoted(user)}`;

function untilReady(channel: ClientChannel, { user, password }: BecomeOrder, tokens: Tokens): Promise<Buffer> {
  const gate = new NoiseGate(tokens.ready);
  let asked = 0;
  let tail = '';
  return new Promise((resolve, reject) => {
    const refuse = (why: string): void => reject(new BecomeFailure(why));
    // Until the shell is there only start-up files can have written to standard output; unread, it would hold the end back.
    const drop = (): void => undefined;
    const onData = (bytes: Buffer): void => {
      const taken = gate.take(bytes);
      if (taken) {
        channel.stderr.off('data', onData);
        channel.off('data', drop);
        channel.pause();
        channel.stderr.pause();
        resolve(taken.rest);
        return;
      }
      const text = `${tail}${bytes.toString('latin1')}`;
      const questions = text.split(tokens.prompt).length - 1;
      // A question that came in pieces is found once it is whole, and one that was found is not found again.
      tail = text.slice(text.lastIndexOf(tokens.prompt) + 1).slice(1 - tokens.prompt.length);
      asked += questions;
      if (asked === 1 && questions === 1) {
        channel.write(`${password ?? ''}\n`);
      } else if (asked > 1) {
        refuse(`sudo did not accept the password for ${user}`);
      }
    };
    channel.on('data', drop);
    channel.stderr.on('data', onData);
    void endsOf(channel).closed.then(() => {
      const said = gate.noise.replaceAll(tokens.prompt, '').trim().slice(-saidBytes);
      refuse(said === '' ? `sudo did not start a shell as ${user}` : `No shell as ${user}: ${said}`);
    });
    channel.once('error', (error: Error) => reject(error));
  });
}
