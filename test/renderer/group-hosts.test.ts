import { describe, expect, it } from 'vitest';
import type { HostRow } from '#contract/run';
import type { RunGroups } from '#contract/run-groups';
import { groupOfHost, hostsOfGroup, pairFor } from '../../src-renderer/features/run/groups/group-hosts.ts';

const hosts = Array.from({ length: 10 }, (_, host) => ({ host, name: `web${host}` }) as HostRow);
const groups = (...ranges: [number, number][][]): RunGroups =>
  ({ groups: ranges.map((each) => ({ hosts: each })) }) as unknown as RunGroups;

describe('the targets of output groups', () => {
  it('are named by ranges, as many as are wanted', () => {
    const names = (most?: number) => hostsOfGroup([[0, 2], [5, 5]], hosts, most).map(({ name }) => name); // prettier-ignore
    expect(names()).toEqual(['web0', 'web1', 'web2', 'web5']);
    expect(names(2)).toEqual(['web0', 'web1']);
    expect(hostsOfGroup([[8, 12]], hosts).map(({ host }) => host)).toEqual([8, 9]);
  });

  it('are compared with the largest group, and that one with the next', () => {
    const some = groups([[2, 9]], [[1, 1]], [[0, 0]]);
    expect([pairFor(some, 2), pairFor(some, 1), pairFor(some, 0)]).toEqual([
      [2, 0],
      [2, 1],
      [2, 1],
    ]);
    expect(pairFor(groups([[0, 9]]), 0)).toBeUndefined();
    expect([groupOfHost(some, 5), groupOfHost(some, 0), groupOfHost(some, 10)]).toEqual([0, 2, undefined]);
  });
});
