import { spawnSync } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { testFolder } from './archive-fixture.ts';

function mustRun(program: string, ...words: string[]): void {
  const { status, stderr } = spawnSync(program, words, { encoding: 'utf8' });
  if (status !== 0) {
    throw new Error(`${program} ${words.join(' ')}: ${stderr}`);
  }
}

/** A folder with a small disk of its own, which is gone when the test has finished. */
export function smallDisk(megabytes: number): string {
  const folder = testFolder();
  mustRun('mount', '-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder);
  onTestFinished(() => mustRun('umount', '-l', folder));
  return folder;
}

export const makeReadOnly = (folder: string): void => mustRun('mount', '-o', 'remount,ro', folder);
