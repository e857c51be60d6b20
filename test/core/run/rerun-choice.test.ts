import { describe, expect, it } from 'vitest';
import type { HostReason, HostStatus, RerunChoice } from '#contract/run';
import { chosenHosts, choiceWords } from '#core/run/rerun-choice';

const results: { host: number; status: HostStatus; reason: HostReason | null }[] = [
  { host: 0, status: 'success', reason: null },
  { host: 1, status: 'failed', reason: 'exit-code' },
  { host: 2, status: 'timeout', reason: 'timed-out' },
  { host: 3, status: 'failed', reason: 'unreachable' },
  { host: 4, status: 'failed', reason: 'refused-connection' },
  { host: 5, status: 'failed', reason: 'auth-failed' },
  { host: 6, status: 'failed', reason: 'host-key' },
  { host: 7, status: 'failed', reason: 'lost' },
  { host: 8, status: 'skipped', reason: 'not-started' },
  { host: 9, status: 'cancelled', reason: 'cancelled' },
];

describe('the targets that are run again', () => {
  it.each<[RerunChoice, number[]]>([
    ['all', [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
    ['failed', [1, 2, 3, 4, 5, 6, 7]],
    ['timeout', [2]],
    ['unreachable', [3, 4, 5, 6]],
    ['not-started', [8]],
    [
      [9, 0, 9],
      [9, 0],
    ],
  ])('are, for %j, %j', (choice, hosts) => {
    expect([...chosenHosts(results, choice)]).toEqual(hosts);
  });

  it('are called by a word that stands before “targets”', () => {
    expect(['all', 'unreachable', [1]].map((choice) => choiceWords(choice as RerunChoice))).toEqual([
      '',
      'unreachable ',
      '',
    ]);
  });
});
