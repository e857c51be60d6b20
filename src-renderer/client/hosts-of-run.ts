import type { HostRow } from '#contract/run';
import { client } from './index.ts';

const hostPage = 5_000;

/** Every target of a run, by pages. Throws DroverError. */
export async function hostsOfRun(no: number): Promise<readonly HostRow[]> {
  const hosts: HostRow[] = [];
  let after: number | null = -1;
  while (after !== null) {
    const page: { hosts: HostRow[]; next: number | null } = await client.call('run.hosts', {
      run: no,
      after,
      limit: hostPage,
    });
    hosts.push(...page.hosts);
    after = page.next;
  }
  return hosts;
}
