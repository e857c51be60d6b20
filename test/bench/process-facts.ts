import { readFileSync } from 'node:fs';

/** Length of the kernel's tick in `/proc/<pid>/stat`, the same on every Linux that Node runs on. */
const tickMs = 10;

/** CPU that a living process has used so far, without its children, in milliseconds. */
export const cpuMs = (pid: number): number => ticks(pid, 11) * tickMs;

/** CPU of the children that this process has had and collected so far, in milliseconds. */
export const childrenCpuMs = (): number => ticks('self', 13) * tickMs;

/** User's and system's time of `/proc/<pid>/stat`; fields are counted from 0 behind the name in parentheses. */
function ticks(pid: number | 'self', first: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return Number(fields[first]) + Number(fields[first + 1]);
}

/** Resident memory of a living process in MB, now and at its highest. */
export function memoryMb(pid: number): { now: number; peak: number } {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kilobytes = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1]);
  return { now: kilobytes('VmRSS') / 1_024, peak: kilobytes('VmHWM') / 1_024 };
}
