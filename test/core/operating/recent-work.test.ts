import { describe, expect, it } from 'vitest';
import { RecentWork } from '#core/operating/recent-work';

describe('what kept the main loop busy', () => {
  it('is told by name, the longest first, and once only', () => {
    const work = new RecentWork();
    for (let n = 0; n < 30; n += 1) {
      work.note('appendOutput', 2);
    }
    work.note('run.list', 40.4);
    work.note('run.get', 5);
    work.note('node.info', 3);
    work.note('tiny', 0.2);
    expect(work.take()).toEqual([
      { name: 'appendOutput', ms: 60 },
      { name: 'run.list', ms: 40 },
      { name: 'run.get', ms: 5 },
    ]);
    expect(work.take()).toEqual([]);
  });

  it('does not grow with names that never end', () => {
    const work = new RecentWork();
    for (let n = 0; n < 10_000; n += 1) {
      work.note(`name ${n}`, 2);
    }
    expect(work.take(10_000)).toHaveLength(200);
  });
});
