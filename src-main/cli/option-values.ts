import { InvalidArgumentError } from 'commander';
import type { z } from 'zod';
import { placesOf } from '#contract/host-places';
import {
  HostPlaces,
  RunKey,
  RunOptions,
  type RunSource,
  runSources,
  type RunStatus,
  runStatuses,
  Stream,
} from '#contract/run';
import { Hop } from '#contract/target';

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
  throw new InvalidArgumentError(`It must be ${parsed.error.issues[0]?.message ?? 'something else'}.`);
}

/** Reads what the contract describes; its message says what a value must be. */
export function checkedBy<T>(schema: Checks<T>): (value: string) => T {
  return (value) => checked(schema, value);
}

type Limits = { readonly minValue: number | null; readonly maxValue: number | null };

/** Reads a whole number within the limits of the contract, which stand only there. */
export function wholeNumber({ minValue, maxValue }: Limits): (value: string) => number {
  const least = minValue ?? 0;
  const most = maxValue ?? Number.MAX_SAFE_INTEGER;
  return (value) => {
    if (!/^\d{1,15}$/.test(value) || Number(value) < least || Number(value) > most) {
      throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
    }
    return Number(value);
  };
}

/** Collects the values of an option that may be given several times. */
export function collected(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

/** The same for values that the contract describes. */
export function collectedBy(schema: Checks<string>): (value: string, before?: readonly string[]) => string[] {
  return (value, before) => collected(checked(schema, value), before);
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
  return pair(text, before, { allowed: /^[A-Za-z_][A-Za-z0-9_]{0,63}$/, words: 'letters, digits and _' });
}

/** The same for attributes of a target, whose names may hold dashes. */
export function attribute(text: string, before: Readonly<Record<string, string>> = {}): Record<string, string> {
  return pair(text, before, { allowed: /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/, words: 'letters, digits, _ and -' });
}

type Names = { readonly allowed: RegExp; readonly words: string };

function pair(
  text: string,
  before: Readonly<Record<string, string>>,
  { allowed, words }: Names,
): Record<string, string> {
  const split = text.indexOf('=');
  const name = text.slice(0, Math.max(0, split));
  if (!allowed.test(name)) {
    throw new InvalidArgumentError(`It must be NAME=VALUE, NAME being ${words}.`);
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

/** Machines on the way, the nearest first: `ada@bastion:2222,10.0.0.1,[fe80::1]:22`. */
export function jumpHops(value: string, before: readonly HopFields[] = []): HopFields[] {
  return [...before, ...value.split(',').map((word) => hop(word.trim()))];
}

type HopFields = z.input<typeof Hop>;

function hop(word: string): HopFields {
  const [, user, bracketed, plain, port] = /^(?:([^@]+)@)?(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(word) ?? [];
  const parsed = Hop.safeParse({
    address: bracketed ?? plain,
    ...(user !== undefined && { user }),
    ...(port !== undefined && { port: Number(port) }),
  });
  if (!parsed.success) {
    throw new InvalidArgumentError('It must be such as ada@bastion:2222,10.0.0.1.');
  }
  return parsed.data;
}

/** `stdout` or `stderr`, with or without the first three letters. */
export function oneStream(value: string): Stream {
  const parsed = Stream.safeParse(value.replace(/^std/, ''));
  if (!parsed.success) {
    throw new InvalidArgumentError('It must be stdout or stderr.');
  }
  return parsed.data;
}

/** Places in the frozen plan: `0-4,7`. */
export function hostPlaces(value: string): number[] {
  const text = value.replaceAll(/\s/g, '');
  const ranges = text.split(',').map((range) => range.split('-').map(Number));
  const parsed = HostPlaces.safeParse(text);
  if (!parsed.success || ranges.some(([from = 0, to = from]) => to < from)) {
    throw new InvalidArgumentError('It must be such as 0-4,7: places of targets as `drover show` counts them.');
  }
  return placesOf(parsed.data);
}
