import type { DroverClient } from '#contract/client';
import type { HostRow, RunKey } from '#contract/run';
import { plainLine } from './terminal-safe.ts';
import { textWidth } from './text-width.ts';

/** All targets of a run in the order of its plan. */
export async function runHosts(client: DroverClient, run: RunKey): Promise<HostRow[]> {
  const rows: HostRow[] = [];
  for (let after: number | null = -1; after !== null;) {
    const page: { hosts: HostRow[]; next: number | null } = await client.call('run.hosts', {
      run,
      after,
      limit: 5_000,
    });
    rows.push(...page.hosts);
    after = page.next;
  }
  return rows;
}

/** A name longer than this may stand out of its column. */
const widestLabel = 24;

/** How wide the names before lines are on a terminal; undefined for one target, whose lines need none. */
export function labelsOf(rows: readonly HostRow[]): { readonly width: number } | undefined {
  if (rows.length < 2) {
    return undefined;
  }
  const widths = rows.map(({ name }) => textWidth(plainLine(name))).filter((width) => width <= widestLabel);
  return { width: widths.reduce((widest, width) => Math.max(widest, width), 0) };
}

/** What a target is called in this run; its place when nobody knows. */
export function hostNames(rows: readonly HostRow[]): (host: number) => string {
  const names = new Map(rows.map(({ host, name }) => [host, name]));
  return (host) => names.get(host) ?? String(host);
}
