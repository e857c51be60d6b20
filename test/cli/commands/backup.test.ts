import { describe, expect, it } from 'vitest';
import { DroverError } from '#contract/errors';
import type { Restored } from '../../../src-main/cli/host.ts';
import { runCli } from '../../../src-main/cli/program.ts';
import { createFakeHost } from '../fake-host.ts';

const note: Restored['note'] = {
  version: '1.2.3',
  createdAt: Date.UTC(2026, 10, 20, 9),
  nodeId: 'node',
  runs: 12,
  auditRows: 40,
  auditHead: 'a'.repeat(64),
  files: { 'archive.db': { bytes: 2_000_000, sha256: 'b'.repeat(64) } },
};

describe('drover backup', () => {
  it('says what is inside and what a restore will need', async () => {
    const asked: unknown[] = [];
    const bench = createFakeHost({
      backup: async (flags) => {
        asked.push(flags);
        const sealed = { bytes: 400, sha256: 'c'.repeat(64) };
        return {
          file: '/b/x.zip',
          bytes: 1_234_567,
          note: { ...note, files: { ...note.files, 'secrets/openers.json': sealed } },
        };
      },
    });
    expect(await runCli(['backup', 'x.zip', '--data', '/srv/one'], bench.host)).toBe(0);
    expect(asked).toEqual([{ file: 'x.zip', withKey: false, force: false, data: '/srv/one' }]);
    expect(bench.out.text).toContain('/b/x.zip: 1.2 MB, 12 runs, 40 audit rows');
    expect(bench.out.text).toContain('Their key is not');
  });

  it('passes on why it could not be made, and wants a file', async () => {
    const taken = createFakeHost({
      backup: async () => Promise.reject(new DroverError('name-taken', 'exists already')),
    });
    expect(await runCli(['backup', 'x.zip'], taken.host)).toBe(2);
    expect(await runCli(['backup'], createFakeHost({}).host)).toBe(2);
  });
});

describe('drover restore', () => {
  const restored: Restored = {
    file: '/b/x.zip',
    folder: '/srv/two',
    note,
    auditBrokenAt: null,
    notStarted: 2,
    secrets: { state: 'locked', message: 'Stored secrets are locked: run `drover unlock`' },
  };

  it('says what the new folder holds, what was cancelled and what the secrets need', async () => {
    const asked: unknown[] = [];
    const bench = createFakeHost({
      restore: async (flags) => {
        asked.push(flags);
        return restored;
      },
    });
    expect(await runCli(['restore', 'x.zip', '--into', '/srv/two'], bench.host)).toBe(0);
    expect(asked).toEqual([{ file: 'x.zip', rehearse: false, data: '/srv/two' }]);
    expect(bench.out.text).toContain('/srv/two holds the backup of 2026-11-20T09:00:00.000Z: 12 runs');
    expect(bench.out.text).toContain('are cancelled now: 2.');
    expect(bench.out.text).toContain('drover unlock');
  });

  it('ends with 1 when the chain of the audit log is broken', async () => {
    const bench = createFakeHost({ restore: async () => ({ ...restored, folder: null, auditBrokenAt: 7 }) });
    expect(await runCli(['restore', '--rehearse', 'x.zip'], bench.host)).toBe(1);
    expect(bench.out.text).toContain('broken at row 7');
  });
});
