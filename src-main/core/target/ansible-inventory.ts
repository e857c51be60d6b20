import { DroverError } from '#contract/errors';
import { readHostPattern } from './ansible-host-pattern.ts';
import { mostTargets, tooManyTargets } from './found-target.ts';

/** The text of a variable, or why it is none. */
export type AnsibleValue = string | { readonly unusable: 'encrypted' | 'structure' };
export type AnsibleVars = ReadonlyMap<string, AnsibleValue>;

export type AnsibleHost = {
  readonly name: string;
  readonly line: number;
  /** Groups that hold it, directly or by their children, without `all` and `ungrouped`. */
  readonly groups: readonly string[];
  readonly vars: AnsibleVars;
};

type Group = {
  readonly name: string;
  readonly vars: Map<string, AnsibleValue>;
  readonly parents: Set<string>;
};

type Host = {
  readonly line: number;
  readonly vars: Map<string, AnsibleValue>;
  readonly groups: Set<string>;
};

const mostGroups = 5_000;
export const deepestGroup = 50;
/** Variables of all hosts together; one variable of a group counts once for each of its hosts. */
const mostValues = 2_000_000;

/** Groups, hosts and variables of a static inventory, with Ansible's rules of which value wins. */
export class AnsibleInventory {
  readonly #groups = new Map<string, Group>();
  readonly #hosts = new Map<string, Host>();
  /** Entries that cannot be read. */
  readonly problems: { readonly line: number; readonly label: string; readonly problem: string }[] = [];
  #memberships = 0;
  #values = 0;

  /** Throws DroverError `too-large`. */
  addGroup(name: string, parent?: string): void {
    const group = this.#groups.get(name) ?? { name, vars: new Map(), parents: new Set() };
    this.#groups.set(name, group);
    if (parent !== undefined) {
      this.addGroup(parent);
      group.parents.add(parent);
    }
    if (this.#groups.size > mostGroups) {
      throw new DroverError('too-large', `The inventory has more than ${mostGroups} groups: import it in parts`);
    }
  }

  setGroupVar(group: string, name: string, value: AnsibleValue): void {
    this.addGroup(group);
    this.#groups.get(group)?.vars.set(name, value);
  }

  /** Adds the hosts of an entry such as `web[01:20]` to a group. Throws DroverError `too-large`. */
  addHosts(pattern: string, at: { readonly group: string; readonly line: number }, vars: AnsibleVars): void {
    const found = readHostPattern(pattern);
    if ('problem' in found) {
      this.addProblem(at.line, pattern, found.problem);
      return;
    }
    this.addGroup(at.group);
    this.#memberships += found.names.length;
    this.#count(found.names.length * vars.size);
    for (const name of found.names) {
      const host = this.#hosts.get(name) ?? { line: at.line, vars: new Map(), groups: new Set() };
      this.#hosts.set(name, host);
      host.groups.add(at.group);
      for (const [key, value] of [...(found.port === null ? [] : [['ansible_port', found.port] as const]), ...vars]) {
        host.vars.set(key, value);
      }
    }
    if (this.#hosts.size > mostTargets || this.#memberships > 20 * mostTargets) {
      throw tooManyTargets();
    }
  }

  /** Keeps an entry that cannot be read. Throws DroverError `too-large`. */
  addProblem(line: number, label: string, problem: string): void {
    this.problems.push({ line, label: label.slice(0, 128), problem });
    if (this.problems.length > mostTargets) {
      throw tooManyTargets();
    }
  }

  /** Throws DroverError `bad-input` when groups hold each other, `too-large` when they hand down too much. */
  hosts(): AnsibleHost[] {
    const depths = this.#depths();
    const inherited = new Map<string, { groups: string[]; vars: Map<string, AnsibleValue> }>();
    return [...this.#hosts].map(([name, { line, vars, groups }]) => {
      const direct = [...groups].toSorted().join('\n');
      const handed = inherited.get(direct) ?? this.#inherit(groups, depths);
      inherited.set(direct, handed);
      this.#count(handed.vars.size + vars.size);
      return { name, line, groups: handed.groups, vars: new Map([...handed.vars, ...vars]) };
    });
  }

  /** What hosts of these groups get: the deeper group wins, then the greater priority, then the later name. */
  #inherit(
    direct: ReadonlySet<string>,
    depths: ReadonlyMap<string, number>,
  ): { groups: string[]; vars: Map<string, AnsibleValue> } {
    const reached = new Set<string>(['all']);
    const queue = [...direct];
    for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
      if (!reached.has(name)) {
        reached.add(name);
        queue.push(...(this.#groups.get(name)?.parents ?? []));
      }
    }
    const groups = [...reached].flatMap((name) => this.#groups.get(name) ?? []);
    const ordered = groups.toSorted(
      (a, b) =>
        (depths.get(a.name) ?? 0) - (depths.get(b.name) ?? 0) ||
        priorityOf(a) - priorityOf(b) ||
        (a.name < b.name ? -1 : 1),
    );
    const vars = new Map(ordered.flatMap((group) => [...group.vars]));
    vars.delete('ansible_group_priority');
    return { groups: [...reached].filter((name) => name !== 'all' && name !== 'ungrouped').toSorted(), vars };
  }

  #count(values: number): void {
    this.#values += values;
    if (this.#values > mostValues) {
      throw new DroverError('too-large', 'The inventory has too many variables for so many hosts: import it in parts');
    }
  }

  #depths(): Map<string, number> {
    const depths = new Map<string, number>([['all', 0]]);
    const depthOf = (name: string, passed: readonly string[]): number => {
      const known = depths.get(name);
      if (known !== undefined) {
        return known;
      }
      if (passed.includes(name)) {
        throw new DroverError('bad-input', `Groups hold each other: ${[...passed, name].join(' → ').slice(0, 300)}`);
      }
      if (passed.length >= deepestGroup) {
        throw tooDeep();
      }
      const parents = [...(this.#groups.get(name)?.parents ?? [])].map((parent) => depthOf(parent, [...passed, name]));
      const depth = 1 + Math.max(0, ...parents);
      if (depth > deepestGroup) {
        throw tooDeep();
      }
      depths.set(name, depth);
      return depth;
    };
    for (const name of this.#groups.keys()) {
      depthOf(name, []);
    }
    return depths;
  }
}

export function tooDeep(): DroverError {
  return new DroverError(
    'too-large',
    `Groups are nested more than ${deepestGroup} deep: import the inventory in parts`,
  );
}

function priorityOf({ vars }: Group): number {
  const text = vars.get('ansible_group_priority');
  return typeof text === 'string' && /^\d{1,9}$/.test(text) ? Number(text) : 1;
}
