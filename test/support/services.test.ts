import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { needService } from './services.ts';

describe('needService', () => {
  const folder = mkdtempSync(join(tmpdir(), 'drover-services-'));
  const summary = join(folder, 'skips.txt');
  afterEach(() => vi.unstubAllEnvs());
  afterAll(() => rmSync(folder, { recursive: true }));

  it('skips a suite whose service is missing and leaves its name and the reason for the summary', () => {
    vi.stubEnv('PATH', folder);
    vi.stubEnv('CI', '');
    vi.stubEnv('DROVER_TEST_SKIPS', summary);
    const need = needService('login-shells');
    expect(need).toEqual({
      skip: true,
      reason: 'needs login-shells: bash, dash, zsh, fish, csh not installed',
    });
    expect(readFileSync(summary, 'utf8')).toBe(`test/support/services.test.ts: ${need.reason}\n`);
  });

  it('fails instead where CI is true', () => {
    vi.stubEnv('PATH', folder);
    vi.stubEnv('CI', 'true');
    expect(() => needService('login-shells')).toThrow(/^test\/support\/services\.test\.ts needs login-shells/);
  });

  it('skips nothing of a suite whose service is here', () => {
    vi.stubEnv('CI', '');
    vi.stubEnv('DROVER_TEST_SKIPS', summary);
    const isHere = spawnSync('unshare -n true', { shell: true }).status === 0;
    expect(needService('namespaces').skip).toBe(!isHere);
  });
});
