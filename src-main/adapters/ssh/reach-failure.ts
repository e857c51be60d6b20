import type { HostReason } from '#contract/run';

type ReachReason = Extract<HostReason, 'unreachable' | 'refused-connection' | 'auth-failed' | 'host-key'>;

/** Why a machine was not reached, in the words of a result. */
export class ReachFailure extends Error {
  readonly reason: ReachReason;
  /** The connection was reset before the key exchange: a busy sshd does that, and only that is tried again. */
  readonly isReset: boolean;
  /** It was a machine in between that was not reached. */
  readonly isOnTheWay: boolean;

  constructor(reason: ReachReason, message: string, { isReset = false, isOnTheWay = false } = {}) {
    super(message);
    this.name = 'ReachFailure';
    this.reason = reason;
    this.isReset = isReset;
    this.isOnTheWay = isOnTheWay;
  }
}

const socketWords: Readonly<Record<string, string>> = {
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'its name could not be looked up',
  EHOSTUNREACH: 'no route to it',
  ENETUNREACH: 'no network to it',
  EHOSTDOWN: 'it is down',
  ETIMEDOUT: 'it did not answer',
  EADDRNOTAVAIL: 'its address cannot be used from here',
  EINVAL: 'its address cannot be used from here',
};

type SshError = Error & { readonly level?: string; readonly code?: string };

/** How far a connection had come when it failed. */
export type Progress = {
  readonly user: string;
  readonly isConnected: boolean;
  readonly hasKeys: boolean;
  readonly tried: readonly string[];
};

const notConnected = ({ code = '', message }: SshError, where: string): ReachFailure =>
  code === 'ECONNREFUSED'
    ? new ReachFailure('refused-connection', `Nothing listens at ${where}`)
    : new ReachFailure('unreachable', `${where} cannot be reached: ${socketWords[code] ?? message}`);

/** What an error of the socket or of the SSH library means for `where`, such as `web1 port 22`. */
export function failureOf(error: SshError, where: string, progress: Progress): ReachFailure {
  if (error.level === 'client-authentication' || /too many authentication failures/i.test(error.message)) {
    const message =
      progress.tried.length === 0
        ? `There is nothing to log in to ${where} with: give a key (-i) or a password, or store one with \`drover credential add\`; the account of this node has no key that could be used`
        : `${where} refused the login as ${progress.user}; tried ${progress.tried.join(', ')}`;
    return new ReachFailure('auth-failed', message);
  }
  // A reset may overtake the news that the connection was made.
  if (!progress.isConnected && error.code !== 'ECONNRESET') {
    return notConnected(error, where);
  }
  if (/no matching|Unsupported|unsupported algorithm/i.test(error.message)) {
    return new ReachFailure(
      'unreachable',
      `${where} offers only algorithms that are not held to be safe (${error.message}): allow weak algorithms for this target if it must be`,
    );
  }
  if (!progress.hasKeys) {
    const isReset =
      error.code === 'ECONNRESET' || error.code === 'EPIPE' || /before handshake|ended|closed/i.test(error.message);
    return new ReachFailure('unreachable', `${where} closed the connection before it was set up: ${error.message}`, {
      isReset,
    });
  }
  return new ReachFailure('unreachable', `${where} broke the connection off while logging in: ${error.message}`);
}
