import { describe, expect, it } from 'vitest';
import { newArchive, running, start } from './archive-fixture.ts';

describe('the last run of targets', () => {
  it('is the newest one each of them had, with what became of it there', () => {
    const archive = newArchive();
    running(archive, 3);
    const { no } = start(archive, 1);
    expect(
      archive.lastRuns([
        { id: 'target-2', name: 'WEB-2' },
        { id: 'target-0', name: 'web-0' },
      ]),
    ).toEqual([
      { targetId: 'target-2', no: no - 1, status: 'running', at: 1_800_000_000_200 },
      { targetId: 'target-0', no, status: 'pending', at: 1_800_000_000_000 },
    ]);
  });

  it('is none of a target that never ran, that had another name, or that was only named by address', () => {
    const archive = newArchive();
    running(archive, 3);
    const asked = [
      { id: 'target-9', name: 'web-9' },
      { id: 'target-2', name: 'renamed' },
      { id: 'target-1', name: 'web-1' },
    ];
    expect(archive.lastRuns(asked)).toEqual([]);
    expect(archive.lastRuns([])).toEqual([]);
  });
});
