import { describe, expect, it } from 'vitest';
import { migrations } from '#adapters/sqlite/migrations/index';
import { behind, listed, newArchive, open, start, testFolder } from './archive-fixture.ts';

/** A clock that went back twice, once to the very beginning. */
const times = [5_000, 6_000, 6_000, 1_000, 2_000, 7_000, 6_500, 9_000];

/** What a search through all runs, one by one, would find. */
const wanted = (since: number, until: number): number[] =>
  times.flatMap((at, index) => (at >= since && at < until ? [index + 1] : [])).toReversed();

describe('bounds of time over a clock that went back', () => {
  it('find exactly the runs between them, whatever they are', () => {
    const archive = newArchive();
    times.forEach((createdAt) => start(archive, 1, { createdAt }));
    for (const since of [0, 1, 1_000, 1_500, 6_000, 6_001, 6_500, 6_600, 9_000, 9_001]) {
      expect(
        listed(archive, { since }).map(({ no }) => no),
        `since ${since}`,
      ).toEqual(wanted(since, Number.MAX_VALUE));
      for (const until of [1_000, 2_001, 6_000, 6_501, 7_000, 8_000]) {
        const text = `until:${new Date(until).toISOString()}`;
        expect(
          listed(archive, { since, text }).map(({ no }) => no),
          `${since} ${text}`,
        ).toEqual(wanted(since, until));
      }
    }
  });

  it('know what an older archive held', () => {
    const folder = testFolder();
    const old = open(folder, { steps: migrations.filter(({ version }) => version < 50) });
    old.close();
    const db = behind(folder);
    db.exec(
      times
        .map(
          (
            at,
            index,
          ) => `INSERT INTO runs (no, id, team_id, created_by, name, kind, task_type, language, summary, status,
             phase, reason, source, executor, selector, first_target, created_at)
           SELECT ${index + 1}, 'r${index}', team_id, id, '', 'quick', 'script', 'shell', 'x', 'pending', 'queued', '', 'manual',
             '{}', '', '', ${at} FROM users LIMIT 1;`,
        )
        .join('\n'),
    );
    db.close();
    open(folder).close();
    const late = behind(folder, { readonly: true }).prepare('SELECT no FROM late_runs ORDER BY no').pluck().all();
    expect(late).toEqual([4, 5, 7]);
  });

  it('cost nothing while the clock goes on', () => {
    const folder = testFolder();
    const archive = open(folder);
    [1, 2, 2, 3].forEach((createdAt) => start(archive, 1, { createdAt }));
    expect(behind(folder, { readonly: true }).prepare('SELECT count(*) FROM late_runs').pluck().get()).toBe(0);
  });
});
