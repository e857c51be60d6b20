import { describe, expect, it } from 'vitest';
import type { HostResult } from '#core/ports';
import { OutputGroups } from '#core/run/output-groups/output-groups';
import { FakeClock } from '../../../support/fakes/fake-clock.ts';
import { MemoryArchive } from '../../../support/fakes/memory-archive.ts';
import { nodeDigest } from '../../../support/fakes/node-digest.ts';
import { storeRun } from '../../../support/fakes/engine-rig.ts';

const plain = { hosts: false, times: false, numbers: false };

/** A run whose targets are written by hand. */
class Herd {
  readonly archive = new MemoryArchive();
  readonly groups = new OutputGroups({ archive: this.archive, clock: new FakeClock(), digest: nodeDigest });
  readonly id: string;

  constructor(hosts: number) {
    this.id = storeRun(this.archive, hosts);
    this.archive.moveRun(this.id, 'pending', { status: 'running', phase: 'running' });
  }

  write(host: number, text: string | Uint8Array, stream: 'out' | 'err' = 'out'): void {
    const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
    const slices = bytes.filter((byte) => byte === 0x0a).length + (bytes.at(-1) === 0x0a ? 0 : 1);
    this.archive.appendOutput(this.id, [{ host, attempt: 1, stream, firstN: 1, slices, at: 1, bytes }]);
  }

  end(host: number, result: Partial<HostResult> = {}): void {
    this.archive.startHost(this.id, host, 1);
    const digest = (stream: 'out' | 'err') => ({
      omitted: 0,
      sha256: this.archive.streamDigest(this.id, host, stream),
    });
    this.archive.finishHost(this.id, host, {
      status: 'success',
      reason: null,
      message: '',
      exitCode: 0,
      stopped: null,
      endedAt: 2,
      durationMs: 1,
      out: digest('out'),
      err: digest('err'),
      ...result,
    });
  }

  said(host: number, text: string, result: Partial<HostResult> = {}): void {
    this.write(host, text);
    this.end(host, result);
  }

  async folded(masks = {}, stream: 'both' | 'out' | 'err' = 'both') {
    const answer = await this.groups.of({ id: this.id }, { masks: { ...plain, ...masks }, stream, limit: 100 });
    return { ...answer, sizes: answer.groups.map(({ count, hosts }) => [count, hosts]) };
  }
}

describe('output groups', () => {
  it('fold targets with the same output, the largest group first, whatever their exit status', async () => {
    const herd = new Herd(5);
    herd.said(0, 'odd\n');
    for (const host of [1, 2, 4]) {
      herd.said(host, '5.15.0-91\n');
    }
    herd.said(3, '5.15.0-91\n', { status: 'failed', reason: 'exit-code', exitCode: 3 });
    const { groups, total, sizes } = await herd.folded();
    expect(sizes).toEqual([
      [4, [[1, 4]]],
      [1, [[0, 0]]],
    ]);
    expect(groups[0]).toMatchObject({
      statuses: { success: 3, failed: 1 },
      exitCodes: [
        { code: 0, count: 3 },
        { code: 3, count: 1 },
      ],
      excerpt: [{ stream: 'out', text: '5.15.0-91', open: false }],
      cut: false,
      lines: 1,
      bytes: 10,
      unmasked: false,
    });
    expect(total).toEqual({ groups: 2, hosts: 5 });
  });

  it('count apart who has not ended, never started or was never reached', async () => {
    const herd = new Herd(5);
    herd.said(0, 'x\n');
    herd.archive.startHost(herd.id, 1, 1);
    herd.write(1, 'x\n');
    herd.end(2, { status: 'skipped', reason: 'not-started' });
    herd.end(3, { status: 'failed', reason: 'refused-connection', exitCode: null });
    const { sizes, ungrouped } = await herd.folded();
    expect(sizes).toEqual([[1, [[0, 0]]]]);
    expect(ungrouped).toEqual({ pending: 1, running: 1, skipped: 1, unreached: 1 });
    herd.end(1);
    expect((await herd.folded()).sizes).toEqual([[2, [[0, 1]]]]);
  });

  it('tell stdout from stderr, and look at one of them alone', async () => {
    const herd = new Herd(2);
    herd.write(0, 'same\n');
    herd.write(1, 'same\n');
    herd.write(1, 'warning\n', 'err');
    herd.end(0);
    herd.end(1);
    expect((await herd.folded()).sizes).toHaveLength(2);
    expect((await herd.folded({}, 'out')).sizes).toEqual([[2, [[0, 1]]]]);
    expect((await herd.folded({}, 'err')).groups.map(({ bytes }) => bytes)).toEqual([0, 8]);
  });

  it('join what differs by masked names, times and numbers only', async () => {
    const herd = new Herd(3);
    herd.said(0, 't0 up 3 days, 10:00 load 17\n');
    herd.said(1, 't1 up 9 days, 11:07 load 17\n');
    herd.said(2, 't1 up 9 days, 11:07 load 4\n');
    expect((await herd.folded()).sizes).toHaveLength(3);
    expect((await herd.folded({ hosts: true, times: true })).sizes).toEqual([
      [2, [[0, 1]]],
      [1, [[2, 2]]],
    ]);
    expect((await herd.folded({ times: true, numbers: true })).sizes).toEqual([[3, [[0, 2]]]]);
    // The third names another target than itself.
    expect((await herd.folded({ hosts: true, times: true, numbers: true })).sizes).toEqual([
      [2, [[0, 1]]],
      [1, [[2, 2]]],
    ]);
  });

  it('compare a stream of more than a megabyte as it was stored, and say so', async () => {
    const herd = new Herd(3);
    const long = 'x'.repeat(60_000).concat('\n').repeat(17);
    herd.said(0, `${long}1\n`);
    herd.said(1, `${long}1\n`);
    herd.said(2, `${long}2\n`);
    const { groups, sizes } = await herd.folded({ numbers: true });
    expect(sizes).toEqual([
      [2, [[0, 1]]],
      [1, [[2, 2]]],
    ]);
    expect(groups.map(({ unmasked }) => unmasked)).toEqual([true, true]);
    expect((await herd.folded()).groups[0]?.unmasked).toBe(false);
  });

  it('keep outputs apart that are no text', async () => {
    const herd = new Herd(2);
    herd.write(0, Uint8Array.of(0xff, 0x0a));
    herd.write(1, Uint8Array.of(0xfe, 0x0a));
    herd.end(0);
    herd.end(1);
    expect((await herd.folded({ numbers: true })).sizes).toHaveLength(2);
  });

  it('read a finished stream once for each combination of masks', async () => {
    const herd = new Herd(3);
    for (const host of [0, 1, 2]) {
      herd.said(host, `${host}\n`);
    }
    const read = herd.archive.getRaw;
    let reads = 0;
    herd.archive.getRaw = (...range) => {
      reads += 1;
      return read(...range);
    };
    await herd.folded();
    expect(reads).toBe(0);
    await herd.folded({ numbers: true });
    const once = reads;
    await herd.folded({ numbers: true });
    expect([once > 0, reads]).toEqual([true, once]);
  });

  it('stay a small answer: long lines are shortened, groups beyond the limit counted', async () => {
    const herd = new Herd(120);
    for (let host = 0; host < 120; host += 1) {
      herd.said(host, `${String(host).repeat(5_000)}\n`.repeat(30));
    }
    const { groups, total } = await herd.folded();
    expect([groups.length, total.groups, groups[0]?.cut]).toEqual([100, 120, true]);
    expect(JSON.stringify(groups[0]).length).toBeLessThan(9_000);
  });
});
