import { InvalidArgumentError } from 'commander';
import { RunKey, RunOptions, type RunSource, runSources, type RunStatus, runStatuses } from '#contract/run';

type Checks<T> = {
  safeParse(
    value: unknown,
  ): { success: true; data: T } | { success: false; error: { issues: readonly { message: string }[] } };
};

function checked<T>(schema: Checks<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) {
    return parsed.data;
  }
  throw new InvalidArgumentError(parsed.error.issues[0]?.message ?? 'Not allowed.');
}

/** Reads a whole number within the limits of the contract, which stand only there. */
export function wholeNumber(schema: Checks<number>): (value: string) => number {
  return (value) => {
    if (!/^\d{1,15}$/.test(value)) {
      throw new InvalidArgumentError('It must be a whole number.');
    }
    return checked(schema, Number(value));
  };
}

/** `3` or `10%`. */
export function countOrShare(value: string): string {
  return checked(RunOptions.shape.tolerate, value);
}

/** `10`, `10%` or `1,10%,100%`. */
export function batchSizes(value: string): string[] {
  return value.split(',').map((size) => countOrShare(size.trim()));
}

/** Collects NAME=VALUE; the value is taken as it is, so `@file` means nothing. */
export function nameAndValue(text: string, before: Readonly<Record<string, string>> = {}): Record<string, string> {
  const split = text.indexOf('=');
  const name = text.slice(0, Math.max(0, split));
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(name)) {
    throw new InvalidArgumentError('It must be NAME=VALUE, NAME being letters, digits and _.');
  }
  if (Object.hasOwn(before, name)) {
    throw new InvalidArgumentError(`${name} is given twice.`);
  }
  return { ...before, [name]: text.slice(split + 1) };
}

/** An option whose second value would silently replace the first. */
export function onlyOnce(value: string, before: string | undefined): string {
  if (before !== undefined) {
    throw new InvalidArgumentError('It may be given once; put commas between several names.');
  }
  return value;
}

/** `#12`, `12` or the long id. */
export function runKey(value: string): RunKey {
  const parsed = RunKey.safeParse(value.replace(/^#/, ''));
  if (parsed.success) {
    return parsed.data;
  }
  throw new InvalidArgumentError('It must be the number of a run.');
}

function listOf<T extends string>(allowed: readonly T[]): (value: string, before?: readonly T[]) => T[] {
  return (value, before = []) => {
    const words = value.split(',').map((word) => word.trim());
    const unknown = words.find((word) => !allowed.some((name) => name === word));
    if (unknown !== undefined) {
      throw new InvalidArgumentError(`Allowed are ${allowed.join(', ')}.`);
    }
    return [...before, ...(words as T[])];
  };
}

export const statusList: (value: string, before?: readonly RunStatus[]) => RunStatus[] = listOf(runStatuses);
export const sourceList: (value: string, before?: readonly RunSource[]) => RunSource[] = listOf(runSources);

const unitMs: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** `7d`, `12h`, `30m` before now, or a date; milliseconds since 1970 UTC. */
export function sinceTime(value: string, now: number): number {
  const [, count, unit] = /^(\d{1,6})([smhdw])$/.exec(value) ?? [];
  const at = count && unit ? now - Number(count) * (unitMs[unit] ?? 0) : dateOf(value);
  if (Number.isNaN(at)) {
    throw new InvalidArgumentError('It must be such as 30m, 12h, 7d, 2w or 2026-11-20.');
  }
  return Math.max(0, at);
}

/** A day alone begins at this machine's midnight; `Date` would take it for UTC. */
function dateOf(value: string): number {
  return Date.parse(/^\d{4}-\d\d-\d\d$/.test(value) ? `${value}T00:00` : value);
}

/** Places in the frozen plan: `0,3`. */
export function hostPlaces(value: string): number[] {
  const words = value.split(',').map((word) => word.trim());
  if (!words.every((word) => /^\d{1,6}$/.test(word))) {
    throw new InvalidArgumentError('It must be such as 0,3: places of targets as `drover show` counts them.');
  }
  return words.map(Number);
}
