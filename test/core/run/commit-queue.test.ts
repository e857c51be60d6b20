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
  return { ledger, clock, queue: new CommitQueue({ archive: ledger, clock, pace: { aloneMs: 5, crowdMs: 25 } }) };
}

describe('writes of many targets', () => {
  it('are done at once after a quiet moment', async () => {
    const { ledger, queue } = bench();
    const write = queue.write(() => ledger.add('a'));
    expect(ledger.rows).toEqual(['a']);
    expect(await write).toBe('stored a');
  });

  it('share one transaction when they come close together, in their order', async () => {
    const { ledger, clock, queue } = bench();
    const writes = ['a', 'b', 'c', 'd'].map((row) => queue.write(() => ledger.add(row)));
    await settled();
    expect(ledger.rows).toEqual(['a']);
    await clock.advance(5);
    expect(await Promise.all(writes)).toEqual(['stored a', 'stored b', 'stored c', 'stored d']);
    expect(ledger).toMatchObject({ rows: ['a', 'b', 'c', 'd'], transactions: 2 });
  });

  it('wait longer for their turn while a crowd writes', async () => {
    const { ledger, clock, queue } = bench();
    const writes = ['a', 'b', 'c', 'd', 'e', 'f'].map((row) => queue.write(() => ledger.add(row)));
    await clock.advance(5);
    await Promise.all(writes);
    const late = queue.write(() => ledger.add('late'));
    await clock.advance(24);
    expect(ledger.rows).not.toContain('late');
    await clock.advance(1);
    expect(await late).toBe('stored late');
  });

  it('do not fail with a neighbour', async () => {
    const { ledger, clock, queue } = bench();
    const writes = ['a', 'b', 'bad', 'c'].map((row) => queue.write(() => ledger.add(row)));
    const ends = Promise.allSettled(writes);
    await clock.advance(5);
    expect((await ends).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(ledger.rows).toEqual(['a', 'b', 'c']);
  });
});
