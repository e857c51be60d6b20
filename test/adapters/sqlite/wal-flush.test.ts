import { fdatasync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { WalFlush } from '#adapters/sqlite/wal-flush';
import { recordingLog, testFolder } from './archive-fixture.ts';

/** A log whose flushes really happen once the test lets them. */
function flushing() {
  const file = join(testFolder(), 'archive.db');
  writeFileSync(`${file}-wal`, 'frames');
  const begun: (() => void)[] = [];
  const ended = vi.fn<() => void>();
  const log = recordingLog();
  const flush = new WalFlush(file, log, (descriptor, done) => {
    begun.push(() =>
      fdatasync(descriptor, (error) => {
        done(error);
        ended();
      }),
    );
  });
  vi.useFakeTimers();
  onTestFinished(() => {
    vi.useRealTimers();
    flush.close();
  });
  return { flush, begun, ended, log };
}

describe('the flush of the log', () => {
  it('follows the first commit of a burst by half a second and takes all of it', () => {
    const { flush, begun } = flushing();
    for (let ms = 0; ms < 490; ms += 10) {
      flush.committed();
      vi.advanceTimersByTime(10);
    }
    expect(begun).toHaveLength(0);
    vi.advanceTimersByTime(10);
    expect(begun).toHaveLength(1);
    vi.advanceTimersByTime(60_000);
    expect(begun).toHaveLength(1);
  });

  it('is followed by another for what was committed meanwhile', async () => {
    const { flush, begun, log } = flushing();
    flush.committed();
    vi.advanceTimersByTime(500);
    flush.committed();
    vi.advanceTimersByTime(500);
    expect(begun).toHaveLength(1);
    vi.useRealTimers();
    begun[0]?.();
    await vi.waitFor(() => expect(begun).toHaveLength(2), { timeout: 10_000 });
    expect(log.lines).toEqual([]);
  });

  it('leaves its file open until it has ended, and not longer', async () => {
    const { flush, begun, ended, log } = flushing();
    flush.committed();
    vi.advanceTimersByTime(500);
    flush.close();
    flush.committed();
    vi.advanceTimersByTime(5000);
    expect(begun).toHaveLength(1);
    vi.useRealTimers();
    begun[0]?.();
    await vi.waitFor(() => expect(ended).toHaveBeenCalledOnce(), { timeout: 10_000 });
    // Had it been closed before, the flush would have failed.
    expect(log.lines).toEqual([]);
  });

  it('says when it could not be done, and tries again for the next commit', () => {
    const log = recordingLog();
    const flush = new WalFlush(join(testFolder(), 'archive.db'), log);
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    for (let round = 1; round <= 2; round += 1) {
      flush.committed();
      vi.advanceTimersByTime(500);
      expect(log.lines.map(({ message }) => message)).toEqual(
        Array.from({ length: round }, () => 'output could not be flushed'),
      );
    }
    flush.close();
  });
});
