import { randomBytes } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { DroverError } from '#contract/errors';
import type { Exec, ExecRequest, ExecResult, Log, OutputSink, StopSignals } from '#core/ports';
import type { HostKeyBook, Logins, LoginSecrets, Probe, Reach, Stop } from '#core/ports-reach';
import { ChannelRefused, type ConnectLimits, openConnection } from './connection.ts';
import { HostTrust } from './host-trust.ts';
import type { KnownHosts } from './known-hosts.ts';
import { dispatchOf, isPlainLaunch } from './launcher.ts';
import { loginMethods } from './login-methods.ts';
import { LoginRefusals } from './login-refusals.ts';
import { orAborted } from './or-aborted.ts';
import { type Lease, type PoolLimits, type Route, SshPool } from './pool.ts';
import { ReachFailure } from './reach-failure.ts';
import { lastMissing, openEnd, type RunEnd, RemoteRun, resultOf } from './remote-run.ts';
import { BecomeFailure, type BecomeOrder, openShell, type RemoteShell } from './remote-shell.ts';
import { RemoteStop } from './remote-stop-signals.ts';
import { wordsOf } from './words-of.ts';

export type SshLimits = ConnectLimits & PoolLimits;

/** As `decisions.md` has them; milliseconds. */
const defaultSshLimits: SshLimits = {
  connections: 256,
  sessionsPerConnection: 8,
  forwardsPerConnection: 64,
  unauthenticated: 8,
  connectMs: 10_000,
  loginMs: 20_000,
  keepAliveMs: 15_000,
  idleMs: 600_000,
};

export type SshNeeds = {
  readonly logins: Logins;
  readonly hostKeys: HostKeyBook;
  readonly knownHosts: Pick<KnownHosts, 'find'>;
  readonly agentSocket: string | undefined;
  readonly log: Log;
  /** Asked anew each time, because they may change; what is left out is usual. */
  readonly limits?: () => Partial<SshLimits>;
};

export type Ssh = {
  readonly exec: Exec;
  readonly probe: Probe;
  /** Connections that are open or being opened. */
  connections(): number;
  /** To be called when the limits have changed. */
  lookAgain(): void;
  /** Ends all connections in good order. */
  close(): Promise<void>;
};

type Failed = Extract<ExecResult, { kind: 'failed' }>;
type Work = { readonly request: ExecRequest; readonly sink: OutputSink; readonly stop: StopSignals };
type Way = { readonly route: Route; readonly secrets: LoginSecrets };

/** How often a run looks for another place when the far side has no room for its channel, or a kept connection was dead. */
const mostPlaces = 20;

const newToken = (): string => `drover-${randomBytes(12).toString('hex')}`;
const monotonic = (): number => performance.now();

const failed = (reason: Failed['reason'], message: string): Failed => ({
  kind: 'failed',
  reason,
  stopped: null,
  message,
});

/** Runs scripts on targets that are reached over SSH. */
export function createSsh(needs: SshNeeds): Ssh {
  const limits = (): SshLimits => ({ ...defaultSshLimits, ...needs.limits?.() });
  const trust = new HostTrust(needs.knownHosts, needs.hostKeys);
  const pool = new SshPool({
    limits,
    log: needs.log,
    open: async ({ stop, secrets, route, through, signal }) =>
      openConnection({
        stop,
        through,
        signal,
        trust,
        limits: limits(),
        policy: route.policy,
        allowsWeak: route.allowsWeak,
        methods: await loginMethods(stop.user, secrets, needs),
      }),
  });
  const engine = new SshEngine(needs, pool, limits);
  return {
    exec: { run: (request, sink, stop) => engine.run({ request, sink, stop }) },
    probe: { test: (target, runId) => engine.test(target.reach, target.address, runId) },
    connections: () => pool.size,
    lookAgain: () => pool.lookAgain(),
    close: () => pool.close(),
  };
}

class SshEngine {
  readonly #needs: SshNeeds;
  readonly #pool: SshPool;
  readonly #refusals = new LoginRefusals();
  readonly #limits: () => Pick<SshLimits, 'loginMs'>;

  constructor(needs: SshNeeds, pool: SshPool, limits: () => Pick<SshLimits, 'loginMs'>) {
    this.#needs = needs;
    this.#limits = limits;
    this.#pool = pool;
  }

  get #loginMs(): number {
    return this.#limits().loginMs;
  }

  async run(work: Work): Promise<ExecResult> {
    const { request, stop } = work;
    try {
      const { reach, address } = request.target;
      if (!reach) {
        return failed('unreachable', 'It is not known how this target is reached');
      }
      if (request.target.os === 'windows') {
        return failed('no-interpreter', 'Scripts on Windows over SSH are not supported by this version');
      }
      const way = this.#wayTo(reach, address, request.runId);
      const become = becomeOrder(reach, way.secrets);
      return await this.#runOn(way, become, work);
    } catch (error) {
      return this.#failure(error, stop, request.runId);
    }
  }

  async test(reach: Reach, address: string, runId: string): ReturnType<Probe['test']> {
    const began = monotonic();
    const took = (): number => Math.round(monotonic() - began);
    const never = new AbortController().signal;
    try {
      const lease = await this.#lease(this.#wayTo(reach, address, runId), runId, never);
      lease.release();
      return { reason: null, message: '', durationMs: took() };
    } catch (error) {
      const { reason, message } = this.#failure(error, { term: never, kill: never }, runId);
      return { reason, message, durationMs: took() };
    }
  }

  #wayTo(reach: Reach, address: string, runId: string): Way {
    const target: Stop = { address, port: reach.port, user: reach.user, login: reach.login };
    const [first, ...others] = reach.jumps;
    const stops: Route['stops'] = first ? [first, ...others, target] : [target];
    const secrets = stops.map(({ login }, at) =>
      this.#needs.logins.open(login, runId, at === stops.length - 1 ? 'target' : 'on-the-way'),
    );
    const last = secrets.at(-1);
    if (!last) {
      throw new Error('a route without an end');
    }
    return { route: { stops, secrets, policy: reach.hostKeys, allowsWeak: reach.weakAlgorithms }, secrets: last };
  }

  async #runOn(way: Way, become: BecomeOrder | null, work: Work): Promise<ExecResult> {
    const { request, stop } = work;
    const asked = AbortSignal.any([stop.term, stop.kill]);
    for (let places = 1; ; places += 1) {
      const lease = await this.#lease(way, request.runId, asked);
      let shell: RemoteShell;
      try {
        shell = await this.#openShell(lease, become, asked);
      } catch (error) {
        // Nothing was started: the far side had no room, or a connection that was kept had died meanwhile.
        const mayTryAgain = !(error instanceof BecomeFailure) && places < mostPlaces && !asked.aborted;
        if (error instanceof ChannelRefused) {
          lease.narrow();
        } else {
          lease.release();
        }
        if (mayTryAgain && (error instanceof ChannelRefused || !lease.connection.isOpen)) {
          continue;
        }
        throw error;
      }
      try {
        return await this.#attend(lease, { way, become, shell }, work);
      } catch (error) {
        shell.channel.destroy();
        throw error;
      } finally {
        lease.release();
      }
    }
  }

  async #lease({ route, secrets }: Way, runId: string, signal: AbortSignal): Promise<Lease> {
    const { print } = secrets;
    // Asked when it is this target's turn: by then others of the run may have been refused.
    const beforeLogin = (): void => this.#refuseExhausted(runId, print);
    try {
      const lease = await this.#pool.lease({ ...route, beforeLogin }, signal);
      this.#refusals.note(runId, print, true);
      return lease;
    } catch (error) {
      if (error instanceof ReachFailure && error.reason === 'auth-failed' && !error.isOnTheWay) {
        this.#refusals.note(runId, print, false);
      }
      throw error;
    }
  }

  #refuseExhausted(runId: string, print: string): void {
    if (this.#refusals.isExhausted(runId, print)) {
      throw new ReachFailure(
        'auth-failed',
        'Not tried: five targets of this run have refused the same login, and more tries could lock the account',
      );
    }
  }

  async #attend(
    lease: Lease,
    { way, become, shell }: { way: Way; become: BecomeOrder | null; shell: RemoteShell },
    { request, sink, stop }: Work,
  ): Promise<ExecResult> {
    const { launch, environment, stdin, runId, target } = request;
    const token = newToken();
    const mark = `${runId}.${target.host}.`;
    const dispatch = dispatchOf({
      plan: launch,
      environment,
      stdin,
      mark,
      token,
      directory: `drover-${randomBytes(8).toString('hex')}`,
    });
    const stopping = new RemoteStop(stop, {
      mark,
      isShell: !isPlainLaunch(request),
      newToken,
      log: this.#needs.log,
      openShell: () => this.#shellForStop(lease, way.route, become),
    });
    const run = new RemoteRun({
      shell,
      dispatch,
      token,
      sink,
      monotonic,
      connectionClosed: lease.connection.closed,
      kill: stop.kill,
      onStarted: ({ pid, loginShell }) => {
        if (become === null) {
          lease.learn(loginShell);
        }
        stopping.begin(pid);
      },
    });
    stopping.onNotStarted(() => run.abandon());
    const end: RunEnd | undefined = await Promise.race([run.finish(), stopping.gaveUp]);
    const stopped = await stopping.finish();
    if (!end) {
      run.abandon();
      return { kind: 'failed', reason: 'lost', stopped, message: 'The interpreter could not be killed' };
    }
    if (stopping.wasAsked && run.started === undefined) {
      return failed('cancelled', 'Stopped before it was started');
    }
    return resultOf(stopped === null ? end : { ...end, message: end.message.replace(openEnd, lastMissing) }, stopped);
  }

  /** A far side that never answers holds nobody: what it gives later is closed. Sudo may think longer than an sshd. */
  async #openShell(lease: Lease, become: BecomeOrder | null, stopped: AbortSignal): Promise<RemoteShell> {
    const opening = openShell(lease.connection, { become, loginShell: lease.loginShell }, newToken);
    const late = become === null ? AbortSignal.any([stopped, AbortSignal.timeout(this.#loginMs)]) : stopped;
    try {
      return await orAborted(opening, late);
    } catch (error) {
      opening.then(
        ({ channel }) => channel.destroy(),
        () => undefined,
      );
      if (late.aborted && !stopped.aborted) {
        throw new ReachFailure(
          'unreachable',
          `It let us log in and then started no shell within ${this.#loginMs / 1000} s`,
        );
      }
      throw error;
    }
  }

  /** Over the same connection while it lives, else over another one; whoever takes it closes it. */
  async #shellForStop(
    lease: Lease,
    route: Route,
    become: BecomeOrder | null,
  ): Promise<{ shell: RemoteShell; close: () => void }> {
    if (lease.connection.isOpen) {
      try {
        const shell = await this.#openShell(lease, become, AbortSignal.timeout(this.#loginMs));
        return { shell, close: () => shell.channel.destroy() };
      } catch (error) {
        this.#needs.log.debug('no second channel for a stop, another connection is used', { error });
      }
    }
    const other = await this.#pool.lease(route, AbortSignal.timeout(this.#loginMs));
    try {
      const shell = await this.#openShell(other, become, AbortSignal.timeout(this.#loginMs));
      return {
        shell,
        close: () => {
          shell.channel.destroy();
          other.release();
        },
      };
    } catch (error) {
      other.release();
      throw error;
    }
  }

  #failure(error: unknown, stop: StopSignals, runId: string): Failed {
    if (stop.term.aborted || stop.kill.aborted) {
      return failed('cancelled', 'Stopped before it was started');
    }
    if (error instanceof ReachFailure) {
      return failed(error.reason, error.message);
    }
    if (error instanceof BecomeFailure) {
      return failed('become-failed', error.message);
    }
    if (error instanceof ChannelRefused) {
      return failed('unreachable', `It takes no further channel: ${error.message}`);
    }
    if (error instanceof DroverError) {
      return failed('auth-failed', error.message);
    }
    this.#needs.log.warn('a run over SSH failed', { runId, error });
    return failed('unreachable', wordsOf(error));
  }
}

function becomeOrder(reach: Reach, secrets: LoginSecrets): BecomeOrder | null {
  return reach.become && reach.become.user !== reach.user
    ? { user: reach.become.user, password: secrets.becomePassword }
    : null;
}
