import { readdirSync, readFileSync } from 'node:fs';
import { uptime } from 'node:os';
import type { Surroundings } from '#core/ports-doctor';

/** A moment by both clocks: milliseconds since 1970 UTC, and seconds since the machine was started. */
type Moment = { readonly at: number; readonly upS: number };

/** How far the wall clock has run ahead of the machine's own since `noted`, in milliseconds. */
export const clockDrift = (noted: Moment, now: number): number => now - noted.at - (uptime() - noted.upS) * 1_000;

/** Files that a process, or this one, may have open, and has. */
export function readOpenFiles(pid: number | 'self'): Surroundings['openFiles'] {
  try {
    const limit = /^Max open files\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/limits`, 'utf8'))?.[1];
    return limit === undefined ? null : { limit: Number(limit), used: pid === 'self' ? null : openNow(pid) };
  } catch {
    return null;
  }
}

function openNow(pid: number): number | null {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    // Another account's.
    return null;
  }
}
