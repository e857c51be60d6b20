import { describe, expect, it } from 'vitest';
import { nearestName } from '../../src-main/cli/nearest-name.ts';

describe('the nearest name', () => {
  it.each([
    ['DAY', ['DAYS', 'HOST'], 'DAYS'],
    ['HSOT', ['DAYS', 'HOST'], 'HOST'],
    ['depoly', ['deploy', 'router'], 'deploy'],
    ['zebra', ['deploy', 'router'], undefined],
    ['x', [], undefined],
  ])('to %s among %j is %s', (name, known, nearest) => {
    expect(nearestName(name, known)).toBe(nearest);
  });
});
