import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { HostStatus, RunStatus } from '#contract/run';
import type { HostResult } from '#core/ports';
import { notStarted } from '#core/run/not-started';
import { isFinal } from '#core/run/run-state';
import { anna, EngineRig, storeRun } from '../../support/fakes/engine-rig.ts';
import { MemoryArchive, noSpaceFor } from '../../support/fakes/memory-archive.ts';
import { sha256 } from '../../support/fakes/node-digest.ts';

vi.setConfig({ testTimeout: 60_000 });

type Left = 'pending' | 'running' | 'success' | 'failed' | 'timeout';

const resultOf = (status: 'success' | 'failed' | 'timeout'): HostResult => ({
  ...notStarted('', 1),
  status,
  reason: status === 'success' ? null : status === 'failed' ? 'exit-code' : 'timed-out',
  exitCode: status === 'success' ? 0 : 1,
  durationMs: 7,
});

/** What an engine leaves behind when it is killed: a run and its targets as they stood. */
function leave(archive: MemoryArchive, status: 'pending' | 'running' | 'cancelling', hosts: readonly Left[]): string {
  const id = storeRun(archive, hosts.length);
  if (status !== 'pending') {
    archive.moveRun(id, 'pending', { status: 'running', phase: 'running', startedAt: 1 });
  }
  for (const [host, left] of hosts.entries()) {
    if (left !== 'pending') {
      archive.startHost(id, host, 1);
    }
    if (left !== 'pending' && left !== 'running') {
      archive.finishHost(id, host, resultOf(left));
    }
  }
  if (status === 'cancelling') {
    const cancel = { by: 'anna', at: 1, forced: false, level: 'all' } as const;
    archive.moveRun(id, 'running', { status: 'cancelling', phase: 'sent', cancel });
  }
  return id;
}

function restarted(archive: MemoryArchive): EngineRig {
  const rig = new EngineRig({ archive });
  rig.runs.open();
  return rig;
}

describe('an engine that starts again', () => {
  it('ends every run that had begun as decided, whatever its targets had done, and contacts none of them', async () => {
    const aHost = fc.constantFrom<Left>('pending', 'running', 'success', 'failed', 'timeout');
    const aRun = fc.tuple(
      fc.constantFrom<'running' | 'cancelling'>('running', 'cancelling'),
      fc.array(aHost, { minLength: 1, maxLength: 6 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(aRun, { minLength: 1, maxLength: 4 }), async (left) => {
        const archive = new MemoryArchive();
        const ids = left.map(([status, hosts]) => leave(archive, status, hosts));
        const rig = restarted(archive);
        await rig.clock.advance(60_000);
        expect(rig.exec.started).toEqual([]);
        for (const [index, [status, hosts]] of left.entries()) {
          const id = ids[index] ?? '';
          const rows = rig.hosts(id);
          expect(rows.map((row) => row.status)).toEqual(hosts.map((host) => expectedHost(host, status)));
          expect([rig.run(id).status, rig.run(id).phase]).toEqual(expectedRun(status, hosts));
          expect(archive.moves.filter((move) => move.id === id && isFinal(move.to))).toHaveLength(1);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('keeps stored results, loses what was started and leaves the rest unstarted, in words', () => {
    const archive = new MemoryArchive();
    const id = leave(archive, 'running', ['success', 'running', 'running', 'pending']);
    const before = archive.getHosts(id, { after: -1, limit: 10 });
    const rig = restarted(archive);
    expect(rig.run(id)).toMatchObject({
      status: 'failed',
      phase: 'lost',
      reason: 'The node was restarted: outcome unknown on 2 of 4, 1 not started',
      durationMs: null,
      cancel: null,
    });
    const [kept, lost, , unstarted] = rig.hosts(id);
    expect(kept).toEqual(before[0]);
    expect(lost).toMatchObject({
      status: 'failed',
      reason: 'lost',
      message: 'Outcome unknown: the node was restarted; it may still run on t1',
      exitCode: null,
      durationMs: null,
    });
    expect(unstarted).toMatchObject({ status: 'skipped', reason: 'not-started' });
    expect(archive.audits.at(-1)).toMatchObject({ action: 'run.recover', objectId: id, actor: { name: 'Drover' } });
  });

  it('runs exactly the targets that were not started when that is asked for', async () => {
    const archive = new MemoryArchive();
    const id = leave(archive, 'running', ['success', 'running', 'pending', 'pending']);
    const rig = restarted(archive);
    rig.targets = [...rig.targets, ...new EngineRig({ targets: 4 }).targets.slice(3)];
    const again = rig.runs.rerun({ run: id, hosts: 'not-started' }, anna);
    await rig.end(again.id);
    expect(rig.hosts(again.id).map(({ name }) => name)).toEqual(['t2', 't3']);
    expect(rig.exec.started).toHaveLength(2);
  });

  it('settles a run truly whose targets had all answered', () => {
    const archive = new MemoryArchive();
    const good = leave(archive, 'running', ['success', 'success']);
    const bad = leave(archive, 'running', ['success', 'failed']);
    const slow = leave(archive, 'running', ['success', 'timeout']);
    const rig = restarted(archive);
    expect([good, bad, slow].map((id) => [rig.run(id).status, rig.run(id).phase, rig.run(id).reason])).toEqual([
      ['success', 'ok', ''],
      ['failed', 'task_failed', '1 failed of 2 targets'],
      ['timeout', 'task_limit', '1 timed out of 2 targets'],
    ]);
  });

  it('ends a cancel that was under way as forced, even if every target had answered', () => {
    const archive = new MemoryArchive();
    const open = leave(archive, 'cancelling', ['success', 'running', 'pending']);
    const answered = leave(archive, 'cancelling', ['success', 'failed']);
    const rig = restarted(archive);
    for (const id of [open, answered]) {
      expect(rig.run(id)).toMatchObject({ status: 'cancelled', phase: 'forced', cancel: { by: 'anna', forced: true } });
    }
    expect(rig.hosts(open)[1]).toMatchObject({
      status: 'cancelled',
      message: 'Stopped without an answer: the node was restarted; it may still run on t1',
    });
  });

  it('starts runs that had not begun, oldest first, and none twice', async () => {
    const archive = new MemoryArchive();
    const ids = [leave(archive, 'pending', ['pending']), leave(archive, 'pending', ['pending', 'pending'])];
    const rig = restarted(archive);
    expect(rig.runs.liveCount).toBe(2);
    await rig.clock.until(() => ids.every((id) => rig.run(id).status === 'success'));
    expect(rig.exec.started).toEqual([0, 0, 1]);
  });

  it('knows the digest of what a lost target had written', () => {
    const archive = new MemoryArchive();
    const id = leave(archive, 'running', ['running']);
    const bytes = new TextEncoder().encode('half a li');
    archive.appendOutput(id, [{ host: 0, attempt: 1, stream: 'out', firstN: 1, slices: 1, at: 1, bytes }]);
    const [row] = restarted(archive).hosts(id);
    expect(row?.out).toMatchObject({ bytes: 9, sha256: sha256('half a li') });
    expect(row?.err.sha256).toBe(sha256(''));
  });

  it('comes up on a full disk and ends the runs when there is room', async () => {
    const archive = new MemoryArchive();
    const ids = [leave(archive, 'running', ['running']), leave(archive, 'cancelling', ['running'])];
    archive.failure = noSpaceFor();
    const rig = restarted(archive);
    expect(rig.log.messages('error')).toHaveLength(2);
    await rig.clock.advance(30_000);
    expect(ids.map((id) => rig.run(id).status)).toEqual(['running', 'cancelling']);
    archive.failure = () => undefined;
    await rig.clock.advance(15_000);
    expect(ids.map((id) => rig.run(id).status)).toEqual(['failed', 'cancelled']);
    expect(rig.exec.started).toEqual([]);
  });

  it('ends a run in the same words when it was killed while it ended it', () => {
    const archive = new MemoryArchive();
    const id = leave(archive, 'running', ['success', 'running', 'pending']);
    const untouched = archive.getHosts(id, { after: -1, limit: 10 });
    archive.failure = (name) => (name === 'moveRun' ? new Error('killed') : undefined);
    expect(restarted(archive).hosts(id)).toEqual(untouched);
    archive.failure = () => undefined;
    expect(restarted(archive).run(id)).toMatchObject({
      status: 'failed',
      phase: 'lost',
      reason: 'The node was restarted: outcome unknown on 1 of 3, 1 not started',
    });
  });

  it('never starts a target a second time, whichever write it was killed at, however often', async () => {
    const aLife = fc.record({
      /** Writes that are still made before it is killed. */
      writes: fc.nat({ max: 25 }),
      cancelAt: fc.option(fc.nat({ max: 40 }), { nil: undefined }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(aLife, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 4 }),
        async (lives, concurrency) => {
          const archive = new MemoryArchive();
          const id = storeRun(archive, 4, { concurrency });
          const starts: number[] = [];
          const unkilled = { writes: Number.POSITIVE_INFINITY, cancelAt: undefined };
          for (const { writes, cancelAt } of [...lives, unkilled]) {
            let left = writes;
            archive.failure = () => {
              left -= 1;
              return left < 0 ? new Error('killed') : undefined;
            };
            // Each life has a clock of its own: what the one before had planned happens no more.
            const rig = new EngineRig({ archive, targets: 4, scriptOf: (host) => ({ exitAfter: 10 * (host + 1) }) });
            rig.runs.open();
            if (cancelAt !== undefined) {
              rig.clock.after(cancelAt, () => cancelled(rig, id));
            }
            await rig.clock.advance(1_000);
            starts.push(...rig.exec.started);
          }
          expect(new Set(starts).size).toBe(starts.length);
          const { status, counts } = archive.getDetail(id).run;
          expect(isFinal(status)).toBe(true);
          expect([counts.pending, counts.running]).toEqual([0, 0]);
          expect(archive.moves.filter(({ to }) => isFinal(to))).toHaveLength(1);
          // A success is never a guess: every target had succeeded.
          expect(status !== 'success' || counts.success === 4).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });
});

/** Whether the cancel was taken; it is not when the run has ended or the engine is dead. */
function cancelled(rig: EngineRig, id: string): boolean {
  try {
    rig.runs.cancel(id, anna);
    return true;
  } catch {
    return false;
  }
}

function expectedHost(left: Left, status: RunStatus): HostStatus {
  switch (left) {
    case 'pending':
      return 'skipped';
    case 'running':
      return status === 'cancelling' ? 'cancelled' : 'failed';
    default:
      return left;
  }
}

function expectedRun(status: RunStatus, hosts: readonly Left[]): [RunStatus, string] {
  if (status === 'cancelling') {
    return ['cancelled', 'forced'];
  }
  if (hosts.includes('pending') || hosts.includes('running')) {
    return ['failed', 'lost'];
  }
  if (hosts.includes('failed')) {
    return ['failed', 'task_failed'];
  }
  return hosts.includes('timeout') ? ['timeout', 'task_limit'] : ['success', 'ok'];
}
