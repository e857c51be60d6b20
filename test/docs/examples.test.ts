import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

/** The shell blocks of a page, in order, as one script that stops at the first failure. */
function scriptOf(page: string): string {
  const text = readFileSync(join(root, 'docs', page), 'utf8');
  return [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map((match) => match[1]).join('\n');
}

function bash(script: string, folder: string): Promise<{ code: number | null; output: string }> {
  const programs = join(folder, 'bin');
  const path = [programs, process.env['PATH']].join(delimiter);
  const env = { ...process.env, PATH: path, DROVER_DATA: join(folder, 'data') };
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

describe('the examples of the documentation', () => {
  it.each(['using.md', 'administering.md', 'integrating.md'])('of %s work as they stand', async (page) => {
    const folder = mkdtempSync(join(tmpdir(), 'drover-docs-'));
    try {
      const programs = mkdtempSync(join(folder, 'programs-'));
      symlinkSync(programs, join(folder, 'bin'));
      const start = `#!/bin/sh\nexec ${process.execPath} ${join(root, 'bin/drover.mjs')} "$@"\n`;
      writeFileSync(join(programs, 'drover'), start, { mode: 0o755 });
      const script = scriptOf(page);
      expect(script).toContain('drover');
      const { code, output } = await bash(script, folder);
      expect(code, output).toBe(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
