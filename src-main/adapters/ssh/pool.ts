import type { Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import type { Log } from '#core/ports';
import type { LoginSecrets, Stop } from '#core/ports-reach';
import { Brakes } from './brake.ts';
import type { Connection } from './connection.ts';
import type { HostKeyPolicy } from './host-trust.ts';
import { Link, type Slot, type Use } from './link.ts';
import { orAborted } from './or-aborted.ts';
import { ReachFailure } from './reach-failure.ts';
import { wordsOf } from './words-of.ts';

/** A way to a target: the machines that are logged in to one after the other, the target last. */
export type Route = {
  readonly stops: readonly [Stop, ...Stop[]];
  /** One a stop. */
  readonly secrets: readonly LoginSecrets[];
  readonly policy: HostKeyPolicy;
  readonly allowsWeak: boolean;
  /** Asked when it is the last stop's turn to be logged in to; what it throws is told instead. */
  readonly beforeLogin?: (() => void) | undefined;
};

/** What the pool needs to open the last stop of a route. */
export type Opening = {
  readonly stop: Stop;
  readonly secrets: LoginSecrets;
  readonly route: Route;
  readonly through: Duplex | undefined;
  readonly signal: AbortSignal;
};

export type PoolLimits = {
  readonly connections: number;
  readonly sessionsPerConnection: number;
  readonly forwardsPerConnection: number;
  /** Connections to one address and port that are not logged in yet, and those behind one jump host. */
  readonly unauthenticated: number;
  /** For a way through a jump host; milliseconds. */
  readonly connectMs: number;
  readonly idleMs: number;
};

type PoolNeeds = {
  readonly open: (opening: Opening) => Promise<Connection>;
  /** Asked anew each time, because they may change. */
  readonly limits: () => PoolLimits;
  readonly log: Log;
  /** 0 to 1, for the jitter between tries. */
  readonly random?: () => number;
};

/** A place on a connection; whoever has it releases it. */
export type Lease = {
  readonly connection: Connection;
  readonly slot: Slot;
  /** The account's login shell, as an earlier run over this connection has told. */
  readonly loginShell: string | undefined;
  learn(loginShell: string): void;
  /** For a channel that the far side refused: its place is given back and counts no more. */
  narrow(): void;
  release(): void;
};

const mostTries = 4;
const firstPauseMs = 150;

const keyOf = ({ stops, secrets, allowsWeak }: Route): string =>
  JSON.stringify([
    stops.map(({ address, port, user }, at) => [address.toLowerCase(), port, user, secrets[at]?.print]),
    allowsWeak,
  ]);

/** Connections that are kept open and shared, under the limits that keep a busy sshd from turning us away. */
export class SshPool {
  readonly #needs: PoolNeeds;
  readonly #random: () => number;
  readonly #links = new Map<string, Set<Link>>();
  readonly #idleTimers = new Map<Link, NodeJS.Timeout>();
  readonly #byAddress: Brakes;
  readonly #behindJump: Brakes;
  readonly #waiting: (() => void)[] = [];
  #count = 0;
  #closing = false;

  constructor(needs: PoolNeeds) {
    this.#needs = needs;
    this.#random = needs.random ?? Math.random;
    this.#byAddress = new Brakes(() => needs.limits().unauthenticated);
    this.#behindJump = new Brakes(() => needs.limits().unauthenticated);
  }

  /** Connections that are open or being opened. */
  get size(): number {
    return this.#count;
  }

  /** Throws ReachFailure, or the signal's reason when it aborts first. */
  async lease(route: Route, signal: AbortSignal, use: Use = 'session'): Promise<Lease> {
    signal.throwIfAborted();
    const { link, slot } = this.#place(route, use);
    try {
      const connection = await orAborted(link.ready, signal);
      return this.#leaseOf(link, slot, connection);
    } catch (error) {
      link.release(slot);
      this.#idle(link);
      throw error;
    }
  }

  /** Ends all connections; what still runs over them is lost. */
  async close(): Promise<void> {
    this.#closing = true;
    const all = (): Link[] => [...this.#links.values()].flatMap((links) => [...links]);
    const idle = (): Link[] => all().filter((link) => link.isIdle);
    // A jump host is needed until those behind it are gone in good order, and idle from then on.
    for (let links = idle(); links.length > 0; links = idle()) {
      await Promise.all(links.map((link) => this.#end(link)));
    }
    await Promise.all(all().map((link) => this.#end(link)));
  }

  /** After the limits have changed: whoever waits for a connection looks again, in the same order. */
  lookAgain(): void {
    this.#waiting.splice(0).forEach((turn) => turn());
  }

  #leaseOf(link: Link, slot: Slot, connection: Connection): Lease {
    this.#stopIdleTimer(link);
    const release = (): void => {
      link.release(slot);
      this.#idle(link);
    };
    return {
      connection,
      slot,
      loginShell: link.loginShell,
      learn: (loginShell) => {
        link.loginShell = loginShell;
      },
      narrow: () => {
        link.narrow(slot.use);
        release();
      },
      release,
    };
  }

  #place(route: Route, use: Use): { link: Link; slot: Slot } {
    const key = keyOf(route);
    const links = this.#links.get(key) ?? new Set();
    for (const link of links) {
      const slot = link.isUsable ? link.take(use) : undefined;
      if (slot) {
        return { link, slot };
      }
    }
    const link = this.#newLink(key, route, use);
    this.#links.set(key, links.add(link));
    const slot = link.take(use);
    if (!slot) {
      throw new Error('a new connection has no room');
    }
    return { link, slot };
  }

  #newLink(key: string, route: Route, use: Use): Link {
    const limits = this.#needs.limits();
    const abort = new AbortController();
    const ready = this.#open(route, use, abort.signal);
    // What one connection has been refused, the next would be refused as well.
    const known = [...(this.#links.get(key) ?? [])].map((link) => link.limits);
    const most = {
      session: Math.min(limits.sessionsPerConnection, ...known.map(({ session }) => session)),
      forward: Math.min(limits.forwardsPerConnection, ...known.map(({ forward }) => forward)),
    };
    const link = new Link(ready, most, () => abort.abort(new Error('nobody waits for this connection any more')));
    const forget = (): void => {
      link.retire();
      this.#stopIdleTimer(link);
      const links = this.#links.get(key);
      links?.delete(link);
      if (links?.size === 0) {
        this.#links.delete(key);
      }
    };
    ready.then((connection) => connection.closed.then(forget), forget);
    return link;
  }

  async #open(route: Route, use: Use, signal: AbortSignal): Promise<Connection> {
    await this.#room(use, signal);
    try {
      const connection = await this.#openIn(route, signal);
      void connection.closed.then(() => this.#leave());
      return connection;
    } catch (error) {
      this.#leave();
      throw error;
    }
  }

  async #openIn(route: Route, signal: AbortSignal): Promise<Connection> {
    const hops = route.stops.slice(0, -1);
    const [first] = hops;
    if (!first) {
      return this.#logIn(route, signal, () => Promise.resolve(undefined));
    }
    const hop = hops.at(-1) ?? first;
    const target = route.stops.at(-1) ?? first;
    const before: Route = {
      ...route,
      stops: [first, ...hops.slice(1)],
      secrets: route.secrets.slice(0, -1),
      beforeLogin: undefined,
      // What a target is allowed, the machines before it are not.
      allowsWeak: false,
    };
    const lease = await this.lease(before, signal, 'forward').catch((error: unknown) => {
      throw error instanceof ReachFailure ? onTheWay(error) : error;
    });
    try {
      const way = (): Promise<Duplex> => this.#forward(lease, { hop, target }, signal);
      const connection = await this.#behindJump.run(nameOf(first), signal, () => this.#logIn(route, signal, way));
      void lease.connection.closed.then((why) => connection.lose(`on the way: ${why}`));
      void connection.closed.then(() => lease.release());
      return connection;
    } catch (error) {
      lease.release();
      throw error;
    }
  }

  async #logIn(route: Route, signal: AbortSignal, way: () => Promise<Duplex | undefined>): Promise<Connection> {
    const at = route.stops.length - 1;
    const stop = route.stops[at];
    const secrets = route.secrets[at];
    if (!stop || !secrets) {
      throw new Error('a route without an end');
    }
    const open = async (): Promise<Connection> => {
      route.beforeLogin?.();
      const through = await way();
      try {
        return await this.#needs.open({ stop, secrets, route, through, signal });
      } catch (error) {
        through?.destroy();
        throw error;
      }
    };
    return this.#byAddress.run(nameOf(stop), signal, () => this.#tryAgain(open, signal));
  }

  /** A jump host itself waits for minutes for a machine that does not answer, which is longer than anybody should. */
  async #forward(lease: Lease, { hop, target }: { hop: Stop; target: Stop }, signal: AbortSignal): Promise<Duplex> {
    const { connectMs } = this.#needs.limits();
    const tooLate = AbortSignal.timeout(connectMs);
    const way = lease.connection.forward(target.address, target.port);
    try {
      return await orAborted(way, AbortSignal.any([signal, tooLate]));
    } catch (error) {
      void way.then((channel) => channel.destroy()).catch(() => undefined);
      signal.throwIfAborted();
      const why = tooLate.aborted ? `no answer within ${connectMs / 1000} s` : wordsOf(error);
      throw new ReachFailure('unreachable', `${nameOf(target)} cannot be reached from ${hop.address}: ${why}`);
    }
  }

  /** A sshd that has too many logins under way resets new ones before the key exchange: only that is tried again. */
  async #tryAgain(open: () => Promise<Connection>, signal: AbortSignal): Promise<Connection> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await open();
      } catch (error) {
        if (!(error instanceof ReachFailure && error.isReset) || tries >= mostTries) {
          throw error;
        }
        await pause(firstPauseMs * 2 ** (tries - 1) * (0.5 + this.#random()), undefined, { signal });
      }
    }
  }

  /**
   * Waits until one more connection may be open; an idle one makes room. Who waits holds nothing yet, and a jump host does
   * not wait: those who have their place already need it, and would keep all places while they wait for each other.
   */
  async #room(use: Use, signal: AbortSignal): Promise<void> {
    while (this.#count >= this.#needs.limits().connections) {
      const [idle] = this.#idleTimers.keys();
      const ended = idle && this.#end(idle);
      if (use === 'forward') {
        break;
      }
      await (ended ?? this.#turn(signal));
      signal.throwIfAborted();
    }
    this.#count += 1;
  }

  async #turn(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push(resolve);
    try {
      await orAborted(promise, signal);
    } catch (error) {
      const at = this.#waiting.indexOf(resolve);
      if (at === -1) {
        // It was its turn in the same moment: the next has it.
        this.#waiting.shift()?.();
      } else {
        this.#waiting.splice(at, 1);
      }
      throw error;
    }
  }

  #leave(): void {
    this.#count -= 1;
    this.#waiting.shift()?.();
  }

  #idle(link: Link): void {
    if (!link.isIdle) {
      return;
    }
    if (this.#closing) {
      void this.#end(link);
      return;
    }
    this.#stopIdleTimer(link);
    const timer = setTimeout(() => void this.#end(link), this.#needs.limits().idleMs);
    timer.unref();
    this.#idleTimers.set(link, timer);
    this.#waiting.shift()?.();
  }

  #stopIdleTimer(link: Link): void {
    clearTimeout(this.#idleTimers.get(link));
    this.#idleTimers.delete(link);
  }

  /** Never rejects. */
  async #end(link: Link): Promise<void> {
    link.retire();
    this.#stopIdleTimer(link);
    try {
      const connection = await link.ready;
      connection.close();
      await connection.closed;
    } catch (error) {
      this.#needs.log.debug('a connection could not be ended in good order', { error });
    }
  }
}

const nameOf = ({ address, port }: Stop): string => `${address.toLowerCase()} port ${port}`;

const onTheWay = (error: ReachFailure): ReachFailure =>
  new ReachFailure(error.reason, `On the way: ${error.message}`, { isOnTheWay: true });
