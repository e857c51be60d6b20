import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { procTable } from './process-table.ts';

/** Who a directory belongs to, as its name says: machine (with its numbering of processes), boot, process, its birth. */
export type Owner = { readonly machine: string; readonly boot: string; readonly pid: number; readonly born: number };

const textOf = (read: () => string): string => {
  try {
    return read().trim();
  } catch {
    return '';
  }
};

const digest = (...parts: string[]): string => createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 8);

const bornOf = (pid: number): number => procTable.some([pid])[0]?.born ?? 0;

export function thisProcess(): Owner {
  const machineId = textOf(() => readFileSync('/etc/machine-id', 'utf8'));
  const numbering = textOf(() => readlinkSync('/proc/self/ns/pid'));
  return {
    machine: digest(machineId, hostname(), numbering),
    boot: digest(textOf(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'))),
    pid: process.pid,
    born: bornOf(process.pid),
  };
}

/** What the name of a directory of this owner begins with. */
export const prefixOf = ({ machine, boot, pid, born }: Owner): string =>
  `.drover-run-${machine}-${boot}-${pid}-${born}-`;

/** The owner that a directory's name tells; undefined when it is none of ours. */
export function ownerOf(name: string): Owner | undefined {
  const [, machine, boot, pid, born] = /^\.drover-run-([0-9a-f]{8})-([0-9a-f]{8})-(\d+)-(\d+)-\w{6}$/.exec(name) ?? [];
  if (machine === undefined || boot === undefined) {
    return undefined;
  }
  return { machine, boot, pid: Number(pid), born: Number(born) };
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Surely gone; an owner on another machine, whose processes cannot be seen from here, counts as living. */
export function isDead(owner: Owner, self: Owner): boolean {
  if (owner.machine !== self.machine) {
    return false;
  }
  return owner.boot !== self.boot || !exists(owner.pid) || bornOf(owner.pid) !== owner.born;
}
