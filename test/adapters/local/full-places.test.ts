import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLocalExec } from '#adapters/local/local-exec';
import { CollectingLog } from '../../support/fakes/collecting-log.ts';
import { needService } from '../../support/services.ts';
import { ended, printed, run, shellPlan } from './local-script.ts';

const runOnce = fileURLToPath(new URL('run-once.ts', import.meta.url));

describe.skipIf(needService('tmpfs').skip)('a place on a disk of its own', () => {
  const log = new CollectingLog();
  let place: string;
  beforeAll(() => {
    place = mkdtempSync(join(tmpdir(), 'drover-disk-'));
  });
  afterAll(() => rmSync(place, { recursive: true }));

  /** Mounts a file system of 64 KB for as long as the test is in scope. */
  function mounted(options: string): Disposable {
    printed('mount', '-t', 'tmpfs', '-o', `size=64k,${options}`, 'tmpfs', place);
    return { [Symbol.dispose]: () => void printed('umount', place) };
  }
  const exec = () => createLocalExec({ log, environment: { ...process.env, TMPDIR: place } });
  const fill = (): void => {
    try {
      writeFileSync(join(place, 'ballast'), Buffer.alloc(128 * 1024));
    } catch {
      // The disk is full now, as it shall be.
    }
  };

  it('is passed over when it is full, and nothing is left on it', async () => {
    using _ = mounted('rw');
    fill();
    const { out, result } = await run({ plan: shellPlan(`echo "$0"\n${': filling\n'.repeat(1_000)}`) }, exec());
    expect(result).toEqual(ended(0));
    expect(out).toMatch(/^\/tmp\/\.drover-run-/);
    expect(readdirSync(place)).toEqual(['ballast']);
  });

  it('is passed over when it is read-only', async () => {
    using _ = mounted('ro');
    expect((await run({ plan: shellPlan('echo "$0"') }, exec())).out).toMatch(/^\/tmp\/\.drover-run-/);
  });

  it('will do when programs may not be started from it', async () => {
    using _ = mounted('noexec');
    expect((await run({ plan: shellPlan('echo "$0"') }, exec())).out.startsWith(place)).toBe(true);
  });

  it('is not needed when every place is full', async () => {
    using _ = mounted('rw');
    fill();
    const everywhere = createLocalExec({ log, places: [place] });
    const { out, result } = await run({ plan: shellPlan(`echo "$0"\n${': filling\n'.repeat(1_000)}`) }, everywhere);
    expect({ out, result }).toEqual({ out: '/dev/fd/3\n', result: ended(0) });
  });

  it('may be missing altogether: on a machine where nothing can be written the script is read from a descriptor', () => {
    const text = 'echo "$0"; cat; echo after >/dev/stderr';
    const lines = [
      // Bound to themselves, so that what lies there, this checkout perhaps, can still be read.
      'for place in /tmp /dev/shm; do mount --bind $place $place && mount -o remount,ro,bind $place || exit 99; done',
      `HOME=/proc exec '${process.execPath}' '${runOnce}' "$0"`,
    ];
    const line = printed('unshare', '-m', 'sh', '-c', lines.join('\n'), text);
    expect(JSON.parse(line)).toEqual({ out: '/dev/fd/3\n', err: 'after\n', result: ended(0) });
  });

  it('may be a machine without sh, where Node’s sockets stand in for pipes', () => {
    const command = `mount --bind /dev/null /bin/sh && exec '${process.execPath}' '${runOnce}' "$0"`;
    const text = 'echo "$BASH"; cat; echo after >&2';
    const line = printed('unshare', '-m', '/bin/bash', '-c', command, text);
    expect(JSON.parse(line)).toEqual({ out: '/bin/bash\n', err: 'after\n', result: ended(0) });
  });
});
