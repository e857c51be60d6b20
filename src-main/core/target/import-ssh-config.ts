import type { Hop } from '#contract/target';
import { type FoundTarget, type ImportNotes, mostTargets, tooManyTargets, unusable } from './found-target.ts';
import { jumpOfCommand, type JumpText, parseJumps } from './jump-text.ts';
import { type HostOptions, SshConfigText } from './ssh-config-text.ts';

const mostHops = 8;
const tooFar = `More than ${mostHops} machines are on its way`;
const used = new Set(['hostname', 'user', 'port', 'proxyjump', 'proxycommand', 'identityfile']);

/** A name as the configuration resolves it. */
type Place = { readonly address: string; readonly port: number | null; readonly user: string | null };

/** Why a host of the text cannot become a target. */
class Unusable extends Error {}

/** Targets of an ssh configuration: every `Host` name without wildcards, with what all matching blocks say of it. */
export function findInSshConfig(text: string, notes: ImportNotes): FoundTarget[] {
  const config = new SshConfigText(text, notes);
  if (config.names.size > mostTargets) {
    throw tooManyTargets();
  }
  return [...config.names].map(([name, line]) => {
    try {
      return toTarget(config, { name, line }, notes);
    } catch (error) {
      if (!(error instanceof Unusable)) {
        throw error;
      }
      return unusable(line, name, error.message);
    }
  });
}

function toTarget(
  config: SshConfigText,
  { name, line }: { name: string; line: number },
  notes: ImportNotes,
): FoundTarget {
  const options = config.lookup(name);
  const { address, port, user } = placeOf(name, options);
  const jump = routeOf(config, { name, options, passed: [name] }, notes);
  noteUnused(options, notes);
  return {
    line,
    label: name,
    named: true,
    address,
    fields: { ...(port !== null && { port }), ...(user !== null && { user }), ...(jump.length > 0 && { jump }) },
    problem: null,
    local: false,
  };
}

function placeOf(name: string, options: HostOptions): Place {
  const hostName = options.get('hostname')?.words[0];
  const port = options.get('port')?.words[0];
  if (port !== undefined && !/^\d{1,5}$/.test(port)) {
    throw new Unusable(`Port ${port.slice(0, 20)} is not a number`);
  }
  return {
    address: hostName?.replaceAll(/%[%h]/g, (token) => (token === '%h' ? name : '%')) ?? name,
    port: port === undefined ? null : Number(port),
    user: options.get('user')?.words[0] ?? null,
  };
}

type Journey = {
  readonly name: string;
  readonly options: HostOptions;
  /** Names whose way is being looked for, to see a circle. */
  readonly passed: readonly string[];
};

/** The machines on the way, the nearest first: only the first of a ProxyJump is reached by its own one. */
function routeOf(config: SshConfigText, { name, options, passed }: Journey, notes: ImportNotes): Hop[] {
  const jumps = jumpsOf(name, options, notes);
  const [first] = jumps;
  if (!first || first.host === name) {
    return [];
  }
  if (passed.includes(first.host)) {
    throw new Unusable(`Its ProxyJump goes in a circle: ${[...passed, first.host].slice(0, 10).join(' → ')}`);
  }
  if (passed.length > mostHops) {
    throw new Unusable(tooFar);
  }
  const own = { name: first.host, options: config.lookup(first.host), passed: [...passed, first.host] };
  const route = [...routeOf(config, own, notes), ...jumps.map((jump) => toHop(config, jump))];
  if (route.length > mostHops) {
    throw new Unusable(tooFar);
  }
  return route;
}

function jumpsOf(name: string, options: HostOptions, notes: ImportNotes): JumpText[] {
  const option = [...options.values()].find(({ keyword }) => keyword === 'proxyjump' || keyword === 'proxycommand');
  if (!option || option.rest.toLowerCase() === 'none') {
    return [];
  }
  const isJump = option.keyword === 'proxyjump';
  const text = isJump ? option.words.join(',') : jumpOfCommand(option.rest);
  if (text === null) {
    notes.add('ProxyCommand is never run: give these targets a jump host instead', name);
    return [];
  }
  const jumps = parseJumps(text.replaceAll('%h', name));
  if (!jumps) {
    throw new Unusable(`Its way through ${text.slice(0, 100)} cannot be read`);
  }
  return jumps;
}

function toHop(config: SshConfigText, jump: JumpText): Hop {
  const place = placeOf(jump.host, config.lookup(jump.host));
  return {
    address: place.address,
    port: jump.port ?? place.port ?? 22,
    user: jump.user ?? place.user,
    credentialId: null,
  };
}

function noteUnused(options: HostOptions, notes: ImportNotes): void {
  for (const { keyword, words } of options.values()) {
    if (keyword === 'identityfile') {
      notes.add('Key files are not read: add them as credentials', words[0]);
    } else if (!used.has(keyword)) {
      notes.add('Not used', keyword);
    }
  }
}
