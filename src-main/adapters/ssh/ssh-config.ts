import { hostname } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import ipaddr from 'ipaddr.js';
import { DroverError } from '#contract/errors';
import { AccountName, Address } from '#contract/target';
import type { Log } from '#core/ports';
import type { AccountHost, SshAccount } from '#core/ports-reach';
import { normalName } from './known-hosts-names.ts';
import { ConfigFiles } from './ssh-config-files.ts';
import { parseHops, type ConfigHop } from './ssh-config-hops.ts';
import type { Sections } from './ssh-config-sections.ts';
import type { Settings } from './ssh-config-settings.ts';
import { expandTokens } from './ssh-config-tokens.ts';

type AccountOptions = {
  /** Home directory of the account the node runs as. */
  readonly home: string;
  readonly user: string;
  readonly log: Log;
  /** Where `ssh_config` and `ssh_known_hosts` of the whole machine lie. */
  readonly systemFolder?: string;
};

/** `SshAccount` with what only the adapter itself needs. */
type ConfiguredAccount = SshAccount & {
  /** Files of known host keys of a name, or of an address that names lead to: the account's, then the machine's. */
  knownHostsFiles(nameOrAddress: string): string[];
  /** Keys of the ssh-agent that the identity files do not name may not be tried. */
  identitiesOnly(name: string): boolean;
};

type Given = { readonly user: string | null; readonly port: number | null };

/** A name with all that the files say of it. */
type Found = {
  readonly name: string;
  readonly address: string;
  readonly settings: Settings;
  readonly identityFiles: readonly string[];
  readonly knownHosts: readonly string[];
  /** What `%h`, `%n`, `%p` and the others stand for. */
  readonly tokens: Readonly<Record<string, string>>;
};

/** Acceptance is a matter of every machine on the way: the whole of it has one policy. */
type Way = { readonly jumps: AccountHost['jumps']; readonly acceptNewHostKeys: boolean };

const mostHops = 8;
/** Beyond it what was found is forgotten: a node may be asked for addresses without end. */
const mostFound = 100_000;
const nothingGiven: Given = { user: null, port: null };
/** In OpenSSH's order; of its other defaults none can be used. */
const defaultKeys = ['id_rsa', 'id_ecdsa', 'id_ed25519'];

const keyOf = (name: string, { user, port }: Given): string => JSON.stringify([name, user, port]);

const isNone = (text: string): boolean => text.trim().toLowerCase() === 'none';

const refusal = (message: string, name: string): DroverError =>
  new DroverError('bad-input', message, { detail: { name } });

/** As OpenSSH spells it: small letters, an IP address in its one form. */
function normalAddress(address: string): string {
  const small = normalName(address);
  return ipaddr.IPv4.isValid(small) ? ipaddr.IPv4.parse(small).toString() : small;
}

/** Machines before this one, the nearest first, as they are written. Throws for a ProxyCommand. */
function hopsOf({ name, settings: { proxy }, tokens }: Found): ConfigHop[] {
  if (!proxy || isNone(proxy.text)) {
    return [];
  }
  if (proxy.kind === 'command') {
    throw refusal(
      `The ssh_config reaches ${name} by a ProxyCommand, and Drover never runs one. Write the machine in between as ProxyJump, which it understands.`,
      name,
    );
  }
  const { h = '', n = '', p = '', r = '' } = tokens;
  const expand = (text: string): string => expandTokens(text, { tokens: { h, n, p, r } });
  return (parseHops(proxy.text) ?? []).map((hop) => ({
    ...hop,
    name: expand(hop.name),
    user: hop.user === null ? null : expand(hop.user),
  }));
}

/** The names on the way so far with one more; throws for a circle. */
function grown(trail: readonly string[], hop: ConfigHop): string[] {
  const key = keyOf(hop.name, hop);
  if (trail.includes(key) || trail.length > mostHops) {
    throw refusal(
      `The ssh_config sends the way over ${hop.name} in a circle, or over more than ${mostHops} machines; give the first machine "ProxyJump none".`,
      hop.name,
    );
  }
  return [...trail, key];
}

class SshConfigAccount implements ConfiguredAccount {
  readonly user: string;
  readonly #home: string;
  readonly #systemFolder: string;
  readonly #files: ConfigFiles;
  #state: ReturnType<ConfigFiles['state']> | undefined;
  readonly #hosts = new Map<string, AccountHost>();
  readonly #found = new Map<string, Found>();
  #areNamesFound = false;
  /** Names by the address they lead to. */
  readonly #names = new Map<string, Set<string>>();
  readonly #knownHosts = new Map<string, string[]>();

  constructor({ home, user, log, systemFolder = '/etc/ssh' }: AccountOptions) {
    this.user = user;
    this.#home = home;
    this.#systemFolder = systemFolder;
    this.#files = new ConfigFiles({ home, systemFolder, log });
  }

  lookup(name: string): AccountHost {
    const files = this.#current();
    const known = this.#hosts.get(name);
    if (known) {
      return known;
    }
    const found = this.#find(name, files);
    const { jumps, acceptNewHostKeys } = this.#wayTo(found, [keyOf(name, nothingGiven)]);
    if (jumps.length > mostHops) {
      throw refusal(`The ssh_config reaches ${name} over more than ${mostHops} machines, which is too many.`, name);
    }
    const { address, settings, identityFiles } = found;
    const { port = null, user = null } = settings;
    const host = { address, port, user, identityFiles, jumps, acceptNewHostKeys };
    this.#hosts.set(name, host);
    return host;
  }

  identitiesOnly(name: string): boolean {
    return this.#find(name, this.#current()).settings.identitiesOnly ?? false;
  }

  knownHostsFiles(nameOrAddress: string): string[] {
    const files = this.#current();
    if (!this.#areNamesFound) {
      this.#findNames(files);
      this.#areNamesFound = true;
    }
    const { address } = this.#find(nameOrAddress, files);
    const key = `${nameOrAddress} ${address}`;
    const known = this.#knownHosts.get(key);
    if (known) {
      return known;
    }
    const names = new Set([nameOrAddress, ...(this.#names.get(normalAddress(nameOrAddress)) ?? [])]);
    const paths = [...new Set([...names].flatMap((name) => this.#find(name, files).knownHosts))];
    this.#knownHosts.set(key, paths);
    return paths;
  }

  /** Throws DroverError `bad-input` while the files cannot be used. */
  #current(): readonly Sections[] {
    const state = this.#files.state();
    if (state !== this.#state || this.#found.size > mostFound) {
      this.#state = state;
      this.#areNamesFound = false;
      for (const cache of [this.#hosts, this.#found, this.#names, this.#knownHosts]) {
        cache.clear();
      }
    }
    if (state.problem !== null) {
      throw new DroverError(
        'bad-input',
        `The ssh_config cannot be used, so nothing is reached by it: ${state.problem}.`,
      );
    }
    return state.files;
  }

  /** Machines are met by their address later: which names lead to it tells whose known_hosts count for it. */
  #findNames(files: readonly Sections[]): void {
    for (const name of new Set(files.flatMap((file) => file.names()))) {
      try {
        this.#find(name, files);
      } catch (error) {
        if (!(error instanceof DroverError)) {
          throw error;
        }
      }
    }
  }

  #find(name: string, files: readonly Sections[], given = nothingGiven): Found {
    const key = keyOf(name, given);
    const known = this.#found.get(key);
    if (known) {
      return known;
    }
    const settings: Settings = { identityFiles: null };
    if (given.user !== null) {
      settings.user = given.user;
    }
    if (given.port !== null) {
      settings.port = given.port;
    }
    files.forEach((file) => file.apply(settings, { name, account: this.user }));
    const found = this.#settled(name, settings);
    this.#found.set(key, found);
    const names = this.#names.get(found.address) ?? new Set();
    if (!names.has(name)) {
      this.#names.set(found.address, names.add(name));
      this.#knownHosts.clear();
    }
    return found;
  }

  #settled(name: string, settings: Settings): Found {
    const written = settings.hostName === undefined ? name : expandTokens(settings.hostName, { tokens: { h: name } });
    const address = normalAddress(written);
    if (!Address.safeParse(address).success) {
      throw refusal(
        `The ssh_config gives ${name} the address "${address}", which is neither a host name nor an IP address.`,
        name,
      );
    }
    if (settings.user !== undefined && !AccountName.safeParse(settings.user).success) {
      throw refusal(
        `The ssh_config gives ${name} the user "${settings.user}", which cannot be the name of an account.`,
        name,
      );
    }
    const tokens = this.#tokens({ name, address, settings });
    const path = (text: string): string => this.#path(text, tokens);
    const identities = settings.identityFiles?.filter((text) => !isNone(text)).map(path);
    return {
      name,
      address,
      settings,
      tokens,
      identityFiles: identities ?? defaultKeys.map((key) => join(this.#home, '.ssh', key)),
      knownHosts: [
        ...(settings.userKnownHosts ?? ['~/.ssh/known_hosts', '~/.ssh/known_hosts2']).map(path),
        ...(settings.globalKnownHosts ?? ['ssh_known_hosts', 'ssh_known_hosts2']).map((file) =>
          resolve(this.#systemFolder, file),
        ),
      ],
    };
  }

  #tokens({ name, address, settings }: Pick<Found, 'name' | 'address' | 'settings'>): Record<string, string> {
    const machine = hostname();
    return {
      h: address,
      n: name,
      p: String(settings.port ?? 22),
      r: settings.user ?? this.user,
      u: this.user,
      d: this.#home,
      k: settings.hostKeyAlias ?? name,
      i: String(process.getuid?.() ?? ''),
      l: machine,
      L: machine.replace(/\..*$/, ''),
    };
  }

  /** A path that does not begin at the root is one of the home directory. */
  #path(text: string, tokens: Readonly<Record<string, string>>): string {
    const expanded = expandTokens(
      text.replace(/^~(?=\/|$)/, () => '%d'),
      { tokens, environment: process.env },
    );
    if (expanded.startsWith('~')) {
      throw new DroverError('bad-input', `The ssh_config names the file "${text}"; write its whole path.`);
    }
    return isAbsolute(expanded) ? resolve(expanded) : resolve(this.#home, expanded);
  }

  #wayTo(found: Found, trail: readonly string[]): Way {
    const files = this.#state?.files ?? [];
    const hops = hopsOf(found);
    const [nearest] = hops;
    const stops = hops.map((hop) => this.#find(hop.name, files, hop));
    const [first] = stops;
    // As OpenSSH does, only the nearest is reached on its own way; the others come after it.
    const before = nearest && first ? this.#wayTo(first, grown(trail, nearest)) : null;
    const jumps = stops.map(({ address, settings: { port = 22, user = this.user }, identityFiles }) => ({
      address,
      port,
      user,
      identityFiles,
    }));
    const isNewTaken = [found, ...stops].every(({ settings }) => settings.acceptNewHostKeys);
    return {
      jumps: [...(before?.jumps ?? []), ...jumps],
      acceptNewHostKeys: isNewTaken && (before?.acceptNewHostKeys ?? true),
    };
  }
}

/** Reads the account's ssh_config and the machine's, and runs nothing that stands in them. `lookup` throws DroverError `bad-input`. */
export const createSshAccount = (options: AccountOptions): ConfiguredAccount => new SshConfigAccount(options);
