import type { RunLogin } from '#contract/run';
import type { Credential } from '#contract/credential';
import { DroverError } from '#contract/errors';
import type { Hop, Target } from '#contract/target';
import type { PlannedHost } from '#core/ports';
import type { AccountHost, LoginSource, Reach, SshAccount, Stop } from '#core/ports-reach';
import type { ParsedAddress } from '../target/parse-addresses.ts';

/** What the frozen list of targets is made of, all of it looked up before. */
export type HostSources = {
  /** Chosen by the selector, in this order. */
  readonly targets: readonly Target[];
  /** Machines that were named by address; one that belongs to a target is that target. */
  readonly addresses: readonly ParsedAddress[];
  /** All targets there are. */
  readonly known: readonly Target[];
  readonly login: RunLogin | undefined;
  readonly account: SshAccount;
  readonly credentials: readonly Pick<Credential, 'id' | 'name' | 'kind' | 'user' | 'become'>[];
};

/**
 * The targets of a run in their frozen order, each once, with the way each is reached. Throws DroverError
 * `unknown-credential` or `bad-input` for a target that cannot be reached as it is stored.
 */
export function freezeHosts(sources: HostSources): PlannedHost[] {
  const chosen = new Map<string, Unnumbered>();
  const add = (host: Unnumbered): void => {
    const key = host.targetId ?? `${host.address.toLowerCase()} ${host.reach?.port} ${host.reach?.user}`;
    chosen.set(key, chosen.get(key) ?? host);
  };
  const byAddress = targetsByAddress(sources);
  for (const target of sources.targets) {
    add(hostOfTarget(target, sources));
  }
  for (const address of sources.addresses) {
    const target = byAddress.get(address.address.toLowerCase())?.find((known) => belongs(address, known));
    add(target ? hostOfTarget(target, sources) : hostOfAddress(address, sources));
  }
  return [...chosen.values()].map((host, index) => ({ host: index, ...host }));
}

type Accounts = Pick<HostSources, 'login' | 'account' | 'credentials'>;
type Unnumbered = Omit<PlannedHost, 'host'>;

function targetsByAddress({ known, addresses }: HostSources): Map<string, Target[]> {
  const found = new Map<string, Target[]>();
  for (const target of addresses.length === 0 ? [] : known.filter(({ connection }) => connection === 'ssh')) {
    const key = target.address.toLowerCase();
    found.set(key, [...(found.get(key) ?? []), target]);
  }
  return found;
}

const belongs = ({ port, user }: ParsedAddress, target: Target): boolean =>
  (port === null || port === target.port) && (user === null || user === target.user);

function hostOfTarget(target: Target, sources: HostSources): Unnumbered {
  const { id: targetId, name, os, connection } = target;
  return { targetId, name, os, connection, ...wayToTarget(target, sources) };
}

/**
 * Where and how a stored target is reached; without a way for the machine the node runs on. What the target leaves open is
 * as ~/.ssh/config has it for its address. Throws DroverError `bad-input`, `unknown-credential`.
 */
export function wayToTarget(target: Target, sources: Accounts): Pick<PlannedHost, 'address' | 'reach'> {
  if (target.connection === 'local') {
    return { address: target.address, reach: null };
  }
  refuseOtherWays(target);
  const { login, account } = sources;
  const credential = credentialOf(target.credentialId, target.name, sources);
  const host = account.lookup(target.address);
  const jumps = target.jump.map((hop) => stopOfHop(hop, target.name, sources));
  return {
    address: host.address,
    reach: {
      user: firstOf(login?.user, target.user, credential?.user, host.user) ?? account.user,
      port: target.port === usualPort ? (host.port ?? usualPort) : target.port,
      login: loginOf(login, target.credentialId, host),
      jumps: jumps.length > 0 ? jumps : jumpsOf(host),
      become: becomeOf(login, firstOf(target.become, credential?.become)),
      // What the configuration says of its own way to the target says nothing of the machines on another.
      hostKeys: policyOf(login, jumps.length === 0 && host.acceptNewHostKeys),
      weakAlgorithms: target.weakAlgorithms,
    },
  };
}

function refuseOtherWays({ name, connection }: Target): void {
  if (connection !== 'ssh') {
    throw new DroverError(
      'bad-input',
      `Target ${name} is reached by ${connection}, which cannot run this: choose targets that are reached by SSH`,
    );
  }
}

const usualPort = 22;

const jumpsOf = ({ jumps }: AccountHost): Stop[] =>
  jumps.map(({ identityFiles, ...stop }) => ({ ...stop, login: { kind: 'account', identityFiles } }));

/** The first that is given; null when none is. */
function firstOf<T>(...values: readonly (T | null | undefined)[]): T | null {
  return values.find((value) => value !== null && value !== undefined) ?? null;
}

/** As OpenSSH would reach it from the node's account: names of ~/.ssh/config are understood. */
function hostOfAddress(given: ParsedAddress, { login, account }: HostSources): Unnumbered {
  const host = account.lookup(given.address);
  const port = firstOf(given.port, login?.port, host.port) ?? usualPort;
  const user = firstOf(given.user, login?.user, host.user) ?? account.user;
  const isPlain = given.port === null && given.user === null;
  return {
    targetId: null,
    name: isPlain ? given.address : labelOf(given),
    address: host.address,
    os: 'linux',
    connection: 'ssh',
    reach: {
      user,
      port,
      login: loginOf(login, null, host),
      jumps: jumpsOf(host),
      become: becomeOf(login, null),
      hostKeys: policyOf(login, host.acceptNewHostKeys),
      weakAlgorithms: false,
    },
  };
}

function labelOf({ user, address, port }: ParsedAddress): string {
  const host = address.includes(':') && port !== null ? `[${address}]` : address;
  return `${user === null ? '' : `${user}@`}${host}${port === null ? '' : `:${port}`}`;
}

function loginOf(
  login: RunLogin | undefined,
  credentialId: string | null,
  { identityFiles }: AccountHost,
): LoginSource {
  if (holdsSecrets(login)) {
    return { kind: 'given' };
  }
  return credentialId === null ? { kind: 'account', identityFiles } : { kind: 'stored', credentialId };
}

/** Whether what was given with a run opens a login by itself. */
export const holdsSecrets = (login: RunLogin | undefined): boolean =>
  login !== undefined && (login.keys.length > 0 || login.password !== undefined);

const policyOf = (login: RunLogin | undefined, acceptsNew: boolean): Reach['hostKeys'] =>
  acceptsNew ? 'accept-new' : (login?.hostKeys ?? 'known');

const becomeOf = (login: RunLogin | undefined, stored: Reach['become']): Reach['become'] =>
  login?.become ? { user: login.become.user } : stored;

function stopOfHop(hop: Hop, name: string, sources: Pick<HostSources, 'account' | 'credentials'>): Stop {
  const { address, port } = hop;
  const credential = credentialOf(hop.credentialId, name, sources);
  const host = sources.account.lookup(address);
  const user = firstOf(hop.user, credential?.user, host.user) ?? sources.account.user;
  return { address, port, user, login: loginOf(undefined, hop.credentialId, host) };
}

function credentialOf(
  id: string | null,
  name: string,
  { credentials }: Pick<HostSources, 'credentials'>,
): HostSources['credentials'][number] | undefined {
  if (id === null) {
    return undefined;
  }
  const found = credentials.find((credential) => credential.id === id);
  if (!found) {
    throw new DroverError('unknown-credential', `The credential of target ${name} is gone: choose another for it`);
  }
  if (found.kind === 'winrm') {
    throw new DroverError('bad-input', `Credential ${found.name} of target ${name} is for WinRM: SSH cannot use it`);
  }
  return found;
}
