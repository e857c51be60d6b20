import type { HostReason, HostRow, HostStatus } from '#contract/run';
import type { OutputGroup, RunGroups } from '#contract/run-groups';
import { hostRanges } from './host-ranges.ts';

/** A target that has ended, with what stands for its output. */
export type Digested = { readonly row: HostRow; readonly key: string; readonly unmasked: boolean };

export type Fold = {
  readonly key: string;
  readonly first: HostRow;
  readonly group: Pick<
    OutputGroup,
    'count' | 'hosts' | 'hostsLeftOff' | 'statuses' | 'exitCodes' | 'lines' | 'bytes' | 'unmasked'
  >;
};

const notReached: ReadonlySet<HostReason> = new Set(['unreachable', 'refused-connection', 'auth-failed', 'host-key']);

/** In which way a target is in no group; undefined when its output is whole. */
export function ungroupedAs({ status, reason, out, err }: HostRow): keyof RunGroups['ungrouped'] | undefined {
  if (status === 'pending' || status === 'skipped') {
    return status;
  }
  if (status === 'running' || status === 'cancelling') {
    return 'running';
  }
  return reason !== null && notReached.has(reason) && out.bytes + err.bytes === 0 ? 'unreached' : undefined;
}

/** Ranges of one group; a run of twice as many targets is always told in full. */
const mostRanges = 5_000;
const mostCodes = 8;

/** Targets with the same key together; the largest fold first, then the one with the first target. */
export function foldHosts(hosts: readonly Digested[], streams: readonly ('out' | 'err')[]): Fold[] {
  const same = [...Map.groupBy(hosts, ({ key }) => key).values()];
  return same
    .flatMap((members) => foldOf(members, streams))
    .toSorted((one, other) => other.group.count - one.group.count || one.first.host - other.first.host);
}

function foldOf(members: readonly Digested[], streams: readonly ('out' | 'err')[]): Fold[] {
  const rows = members.map(({ row }) => row).toSorted((one, other) => one.host - other.host);
  const [first] = rows;
  const [{ key, unmasked } = { key: '', unmasked: false }] = members;
  if (!first) {
    return [];
  }
  const { ranges, leftOff } = hostRanges(rows.map(({ host }) => host), mostRanges); // prettier-ignore
  const sum = (of: 'lines' | 'bytes'): number => streams.reduce((total, stream) => total + first[stream][of], 0);
  const group = {
    count: rows.length,
    hosts: ranges,
    hostsLeftOff: leftOff,
    statuses: statusesOf(rows),
    exitCodes: codesOf(rows),
    lines: sum('lines'),
    bytes: sum('bytes'),
    unmasked,
  };
  return [{ key, first, group }];
}

const counted = <T>(values: readonly T[]): [T, number][] =>
  [...Map.groupBy(values, (value) => value)].map(([value, all]) => [value, all.length]);

const statusesOf = (rows: readonly HostRow[]): Partial<Record<HostStatus, number>> =>
  Object.fromEntries(counted(rows.map(({ status }) => status)));

const codesOf = (rows: readonly HostRow[]): OutputGroup['exitCodes'] =>
  counted(rows.map(({ exitCode }) => exitCode))
    .map(([code, count]) => ({ code, count }))
    .toSorted((one, other) => other.count - one.count || (one.code ?? -1) - (other.code ?? -1))
    .slice(0, mostCodes);
