import { describe, expect, it } from 'vitest';
import { DroverError } from '#contract/errors';
import { runCli } from '../../../src-main/cli/program.ts';
import type { Salvaged } from '../../../src-main/cli/host.ts';
import { createFakeHost } from '../fake-host.ts';

const report: Salvaged = {
  file: '/srv/new/archive.db',
  tables: [
    { table: 'runs', kept: 120, refused: 0, lost: 0, isExact: true },
    { table: 'log_chunks', kept: 4_000, refused: 1, lost: 37, isExact: false },
  ],
  madeAnew: ['the search index'],
  incompleteRuns: [7, 9],
  audit: { brokenAt: 55 },
};

describe('drover salvage', () => {
  it('says table by table what was saved, what is missing and where the new archive is', async () => {
    const asked: unknown[] = [];
    const bench = createFakeHost({
      salvage: async (flags) => {
        asked.push(flags);
        return report;
      },
    });
    expect(await runCli(['salvage', '--into', '/srv/new', '--data', '/srv/old'], bench.host)).toBe(0);
    expect(asked).toEqual([{ data: '/srv/old', into: '/srv/new' }]);
    expect(bench.out.text).toMatch(/runs +120 +0 +0\nlog_chunks +4000 +1 +at most 37\n/);
    expect(bench.out.text).toContain('Runs of which a part is missing: #7, #9');
    expect(bench.out.text).toContain('broken at row 55');
    expect(bench.out.text).toContain('The new archive is /srv/new/archive.db');
  });

  it('needs a folder, and passes on why nothing could be saved', async () => {
    const none = createFakeHost({});
    expect(await runCli(['salvage'], none.host)).toBe(2);
    expect(await runCli(['salvage', '--into', ' '], none.host)).toBe(2);
    const locked = createFakeHost({
      salvage: async () => Promise.reject(new DroverError('archive-locked', 'in use by process 7')),
    });
    expect(await runCli(['salvage', '--into', '/srv/new', '--json'], locked.host)).toBe(3);
    expect(JSON.parse(locked.err.text)).toMatchObject({ error: { code: 'archive-locked' } });
  });
});
