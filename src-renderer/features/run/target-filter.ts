import type { HostReason, HostRow, HostStatus, Run } from '#contract/run';
import { targetName } from '../../ui/target-name.ts';
import { stateOrder } from './progress.ts';
import { shownStatus } from './shown-status.ts';

export type TargetFilter = {
  readonly text: string;
  readonly state: HostStatus | undefined;
  readonly reason: HostReason | undefined;
};

type Status = Pick<Run, 'status'>;

/** The targets a filter leaves, in the order of the plan. */
export function filterTargets(
  hosts: readonly HostRow[],
  run: Status,
  { text, state, reason }: TargetFilter,
): readonly HostRow[] {
  const needle = text.trim().toLowerCase();
  if (needle === '' && state === undefined && reason === undefined) {
    return hosts;
  }
  return hosts.filter(
    (host) =>
      (state === undefined || shownStatus(host.status, run) === state) &&
      (reason === undefined || host.reason === reason) &&
      (needle === '' ||
        `${targetName(host.name)}\n${host.name}\n${host.address}\n${host.message}`.toLowerCase().includes(needle)),
  );
}

export type Counted<T> = { readonly value: T; readonly count: number };

/** The states that targets stand at, what went wrong first. */
export function statesIn(hosts: readonly HostRow[], run: Status): readonly Counted<HostStatus>[] {
  const counts = countBy(hosts, ({ status }) => shownStatus(status, run));
  return stateOrder.flatMap((value) => {
    const count = counts.get(value);
    return count === undefined ? [] : [{ value, count }];
  });
}

/** Why targets stand where they stand, the most frequent reason first. */
export function reasonsIn(hosts: readonly HostRow[]): readonly Counted<HostReason>[] {
  const counts = countBy(
    hosts.filter(({ reason }) => reason !== null),
    ({ reason }) => reason,
  );
  return [...counts]
    .flatMap(([value, count]) => (value === null ? [] : [{ value, count }]))
    .toSorted((a, b) => b.count - a.count);
}

function countBy<T>(hosts: readonly HostRow[], of: (host: HostRow) => T): ReadonlyMap<T, number> {
  const counts = new Map<T, number>();
  for (const host of hosts) {
    const key = of(host);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}
