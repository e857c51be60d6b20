import { describe, expect, it } from 'vitest';
import type { RunQuery } from '#contract/run';
import type { SqliteArchive } from '#adapters/sqlite/sqlite-archive';
import { newArchive, start } from './archive-fixture.ts';

const numbersOf = (archive: SqliteArchive, query: Partial<RunQuery>): number[] =>
  archive.listRuns(archive.builtIn.teamId, { limit: 50, ...query }).map(({ no }) => no);

/** Twelve runs, one a second; every third has failed, every fourth came over the interface. */
function twelve(archive: SqliteArchive): void {
  for (let n = 1; n <= 12; n += 1) {
    const { id } = start(archive, 1, {
      createdAt: n * 1000,
      source: n % 4 === 0 ? 'api' : 'manual',
      name: `job ${n}`,
      summary: n === 5 ? 'apt-get Update' : 'uptime',
      selector: n === 7 ? 'rack-b & tag:ÄPFEL_50%' : 'web-*',
    });
    if (n % 3 === 0) {
      archive.moveRun(id, 'pending', { status: 'failed', phase: 'refused' });
    }
  }
}

describe('the list of runs', () => {
  it('has the newest first, in pages', () => {
    const archive = newArchive();
    twelve(archive);
    expect(numbersOf(archive, { limit: 5 })).toEqual([12, 11, 10, 9, 8]);
    expect(numbersOf(archive, { limit: 5, before: 8 })).toEqual([7, 6, 5, 4, 3]);
    expect(numbersOf(archive, { limit: 5, before: 1 })).toEqual([]);
    expect(archive.listRuns('another team', { limit: 5 })).toEqual([]);
  });

  it('can be narrowed by status, source and time, also together', () => {
    const archive = newArchive();
    twelve(archive);
    expect(numbersOf(archive, { status: ['failed'] })).toEqual([12, 9, 6, 3]);
    expect(numbersOf(archive, { status: ['failed', 'pending'], limit: 2 })).toEqual([12, 11]);
    expect(numbersOf(archive, { status: [] })).toEqual([]);
    expect(numbersOf(archive, { source: ['api'] })).toEqual([12, 8, 4]);
    expect(numbersOf(archive, { source: ['api', 'scheduled'], status: ['pending'] })).toEqual([8, 4]);
    expect(numbersOf(archive, { since: 10_000 })).toEqual([12, 11, 10]);
    expect(numbersOf(archive, { since: 99_000 })).toEqual([]);
    expect(numbersOf(archive, { since: 5000, before: 11, status: ['failed'] })).toEqual([9, 6]);
  });

  it('does not lose runs to a clock that jumped back', () => {
    const archive = newArchive();
    for (const createdAt of [5000, 6000, 1000, 2000, 7000]) {
      start(archive, 1, { createdAt });
    }
    expect(numbersOf(archive, { since: 5000 })).toEqual([5, 2, 1]);
    expect(numbersOf(archive, { since: 5000, limit: 2 })).toEqual([5, 2]);
  });

  it('finds a run by its number', () => {
    const archive = newArchive();
    twelve(archive);
    expect(numbersOf(archive, { text: '#12' })).toEqual([12]);
    expect(numbersOf(archive, { text: ' #3 ' })).toEqual([3]);
    expect(numbersOf(archive, { text: '#3', status: ['success'] })).toEqual([]);
    expect(numbersOf(archive, { text: '#13' })).toEqual([]);
  });

  it('finds runs whose name, first line or targets hold a text, whatever stands in it', () => {
    const archive = newArchive();
    twelve(archive);
    const all = [12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1];
    const cases: [string, number[]][] = [
      ['job 1', [12, 11, 10, 1]],
      ['JOB 12', [12]],
      ['update', [5]],
      ['t-get u', [5]],
      ['web-0', all],
      ['äpfel_', [7]],
      ['50%', [7]],
      ['_50', [7]],
      ['b', all],
      ['b &', [7]],
      ['%', [7]],
      ['"', []],
      ['a" OR "b', []],
      ['NOT job', []],
      ['job\0', []],
      ['nowhere', []],
    ];
    for (const [text, found] of cases) {
      expect(numbersOf(archive, { text }), text).toEqual(found);
    }
  });

  it('narrows what a text finds, in pages', () => {
    const archive = newArchive();
    twelve(archive);
    expect(numbersOf(archive, { text: 'job', status: ['failed'], limit: 3 })).toEqual([12, 9, 6]);
    expect(numbersOf(archive, { text: 'job', status: ['failed'], limit: 3, before: 6 })).toEqual([3]);
    expect(numbersOf(archive, { text: 'job', since: 11_000 })).toEqual([12, 11]);
  });
});
