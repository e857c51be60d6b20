import { spawnSync } from 'node:child_process';
import { median } from './figure.ts';

/** What `node -e 0` took on the machine on which the bars in milliseconds were set (`results/2026-11-20-af3ab9f.json`). */
const referenceMs = 28.95;
const tries = 9;

/**
 * How many times slower than the reference this machine is now, by the start of a process that does nothing; never below
 * 1, so that a faster machine has no stricter bars. Rented machines differ by more than the product ever will.
 */
export function machinePace(): number {
  const values = Array.from({ length: tries }, () => {
    const from = performance.now();
    spawnSync(process.execPath, ['-e', '0'], { stdio: 'ignore' });
    return performance.now() - from;
  });
  return Math.max(1, Math.round((median(values) / referenceMs) * 100) / 100);
}
