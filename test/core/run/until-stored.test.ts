import { describe, expect, it } from 'vitest';
import { DroverError } from '#contract/errors';
import { untilStored } from '#core/run/until-stored';
import { CollectingLog } from '../../support/fakes/collecting-log.ts';
import { FakeClock } from '../../support/fakes/fake-clock.ts';

class Bench {
  readonly clock = new FakeClock();
  readonly log = new CollectingLog();
  readonly halt = new AbortController();
  tries = 0;
  outcome: unknown = 'open';

  constructor(failures: number, error: Error) {
    const write = (): string => {
      this.tries += 1;
      if (this.tries <= failures) {
        throw error;
      }
      return 'stored';
    };
    untilStored(this, write, this.halt.signal).then(
      (value) => {
        this.outcome = value;
      },
      (failure: unknown) => {
        this.outcome = failure;
      },
    );
  }
}

const full = new DroverError('no-space', 'The disk is full');
const broken = new Error('broken');

describe('a write that must not be lost', () => {
  it('is made at once', async () => {
    const bench = new Bench(0, full);
    expect(bench.tries).toBe(1);
    await bench.clock.advance(0);
    expect(bench.outcome).toBe('stored');
    expect(bench.log.entries).toEqual([]);
  });

  it('is repeated every second for as long as the disk is full, and said once', async () => {
    const bench = new Bench(3_600, full);
    await bench.clock.advance(3_599_000);
    expect(bench.outcome).toBe('open');
    await bench.clock.advance(1_000);
    expect(bench.outcome).toBe('stored');
    expect(bench.log.entries).toHaveLength(1);
  });

  it('is given up after five tries when it fails for another reason', async () => {
    const bench = new Bench(100, broken);
    await bench.clock.advance(10_000);
    expect(bench.outcome).toBe(broken);
    expect(bench.tries).toBe(5);
    expect(bench.clock.waiting).toBe(0);
  });

  it('is left out as soon as it is no longer wanted', async () => {
    const bench = new Bench(100, full);
    await bench.clock.advance(500);
    bench.halt.abort();
    await bench.clock.advance(0);
    expect(bench.outcome).toBeUndefined();
    expect(bench.tries).toBe(1);
    expect(bench.clock.waiting).toBe(0);
  });
});
