import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { needService } from '../support/services.ts';
import { startSshd } from '../support/sshd.ts';

const root = resolve(import.meta.dirname, '../..');

/** The shell blocks of a page, in order, as one script that stops at the first failure. */
function scriptOf(page: string): string {
  const text = readFileSync(join(root, 'docs', page), 'utf8');
  return [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map((match) => match[1]).join('\n');
}

function bash(script: string, folder: string, ownHome: boolean): Promise<{ code: number | null; output: string }> {
  const programs = join(folder, 'bin');
  const path = [programs, process.env['PATH']].join(delimiter);
  const env = { ...process.env, PATH: path, DROVER_DATA: join(folder, 'data'), ...(ownHome && { HOME: folder }) };
  return new Promise((done, lost) => {
    const child = spawn('bash', ['-euo', 'pipefail', '-c', script], { cwd: folder, env });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    child.once('error', lost);
    child.once('close', (code) => done({ code, output }));
  });
}

async function checkPage(page: string, sshConfig?: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'drover-docs-'));
  try {
    const programs = mkdtempSync(join(folder, 'programs-'));
    symlinkSync(programs, join(folder, 'bin'));
    const start = `#!/bin/sh\nexec ${process.execPath} ${join(root, 'bin/drover.mjs')} "$@"\n`;
    writeFileSync(join(programs, 'drover'), start, { mode: 0o755 });
    if (sshConfig !== undefined) {
      mkdirSync(join(folder, '.ssh'), { mode: 0o700 });
      writeFileSync(join(folder, '.ssh', 'config'), sshConfig, { mode: 0o600 });
    }
    const script = scriptOf(page);
    expect(script).toContain('drover');
    const { code, output } = await bash(script, folder, sshConfig !== undefined);
    expect(code, output).toBe(0);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const sshd = needService('sshd');

describe('the examples of the documentation', () => {
  it.each(['using.md', 'administering.md', 'integrating.md'])('of %s work as they stand', (page) => checkPage(page));

  it.skipIf(sshd.skip)(`of reaching.md work as they stand${sshd.reason}`, async () => {
    await using server = await startSshd({ addresses: ['127.0.0.2', '127.0.0.3'] });
    const { port, account, keyFile } = server;
    const host = (name: string, address: string): string =>
      `Host ${name}\n  HostName ${address}\n  Port ${port}\n  User ${account.name}\n  IdentityFile ${keyFile}\n`;
    await checkPage('reaching.md', `${host('web1', '127.0.0.2')}${host('web2', '127.0.0.3')}`);
  });
});
