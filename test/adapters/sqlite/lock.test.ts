import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isArchiveLocked, readLockHolder, takeArchiveLock } from '#adapters/sqlite/lock';
import { testFolder } from './archive-fixture.ts';
import type { LockWord } from './lock-holder.ts';

/** Another process that tries to take the lock. */
async function holder(folder: string): Promise<{ child: ChildProcess; said: LockWord }> {
  const child = spawn(process.execPath, [resolve(import.meta.dirname, 'lock-holder.ts'), folder], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [bytes] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, said: bytes.toString().trim() as LockWord };
}

function lockOf(folder: string) {
  const lock = takeArchiveLock(folder, () => 1234);
  onTestFinished(() => lock?.release());
  return lock;
}

describe('the lock of the archive', () => {
  it('is given to one in a process at a time', () => {
    const folder = testFolder();
    const first = lockOf(folder);
    expect(first).toBeDefined();
    expect(lockOf(folder)).toBeUndefined();
    expect(lockOf(testFolder())).toBeDefined();
    first?.release();
    first?.release();
    expect(lockOf(folder)).toBeDefined();
  });

  it.skipIf(process.platform === 'win32')(
    'cannot be read by others, who could hold it with a lock of their own',
    () => {
      const folder = testFolder();
      const file = join(folder, 'archive.lock');
      lockOf(folder)?.release();
      expect(statSync(file).mode & 0o777).toBe(0o600);
      chmodSync(file, 0o644);
      const lock = lockOf(folder);
      expect(lock).toBeDefined();
      expect(statSync(file).mode & 0o777).toBe(0o600);
    },
  );

  it('is refused at once while another process has it, and its holder is known', async () => {
    const folder = testFolder();
    const { child, said } = await holder(folder);
    expect(said).toBe('held');
    const began = performance.now();
    expect(lockOf(folder)).toBeUndefined();
    expect(performance.now() - began).toBeLessThan(1500);
    expect(readLockHolder(folder)).toMatchObject({ pid: child.pid, host: hostname() });
    expect(isArchiveLocked(folder)).toBe(true);
    expect((await holder(folder)).said).toBe('refused');
    child.stdin?.end();
    await once(child, 'exit');
    expect(readLockHolder(folder)).toBeUndefined();
    expect(isArchiveLocked(folder)).toBe(false);
    expect(lockOf(folder)).toBeDefined();
    // Whoever asks takes nothing from the holder.
    expect(isArchiveLocked(folder)).toBe(true);
    expect((await holder(folder)).said).toBe('refused');
    expect(readLockHolder(folder)).toMatchObject({ pid: process.pid, startedAt: 1234 });
  });

  it('is free at once when its holder was killed', async () => {
    const folder = testFolder();
    for (let round = 0; round < 3; round += 1) {
      const { child, said } = await holder(folder);
      expect(said).toBe('held');
      child.kill('SIGKILL');
      await once(child, 'exit');
      expect(existsSync(join(folder, 'lock.json'))).toBe(true);
    }
    expect(lockOf(folder)).toBeDefined();
    expect(readLockHolder(folder)?.pid).toBe(process.pid);
  });

  it('does not pass to a program that its holder has started', async () => {
    const folder = testFolder();
    const lock = lockOf(folder);
    const child = spawn('sleep', ['60'], { stdio: 'ignore' });
    onTestFinished(() => void child.kill('SIGKILL'));
    await once(child, 'spawn');
    lock?.release();
    expect((await holder(folder)).said).toBe('held');
  });

  it('says nothing about a holder from before the machine was started, or in words it does not know', () => {
    const folder = testFolder();
    const note = join(folder, 'lock.json');
    expect(readLockHolder(folder)).toBeUndefined();
    lockOf(folder);
    const holderNow = JSON.parse(readFileSync(note, 'utf8')) as Record<string, unknown>;
    writeFileSync(note, JSON.stringify({ ...holderNow, bootId: 'another start' }));
    expect(readLockHolder(folder)).toBeUndefined();
    writeFileSync(note, JSON.stringify({ ...holderNow, bootId: 'another start', host: 'another machine' }));
    expect(readLockHolder(folder)?.host).toBe('another machine');
    writeFileSync(note, '{"pid":"x"}');
    expect(readLockHolder(folder)).toBeUndefined();
    writeFileSync(note, 'not JSON');
    expect(readLockHolder(folder)).toBeUndefined();
  });
});
