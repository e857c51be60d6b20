import type { HostRow, Run } from '#contract/run';
import { targetName } from '../../ui/target-name.ts';
import type { Batch } from './progress.ts';

export type TimelineOrder = 'plan' | 'start' | 'slowest';

export type Span = { readonly from: number; readonly to: number };

/** The time a run has taken so far, of at least a moment. */
export function spanOf(
  run: Pick<Run, 'createdAt' | 'startedAt' | 'endedAt'>,
  hosts: readonly HostRow[],
  now: number,
): Span {
  const from = run.startedAt ?? run.createdAt;
  // Clocks may jump: no bar may stand outside.
  const last = hosts.reduce((latest, { endedAt }) => Math.max(latest, endedAt ?? 0), run.endedAt ?? now);
  return { from, to: Math.max(last, from + 1) };
}

/** How long a target has taken so far; null when it has not begun. */
export function tookOf({ startedAt, endedAt, durationMs }: HostRow, now: number): number | null {
  return durationMs ?? (startedAt === null ? null : Math.max(0, (endedAt ?? now) - startedAt));
}

/** Targets in the order they are drawn; those that have not begun stand last, and equal ones by name. */
export function orderTargets(hosts: readonly HostRow[], order: TimelineOrder, now: number): readonly HostRow[] {
  switch (order) {
    case 'plan':
      return hosts;
    case 'start':
      return hosts.toSorted((a, b) => (a.startedAt ?? Infinity) - (b.startedAt ?? Infinity) || a.host - b.host);
    case 'slowest':
      return hosts.toSorted((a, b) => (tookOf(b, now) ?? -1) - (tookOf(a, now) ?? -1) || byName(a, b));
  }
}

const byName = (a: HostRow, b: HostRow): number => targetName(a.name).localeCompare(targetName(b.name));

export type Share = { readonly left: number; readonly width: number };

/** Where a stretch of time stands, in percent of the whole. */
export function shareOf(span: Span, from: number, to: number): Share {
  const whole = span.to - span.from;
  const left = Math.min(Math.max(((from - span.from) / whole) * 100, 0), 100);
  const right = Math.min(Math.max(((to - span.from) / whole) * 100, left), 100);
  return { left, width: right - left };
}

export type Band = { readonly no: number; readonly from: number; readonly to: number };

/** When each batch was worked on: from its first start to its last end, or until now. Batches that have not begun have none. */
export function bandsOf(batches: readonly Batch[], hosts: readonly HostRow[], now: number): readonly Band[] {
  if (batches.length < 2) {
    return [];
  }
  return batches.flatMap(({ no, from, to }) => {
    const begun = hosts.slice(from, to).filter(({ startedAt }) => startedAt !== null);
    if (begun.length === 0) {
      return [];
    }
    const starts = begun.map(({ startedAt }) => startedAt ?? 0);
    const ends = begun.map(({ endedAt }) => endedAt ?? now);
    return [{ no, from: Math.min(...starts), to: Math.max(...ends) }];
  });
}

/** What lies between two batches. */
export const pausesOf = (bands: readonly Band[]): readonly Span[] =>
  bands.flatMap((band, index) => {
    const next = bands[index + 1];
    return next && next.from > band.to ? [{ from: band.to, to: next.from }] : [];
  });

/** Round steps of time, in milliseconds. */
const steps = [
  10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000,
  3_600_000, 7_200_000, 21_600_000, 43_200_000, 86_400_000,
]; // prettier-ignore

/** Round moments after the begin, at most `most` of them. */
export function ticksOf({ from, to }: Span, most: number): readonly number[] {
  const whole = to - from;
  const step = steps.find((size) => whole / size <= most) ?? whole;
  return Array.from({ length: Math.floor(whole / step) + 1 }, (_, index) => index * step);
}
