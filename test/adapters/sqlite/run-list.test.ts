import { describe, expect, it } from 'vitest';
import type { RunQuery } from '#contract/run';
import type { SqliteArchive } from '#adapters/sqlite/sqlite-archive';
import { hosts, listed, newArchive, newRun, auditOf, start } from './archive-fixture.ts';

const numbersOf = (archive: SqliteArchive, query: Partial<RunQuery>): number[] =>
  listed(archive, query).map(({ no }) => no);

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
    expect(listed(archive, { limit: 5 }, 'another team')).toEqual([]);
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
    expect(numbersOf(archive, { text: '#3,#5', status: ['success'], since: 99_000 })).toEqual([5, 3]);
    expect(numbersOf(archive, { text: '#3 #5 nowhere' })).toEqual([5, 3]);
    expect(numbersOf(archive, { text: '#3,#5', numbers: [5, 6] })).toEqual([5]);
    expect(listed(archive, { text: '#3' }, 'another team')).toEqual([]);
    expect(numbersOf(archive, { text: '#13' })).toEqual([]);
  });

  it('finds runs whose name, first line or targets hold a text, whatever stands in it', () => {
    const archive = newArchive();
    twelve(archive);
    const all = [12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1];
    const cases: [string, number[]][] = [
      ['"job 1"', [12, 11, 10, 1]],
      ['"JOB 12"', [12]],
      ['job 12', [12]],
      ['12', [12]],
      ['job !1', [9, 8, 7, 6, 5, 4, 3, 2]],
      ['update', [5]],
      ['"t-get u"', [5]],
      ['web-0', all],
      ['äpfel_', [7]],
      ['50%', [7]],
      ['_50', [7]],
      ['b', all],
      ['"b &"', [7]],
      ['%', [7]],
      ['"\\""', []],
      ['"a\\" OR \\"b"', []],
      ['"NOT job"', []],
      ['"job\0"', []],
      ['nowhere', []],
      ['update,äpfel', [7, 5]],
      ['update,nowhere,7', [7, 5]],
      ['/^JOB [34]$/', [4, 3]],
      ['job?1*', [12, 11, 10, 1]],
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
    expect(numbersOf(archive, { text: 'job', numbers: [9, 3, 77] })).toEqual([9, 3]);
  });

  it('asks the fields of a run', () => {
    const archive = newArchive();
    twelve(archive);
    const again = listed(archive, { text: '#3' })[0];
    start(archive, 1, { createdAt: 13_000, rerunOf: again ? { id: again.id, no: again.no } : null });
    const cases: [string, number[]][] = [
      ['status:failed', [12, 9, 6, 3]],
      ['status:failure source:api', [12]],
      ['!status:pending source:manual', [9, 6, 3]],
      ['name:job', [12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]],
      ['name:"job ?"', []],
      ['name:job???', [12, 11, 10]],
      ['name:/ [1-3]$/', [3, 2, 1]],
      ['text:apt', [5]],
      ['text:rack', [7]],
      ['by:owner !name:job', [13]],
      ['by:own', []],
      ['phase:refused', [12, 9, 6, 3]],
      ['reason:refuse', [12, 9, 6, 3]],
      ['language:python', []],
      ['rerun:#3', [13]],
      ['rerun:3', [13]],
      ['no:7,8', [8, 7]],
    ];
    for (const [text, found] of cases) {
      expect(numbersOf(archive, { text }), text).toEqual(found);
    }
  });

  it('keeps to the times that are named, by the clock of the node', () => {
    const archive = newArchive();
    const now = 1_800_000_000_000;
    for (const ago of [90_000_000, 7_300_000, 7_100_000, 60_000]) {
      start(archive, 1, { createdAt: now - ago });
    }
    expect(numbersOf(archive, { text: 'since:2h' })).toEqual([4, 3]);
    expect(numbersOf(archive, { text: 'until:2h' })).toEqual([2, 1]);
    expect(numbersOf(archive, { text: '!since:2h since:1d' })).toEqual([2]);
    expect(numbersOf(archive, { text: 'since:1d', since: now - 100_000 })).toEqual([4]);
  });
});

describe('the runs of a target', () => {
  /** Three runs of 1, 3 and 5 targets web-0 … and one of a machine by its address. */
  function several(): SqliteArchive {
    const archive = newArchive();
    for (const count of [1, 3, 5]) {
      start(archive, count);
    }
    const [host] = hosts(1);
    if (host) {
      const alone = [{ ...host, name: '2001:db8::1', address: '2001:db8::1' }];
      archive.createRun(newRun(archive), alone, auditOf(archive));
    }
    return archive;
  }

  it.each<[string, number[]]>([
    ['target:web-2', [3, 2]],
    ['target:WEB-2', [3, 2]],
    ['host:192.0.2.4', [3]],
    ['target:web-4,web-1', [3, 2]],
    ['target:web-0 target:web-2', [3, 2]],
    ['target:web-0 !target:web-2', [1]],
    ['!target:web-0', [4]],
    ['target:web', []],
    ['target:web*', [3, 2, 1]],
    ['target:/-[34]$/', [3]],
    ['target:192.0.2.3-4', [3]],
    ['target:2001:DB8:0::1', [4]],
    ['target:"web-2" nightly', [3, 2]],
    ['target:web-2 nowhere', []],
    ['target:web-[0-4]', [3, 2, 1]],
  ])('are found by %s', (text, found) => {
    expect(numbersOf(several(), { text })).toEqual(found);
    expect(numbersOf(several(), { text, before: 3 })).toEqual(found.filter((no) => no < 3));
    expect(numbersOf(several(), { text, limit: 1 })).toEqual(found.slice(0, 1));
  });
});

describe('a pattern of targets', () => {
  it('means also names that came after it was first looked for, and those that were learned before', () => {
    const archive = newArchive();
    while (archive.learnNames()) {
      // A step after the other, as the engine does it.
    }
    start(archive, 2);
    expect(numbersOf(archive, { text: 'target:web-*' })).toEqual([1]);
    expect(numbersOf(archive, { text: 'target:db-*' })).toEqual([]);
    const plan = hosts(1).map((host) => ({ ...host, name: 'DB-7', address: '198.51.100.9' }));
    archive.createRun(newRun(archive), plan, auditOf(archive));
    expect(numbersOf(archive, { text: 'target:db-*' })).toEqual([2]);
    expect(numbersOf(archive, { text: 'target:198.51.100.*' })).toEqual([2]);
    expect(archive.learnNames()).toBe(false);
  });
});
