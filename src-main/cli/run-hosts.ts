import type { DroverClient } from '#contract/client';
import type { HostRow, RunKey } from '#contract/run';

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

/** What a target is called in this run; its place when nobody knows. */
export function hostNames(rows: readonly HostRow[]): (host: number) => string {
  const names = new Map(rows.map(({ host, name }) => [host, name]));
  return (host) => names.get(host) ?? String(host);
}
