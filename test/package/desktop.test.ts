import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { extractAll } from '@electron/asar';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServe, stopServe } from '../e2e/console.ts';
import { needService } from '../support/services.ts';

const root = resolve(import.meta.dirname, '../..');
const scratch = mkdtempSync(join(tmpdir(), 'drover-dist-'));
/** How Electron marks the place of its fuses: this text, the version 1, their number, and one byte each. */
const fuseMark = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const fuseCount = 9;

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** A folder that looks to electron-builder like an unpacked Electron; nothing in it runs. */
function standIn(): string {
  const folder = join(scratch, 'electron');
  mkdirSync(join(folder, 'resources'), { recursive: true });
  mkdirSync(join(folder, 'locales'));
  const fuses = Buffer.concat([Buffer.from(fuseMark), Buffer.from([1, fuseCount]), Buffer.from('1'.repeat(fuseCount))]);
  writeFileSync(join(folder, 'electron'), Buffer.concat([Buffer.from('stand-in\n'), fuses]));
  chmodSync(join(folder, 'electron'), 0o755);
  writeFileSync(join(folder, 'LICENSE'), 'stand-in');
  writeFileSync(join(folder, 'LICENSES.chromium.html'), 'stand-in');
  return folder;
}

const electronBuilder = join(root, 'node_modules/electron-builder/cli.js');

describe.skipIf(needService('build').skip)('the desktop package', () => {
  let app = '';

  beforeAll(() => {
    const words = ['--linux', 'dir', '--x64', '--publish', 'never', `-c.electronDist=${standIn()}`];
    const packed = spawnSync(process.execPath, [electronBuilder, ...words, `-c.directories.output=${scratch}/dist`], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(packed.status, `${packed.stdout}${packed.stderr}`).toBe(0);
    app = join(scratch, 'dist/linux-unpacked');
  }, 300_000);

  it('has every fuse set so that nobody runs other code under its name', async () => {
    const wire = await getCurrentFuseWire(join(app, 'drover'));
    const on = [
      FuseV1Options.EnableCookieEncryption,
      FuseV1Options.EnableEmbeddedAsarIntegrityValidation,
      FuseV1Options.OnlyLoadAppFromAsar,
    ];
    const off = [
      FuseV1Options.RunAsNode,
      FuseV1Options.EnableNodeOptionsEnvironmentVariable,
      FuseV1Options.EnableNodeCliInspectArguments,
      FuseV1Options.GrantFileProtocolExtraPrivileges,
    ];
    const state = (fuses: FuseV1Options[]): string =>
      fuses.map((fuse) => String.fromCharCode(wire[fuse] ?? 0)).join('');
    expect(state(on)).toBe('111');
    expect(state(off)).toBe('0000');
  });

  it('holds all that the engine needs: taken out of the archive, it serves the console', async () => {
    const out = join(scratch, 'extracted');
    extractAll(join(app, 'resources/app.asar'), out);
    const data = join(scratch, 'data');
    const { child, link } = await startServe(data, [], join(out, 'out/main/cli.js'));
    try {
      const answer = await fetch(new URL('/', link));
      expect(answer.status).toBe(200);
      expect(await answer.text()).toContain('<div id="root">');
    } finally {
      await stopServe(child);
    }
    expect(existsSync(join(out, 'out/main/electron.js'))).toBe(true);
  }, 120_000);

  it('carries no sources, maps, or binaries of other systems', () => {
    const names = readdirSync(join(scratch, 'extracted'), { recursive: true, encoding: 'utf8' });
    expect(names.filter((name) => /\.(map|[cm]?ts)$/.test(name))).toEqual([]);
    expect(names.filter((name) => name.endsWith('.node'))).toEqual([
      'node_modules/better-sqlite3/prebuilds/linux-x64.node',
    ]);
    expect(names.filter((name) => name.startsWith('node_modules/electron'))).toEqual([]);
  });
});
