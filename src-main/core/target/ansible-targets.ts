import type { Become, Hop, TargetFields } from '#contract/target';
import type { AnsibleHost, AnsibleInventory, AnsibleVars } from './ansible-inventory.ts';
import { attributesOf } from './ansible-attributes.ts';
import { type FoundFields, type FoundTarget, type ImportNotes, unusable } from './found-target.ts';
import { jumpOfCommand, parseJumps } from './jump-text.ts';
import { ansibleWords, splitWords } from './split-words.ts';

const mostTags = 100;

/** The variables that become fields, under the names of then and now. */
const names = {
  address: ['ansible_host', 'ansible_ssh_host'],
  port: ['ansible_port', 'ansible_ssh_port'],
  user: ['ansible_user', 'ansible_ssh_user'],
  connection: ['ansible_connection'],
  become: ['ansible_become', 'ansible_sudo'],
  becomeUser: ['ansible_become_user', 'ansible_sudo_user'],
  becomeMethod: ['ansible_become_method'],
} as const;
const sshArguments = ['ansible_ssh_common_args', 'ansible_ssh_extra_args', 'ansible_ssh_args'];
const taken = new Set<string>([...Object.values(names).flat(), ...sshArguments]);

/** How each of Ansible's connections is reached; `local` is the built-in target. */
const connections: Readonly<Record<string, Pick<FoundFields, 'connection' | 'os' | 'port'>>> = {
  ssh: {},
  smart: {},
  paramiko: {},
  paramiko_ssh: {},
  winrm: { connection: 'ansible', os: 'windows', port: 5986 },
  psrp: { connection: 'ansible', os: 'windows', port: 5986 },
  network_cli: { connection: 'ansible', os: 'other' },
  libssh: { connection: 'ansible', os: 'other' },
  netconf: { connection: 'ansible', os: 'other', port: 830 },
};

/** The targets of an inventory: groups become tags, and variables of plain short text attributes. */
export function targetsOfInventory(inventory: AnsibleInventory, notes: ImportNotes): FoundTarget[] {
  const hosts = inventory.hosts();
  const byName = new Map(hosts.map((host) => [host.name, host]));
  const found = hosts.map((host) => toTarget(host, (name) => byName.get(name), notes));
  return [...found, ...inventory.problems.map(({ line, label, problem }) => unusable(line, label, problem))];
}

function toTarget(host: AnsibleHost, find: (name: string) => AnsibleHost | undefined, notes: ImportNotes): FoundTarget {
  const { name, line, vars } = host;
  const { address } = placeOf(host);
  const method = methodOf(vars);
  const problem = problemOf(vars, address, method);
  if (problem !== null) {
    return unusable(line, name, problem);
  }
  const target = { line, label: name, named: true, address, problem };
  if (method === 'local') {
    return { ...target, fields: {}, local: true };
  }
  const port = textOf(vars, names.port);
  const jump = jumpsOf(host, find, notes);
  const fields: FoundFields = {
    ...(isWindowsShell(vars) && { os: 'windows' }),
    ...connections[method],
    ...(port !== undefined && { port: Number(port) }),
    ...userOf(host, notes),
    ...becomeOf(host, notes),
    ...(jump.length > 0 && { jump }),
    tags: tagsOf(host, notes),
    attributes: attributesOf(vars, taken, notes),
  };
  return { ...target, fields, local: false };
}

function methodOf(vars: AnsibleVars): string {
  return (textOf(vars, names.connection) ?? 'ssh').split('.').at(-1) ?? '';
}

function isWindowsShell(vars: AnsibleVars): boolean {
  return ['powershell', 'cmd'].includes(textOf(vars, ['ansible_shell_type']) ?? '');
}

function problemOf(vars: AnsibleVars, address: string, method: string): string | null {
  if (address.includes('{{')) {
    return 'Its address is a template: write the address itself';
  }
  if (method !== 'local' && !Object.hasOwn(connections, method)) {
    return `Drover has no connection of the kind ${method.slice(0, 50)}`;
  }
  const port = textOf(vars, names.port) ?? '';
  return port === '' || /^\d{1,5}$/.test(port) ? null : `Port ${port.slice(0, 20)} is not a number`;
}

function textOf(vars: AnsibleVars, keys: readonly string[]): string | undefined {
  const text = keys.map((key) => vars.get(key)).find((value) => typeof value === 'string');
  return text === '' ? undefined : text;
}

function placeOf({ name, vars }: AnsibleHost): { address: string; port: number; user: string | null } {
  const port = textOf(vars, names.port) ?? '';
  return {
    address: textOf(vars, names.address) ?? name,
    port: /^\d{1,5}$/.test(port) ? Number(port) : 22,
    user: textOf(vars, names.user) ?? null,
  };
}

function userOf({ name, vars }: AnsibleHost, notes: ImportNotes): Pick<FoundFields, 'user'> {
  const user = textOf(vars, names.user);
  if (user?.includes('{{')) {
    notes.add('Accounts that are templates are left out', name);
    return {};
  }
  return user === undefined ? {} : { user };
}

function becomeOf({ name, vars }: AnsibleHost, notes: ImportNotes): { become?: Become | null } {
  const wanted = textOf(vars, names.become);
  if (wanted === undefined) {
    return {};
  }
  if (!/^(?:true|yes|on|y|t|1)$/i.test(wanted)) {
    return { become: null };
  }
  const method = textOf(vars, names.becomeMethod) ?? 'sudo';
  const user = textOf(vars, names.becomeUser) ?? 'root';
  if (method.split('.').at(-1) !== 'sudo' || user.includes('{{')) {
    notes.add('Only sudo to a plain account is taken as a way to run as another one', name);
    return {};
  }
  return { become: { user } };
}

function tagsOf({ groups }: AnsibleHost, notes: ImportNotes): TargetFields['tags'] {
  const tags = groups.map((group) => group.replaceAll(/[^A-Za-z0-9._/-]/g, '-').replace(/^[^A-Za-z0-9]+/, ''));
  const valid = [...new Set(tags.map((tag) => tag.slice(0, 64)).filter((tag) => tag !== ''))];
  if (valid.length > mostTags) {
    notes.add(`Of more than ${mostTags} groups of one host only the first are taken as tags`);
  }
  return valid.slice(0, mostTags);
}

/** The jump hosts that the options for ssh name, each looked up in the inventory; never itself. */
function jumpsOf(host: AnsibleHost, find: (name: string) => AnsibleHost | undefined, notes: ImportNotes): Hop[] {
  for (const key of sshArguments) {
    const text = textOf(host.vars, [key]);
    const words = text === undefined ? [] : splitWords(text, ansibleWords);
    const way = words && jumpWordOf(words);
    const jumps = way ? parseJumps(way) : [];
    if (words && words.length > 0 && !jumps?.length) {
      notes.add('Options for ssh are left out, but for a plain jump host', key);
    }
    if (jumps?.length && !jumps.some((jump) => jump.host === host.name)) {
      return jumps.map((jump) => {
        const known = find(jump.host);
        const place = known ? placeOf(known) : { address: jump.host, port: 22, user: null };
        return {
          address: place.address,
          port: jump.port ?? place.port,
          user: jump.user ?? place.user,
          credentialId: null,
        };
      });
    }
  }
  return [];
}

function jumpWordOf(words: readonly string[]): string | null {
  for (const [index, word] of words.entries()) {
    const next = words[index + 1] ?? '';
    if (word.startsWith('-J')) {
      return word.slice(2) || next;
    }
    const option = word === '-o' ? next : word.startsWith('-o') ? word.slice(2) : '';
    const found = /^(proxyjump|proxycommand)\s?[= ]\s*(\S.*)$/i.exec(option);
    if (found?.[2]) {
      return found[1]?.toLowerCase() === 'proxyjump' ? found[2] : jumpOfCommand(found[2]);
    }
  }
  return null;
}
