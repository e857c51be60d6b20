import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchSizes, countOf } from '#contract/share';

const aSpec = fc.oneof(
  fc.nat({ max: 999_999 }).map(String),
  fc.nat({ max: 100 }).map((share) => `${share}%`),
  fc.tuple(fc.nat({ max: 99 }), fc.integer({ min: 1, max: 999 })).map(([whole, part]) => `${whole}.${part}%`),
);

describe('a count or a share of targets', () => {
  it('is the count itself, whatever the total', () => {
    expect(countOf('7', 3)).toBe(7);
    expect(countOf('0', 3)).toBe(0);
  });

  it('rounds a share up, so that a share of some is never none', () => {
    expect(countOf('1%', 20)).toBe(1);
    expect(countOf('10%', 50)).toBe(5);
    expect(countOf('10%', 51)).toBe(6);
    expect(countOf('100%', 7)).toBe(7);
    expect(countOf('0%', 1_000)).toBe(0);
    expect(countOf('33.333%', 3)).toBe(1);
  });

  it('gives exact shares without an error of floating point', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 1_000 }), (share, hundreds) => {
        expect(countOf(`${share}%`, hundreds * 100)).toBe(share * hundreds);
      }),
    );
  });

  it('never makes a share larger than the total', () => {
    fc.assert(
      fc.property(aSpec, fc.integer({ min: 1, max: 100_000 }), (spec, total) => {
        if (spec.endsWith('%')) {
          expect(countOf(spec, total)).toBeLessThanOrEqual(total);
        }
      }),
    );
  });
});

describe('the batches of a run', () => {
  it('add up to all targets and hold at least one each, for any sizes', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 5_000 }),
        fc.option(fc.array(aSpec, { maxLength: 6 }), { nil: undefined }),
        (total, specs) => {
          const sizes = batchSizes(total, specs);
          expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(total);
          expect(sizes.every((size) => size >= 1)).toBe(true);
        },
      ),
    );
  });

  it('are one when no sizes are given', () => {
    expect(batchSizes(50, undefined)).toEqual([50]);
    expect(batchSizes(50, [])).toEqual([50]);
    expect(batchSizes(0, undefined)).toEqual([]);
  });

  it('begin with a canary and grow', () => {
    expect(batchSizes(50, ['1', '10%', '100%'])).toEqual([1, 5, 44]);
  });

  it('repeat the last size', () => {
    expect(batchSizes(25, ['10'])).toEqual([10, 10, 5]);
    expect(batchSizes(10, ['1', '3'])).toEqual([1, 3, 3, 3]);
  });

  it('take shares of all targets, not of those that are left', () => {
    expect(batchSizes(40, ['10%', '50%'])).toEqual([4, 20, 16]);
  });

  it('hold one target where none was asked for', () => {
    expect(batchSizes(3, ['0'])).toEqual([1, 1, 1]);
    expect(batchSizes(3, ['0%'])).toEqual([1, 1, 1]);
  });
});
