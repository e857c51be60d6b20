import type { HostRow } from '#contract/run';
import type { OutputGroup, RunGroups } from '#contract/run-groups';

type Ranges = OutputGroup['hosts'];

/** The targets of a group, in the order of the plan; `most` of them at the most. */
export function hostsOfGroup(ranges: Ranges, hosts: readonly HostRow[], most = Number.POSITIVE_INFINITY): HostRow[] {
  const rows: HostRow[] = [];
  for (const [first, last] of ranges) {
    for (let host = first; host <= last; host += 1) {
      if (rows.length >= most) {
        return rows;
      }
      const row = hosts[host];
      if (row) {
        rows.push(row);
      }
    }
  }
  return rows;
}

/** Place of the group that holds a target, from 0; undefined when none that is known does. */
export function groupOfHost({ groups }: RunGroups, host: number): number | undefined {
  const place = groups.findIndex((group) => group.hosts.some(([first, last]) => host >= first && host <= last));
  return place < 0 ? undefined : place;
}

/** The two targets that are compared first: one of the largest group and one of the chosen; of the largest, the next one. */
export function pairFor({ groups }: RunGroups, chosen: number): readonly [number, number] | undefined {
  const [one, other] = [groups[0], groups[chosen === 0 ? 1 : chosen]];
  const [left, right] = [one?.hosts[0]?.[0], other?.hosts[0]?.[0]];
  return left === undefined || right === undefined ? undefined : [left, right];
}
