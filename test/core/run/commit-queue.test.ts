import { describe, expect, it } from 'vitest';
import { CommitQueue } from '#core/run/commit-queue';
import { FakeClock, settled } from '../../support/fakes/fake-clock.ts';

/** Counts transactions; what is written in one that throws is undone. */
class Ledger {
  transactions = 0;
  rows: string[] = [];

  together<T>(act: () => T): T {
    this.transactions += 1;
    const before = [...this.rows];
    try {
      return act();
    } catch (error) {
      this.rows = before;
      throw error;
    }
  }

  add(row: string): string {
    if (row.startsWith('bad')) {
      throw new Error(row);
    }
    this.rows.push(row);
    return `stored ${row}`;
  }
}

function bench() {
  const ledger = new Ledger();
  const clock = new FakeClock();
  return { ledger, clock, queue: new CommitQueue({ archive: ledger, clock, pace: { count: 2, windowMs: 25 } }) };
}

describe('writes of many targets', () => {
  it('are done at once after a quiet moment', async () => {
    const { ledger, queue } = bench();
    const write = queue.write(() => ledger.add('a'));
    expect(ledger.rows).toEqual(['a']);
    expect(await write).toBe('stored a');
  });

  it('share one transaction when a crowd comes, in their order', async () => {
    const { ledger, clock, queue } = bench();
    const writes = ['a', 'b', 'c', 'd', 'e'].map((row) => queue.write(() => ledger.add(row)));
    await settled();
    expect(ledger.rows).toEqual(['a', 'b']);
    await clock.advance(24);
    expect(ledger.rows).toEqual(['a', 'b']);
    await clock.advance(1);
    expect(await Promise.all(writes)).toEqual(['a', 'b', 'c', 'd', 'e'].map((row) => `stored ${row}`));
    expect(ledger).toMatchObject({ rows: ['a', 'b', 'c', 'd', 'e'], transactions: 3 });
  });

  it('do what goes before them step by step for all, outside the transaction', async () => {
    const { ledger, clock, queue } = bench();
    const done: string[] = [];
    const write = (row: string) => {
      const before = ['first', 'second'].map((step) => (): void => void done.push(`${step} ${row}`));
      return queue.write(() => ledger.add(row), before);
    };
    const writes = ['a', 'b', 'c', 'd'].map(write);
    await clock.advance(25);
    await Promise.all(writes);
    expect(done).toEqual(['first a', 'second a', 'first b', 'second b', 'first c', 'first d', 'second c', 'second d']);
  });

  it('do not fail with a neighbour', async () => {
    const { ledger, clock, queue } = bench();
    const writes = ['a', 'b', 'bad', 'c'].map((row) => queue.write(() => ledger.add(row)));
    const ends = Promise.allSettled(writes);
    await clock.advance(25);
    expect((await ends).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(ledger.rows).toEqual(['a', 'b', 'c']);
  });
});
