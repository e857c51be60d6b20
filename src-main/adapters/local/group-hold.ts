import { mkdtempSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isDead, ownerOf, prefixOf, type Owner } from './directory-owner.ts';
import { exitOf, isFailure, plainHolder, spawnProgram, type Hold, type Holder } from './hold.ts';

/** Enters the group and becomes the program: Node can start no process inside a group. */
const enter = '{ echo 0 >"$0/cgroup.procs"; } 2>/dev/null; exec "$@"';
const tryToEnter = '{ test -e "$0/cgroup.procs" && echo 0 >"$0/cgroup.procs"; } 2>/dev/null';

/** What a shell does not hand on as it was: names that are none of its own kind, and those it sets by itself. */
const changedByShells = /^(?![A-Za-z_]\w*$)|^(BASH.*|SHELLOPTS|PPID|E?UID|OPTIND|LINENO)$/;

const unescaped = (path: string): string =>
  path.replaceAll(/\\([0-7]{3})/g, (_match, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));

/**
 * The folder of the control group (version 2) that a process is in, from the texts of its /proc/…/mountinfo and
 * /proc/…/cgroup; undefined where there is none or it is out of sight.
 */
export function groupFolder(mountinfo: string, cgroup: string): string | undefined {
  const path = /^0::(\/.*)$/m.exec(cgroup)?.[1];
  const mount = mountinfo.split('\n').find((line) => line.includes(' - cgroup2 '));
  const [, , , root, point] = mount?.split(' ') ?? [];
  if (path === undefined || root === undefined || point === undefined || path.split('/').includes('..')) {
    return undefined;
  }
  const top = unescaped(root);
  const below = top === '/' ? path : path.slice(top.length);
  return top === '/' || path === top || path.startsWith(`${top}/`)
    ? join(unescaped(point), below).replace(/\/$/, '')
    : undefined;
}

function ownFolder(): string | undefined {
  try {
    return groupFolder(readFileSync('/proc/self/mountinfo', 'utf8'), readFileSync('/proc/self/cgroup', 'utf8'));
  } catch {
    return undefined;
  }
}

function childrenOf(group: string): string[] {
  try {
    return readdirSync(group, { withFileTypes: true }).flatMap((each) =>
      each.isDirectory() ? [join(group, each.name)] : [],
    );
  } catch {
    return [];
  }
}

/** Also those of groups that the script itself has made inside. */
function pidsIn(group: string): number[] {
  let text = '';
  try {
    text = readFileSync(join(group, 'cgroup.procs'), 'latin1');
  } catch {
    // Gone, or of a kind that lists threads only.
  }
  return [...(text.match(/\d+/g) ?? []).map(Number), ...childrenOf(group).flatMap(pidsIn)];
}

/** False while a process is in it. */
function removeGroup(group: string): boolean {
  childrenOf(group).forEach(removeGroup);
  try {
    rmdirSync(group);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}

/** Makes control groups inside the one that this process is in. */
export class Groups {
  readonly #parent: string;
  readonly #self: Owner;
  /** Of runs that have left processes running. */
  readonly #left = new Set<string>();

  private constructor(parent: string, self: Owner) {
    this.#parent = parent;
    this.#self = self;
  }

  /** Undefined where this account may make none. Removes the empty groups of Drover processes that are dead. */
  static async find(self: Owner, parent = ownFolder()): Promise<Groups | undefined> {
    if (parent === undefined) {
      return undefined;
    }
    const groups = new Groups(parent, self);
    groups.#sweep();
    const probe = groups.make();
    if (!probe) {
      return undefined;
    }
    const child = await spawnProgram(['/bin/sh', '-c', tryToEnter, probe.folder], {
      cwd: '/',
      env: {},
      stdio: 'ignore',
    });
    const [code] = isFailure(child) ? [null] : await exitOf(child);
    await probe.hold.close();
    return code === 0 ? groups : undefined;
  }

  /** A new group; undefined when there may be no more. */
  make(): { readonly folder: string; readonly hold: Hold } | undefined {
    this.#left.forEach((group) => removeGroup(group) && this.#left.delete(group));
    try {
      const folder = mkdtempSync(join(this.#parent, prefixOf(this.#self)));
      return { folder, hold: this.#holdOf(folder) };
    } catch {
      return undefined;
    }
  }

  #sweep(): void {
    for (const group of childrenOf(this.#parent)) {
      const owner = ownerOf(basename(group));
      if (owner && isDead(owner, this.#self)) {
        removeGroup(group);
      }
    }
  }

  #holdOf(group: string): Hold {
    return {
      keeper: null,
      members: () => new Set(pidsIn(group)),
      kill: () => {
        try {
          writeFileSync(join(group, 'cgroup.kill'), '1');
        } catch {
          // Before Linux 5.14 each is killed by itself.
        }
      },
      close: () => {
        if (!removeGroup(group)) {
          this.#left.add(group);
        }
        return Promise.resolve();
      },
    };
  }
}

/** Starts each run in a control group of its own, by a shell. */
export const groupHolder = (groups: Groups): Holder => ({
  name: 'control group',
  suits: (environment) => !Object.keys(environment).some((name) => changedByShells.test(name)),
  async start(command, options) {
    const group = groups.make();
    if (!group) {
      return plainHolder.start(command, options);
    }
    const child = await spawnProgram(['/bin/sh', '-c', enter, group.folder, ...command], options);
    if (isFailure(child)) {
      await group.hold.close();
      return child;
    }
    return { child, pid: child.pid ?? 0, ended: exitOf(child), hold: group.hold };
  },
});
