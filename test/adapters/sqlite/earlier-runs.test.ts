import { describe, expect, it } from 'vitest';
import type { NewRun } from '#core/ports';
import type { SqliteArchive } from '#adapters/sqlite/sqlite-archive';
import { newArchive, start } from './archive-fixture.ts';

const text = { textSha256: 'text digest', summary: 'uptime' };

/** A run that came to its end after `durationMs`. */
function ended(archive: SqliteArchive, durationMs: number, more: Partial<NewRun> & { cancelled?: true } = {}): void {
  const { cancelled, ...given } = more;
  const { id } = start(archive, 1, given);
  archive.moveRun(id, 'pending', { status: 'running', phase: 'running', startedAt: 1 });
  const end = { endedAt: 2, durationMs };
  if (cancelled) {
    archive.moveRun(id, 'running', { status: 'cancelling', phase: 'requested' });
    archive.moveRun(id, 'cancelling', { status: 'cancelled', phase: 'by_user', ...end });
  } else {
    archive.moveRun(id, 'running', { status: 'success', phase: 'ok', ...end });
  }
}

describe('earlier runs of a text', () => {
  it('are counted with their median duration', () => {
    const archive = newArchive();
    const { teamId } = archive.builtIn;
    expect(archive.earlierRuns(teamId, text)).toBeNull();
    [900, 100, 300].forEach((ms) => ended(archive, ms));
    expect(archive.earlierRuns(teamId, text)).toEqual({ runs: 3, durationMs: 300 });
  });

  it('are only those before a run, when one is named', () => {
    const archive = newArchive();
    const { teamId } = archive.builtIn;
    [100, 900].forEach((ms) => ended(archive, ms));
    const [, second] = archive.runsSince(teamId, 0, 10).map(({ no }) => no);
    expect(archive.earlierRuns(teamId, { ...text, before: second ?? 0 })).toEqual({ runs: 1, durationMs: 100 });
    expect(archive.earlierRuns(teamId, { ...text, before: 1 })).toBeNull();
  });

  it('are those of exactly this text and this team that ended by themselves', () => {
    const archive = newArchive();
    ended(archive, 100, { textSha256: 'another digest' });
    ended(archive, 100, { cancelled: true });
    start(archive, 1);
    expect(archive.earlierRuns(archive.builtIn.teamId, text)).toBeNull();
    ended(archive, 100);
    expect(archive.earlierRuns('another team', text)).toBeNull();
    expect(archive.earlierRuns(archive.builtIn.teamId, text)).toEqual({ runs: 1, durationMs: 100 });
  });
});
