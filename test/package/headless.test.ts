import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { needService } from '../support/services.ts';

const root = resolve(import.meta.dirname, '../..');
const isPackable = process.platform === 'linux' && process.arch === 'x64';
const scratch = mkdtempSync(join(tmpdir(), 'drover-headless-'));

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Runs shell text where there is no network but loopback and nothing on PATH but the system's own. */
function alone(text: string): { status: number | null; out: string } {
  const ran = spawnSync('unshare', ['-n', 'sh', '-c', `ip link set lo up\n${text}`], {
    cwd: scratch,
    encoding: 'utf8',
    timeout: 100_000,
    env: { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', HOME: join(scratch, 'home') },
  });
  return { status: ran.status, out: `${ran.stdout}${ran.stderr}` };
}

describe.skipIf(!isPackable || needService('build').skip || needService('namespaces').skip)(
  'the headless package',
  () => {
    let folder = '';

    beforeAll(() => {
      const packer = join(root, 'build/pack-headless.mjs');
      const packed = spawnSync(process.execPath, [packer, '--no-build', '--quick', '--into', scratch], {
        encoding: 'utf8',
      });
      expect(packed.status, `${packed.stdout}${packed.stderr}`).toBe(0);
      process.stdout.write(packed.stdout);
      const archive = readdirSync(scratch).find((name) => name.endsWith('.tar.gz')) ?? '';
      mkdirSync(join(scratch, 'home'));
      expect(spawnSync('tar', ['-xzf', archive], { cwd: scratch }).status).toBe(0);
      folder = join(scratch, archive.replace('.tar.gz', ''));
    }, 240_000);

    it('runs a script on a machine that has nothing and reaches nothing', () => {
      const { status, out } = alone(
        `env -i PATH=/usr/bin:/bin HOME="$HOME" '${folder}/bin/drover' exec -t local -- 'echo it works'`,
      );
      expect(out).toContain('it works');
      expect(status).toBe(0);
    }, 120_000);

    it('serves the console there, and stops in good order', () => {
      const { status, out } = alone(`
      '${folder}/bin/drover' serve --data "$HOME/node" --listen 127.0.0.1:7070 > serve.log 2>&1 &
      node=$!
      for i in $(seq 100); do grep -q 'console is at' serve.log && break; sleep 0.2; done
      curl -s -o page.html -w '%{http_code}\\n' http://127.0.0.1:7070/
      curl -s --unix-socket "$HOME/node/control.sock" -H 'content-type: application/json' -d '{}' http://localhost/api/node.info
      kill -TERM $node; wait $node; echo "ended with $?"`);
      expect(out).toMatch(/^200\n/);
      expect(out).toContain('"platform":"linux"');
      expect(out).toContain('ended with 0');
      expect(status).toBe(0);
      expect(readFileSync(join(scratch, 'page.html'), 'utf8')).toContain('<div id="root">');
    }, 120_000);

    it('is found through a link, and says its version', () => {
      symlinkSync(join(folder, 'bin/drover'), join(scratch, 'linked'));
      expect(alone('./linked version').out).toMatch(/^drover \d+\.\d+\.\d+|^Drover \d+\.\d+\.\d+/);
    }, 60_000);

    it('holds no Electron, no sources and the licence of everything inside', () => {
      const names = readdirSync(join(folder, 'lib/drover/node_modules'));
      expect(names).not.toContain('electron');
      expect(names).not.toContain('cpu-features');
      expect(names).toContain('ssh2');
      const sbom = JSON.parse(readFileSync(join(folder, 'share/sbom.cdx.json'), 'utf8')) as {
        components: { name: string }[];
      };
      const inside = sbom.components.map(({ name }) => name);
      expect(inside).toEqual(expect.arrayContaining(['fastify', 'better-sqlite3', 'react', 'monaco-editor']));
      const index = readFileSync(join(folder, 'share/licences/INDEX.txt'), 'utf8').trim().split('\n');
      expect(index.length).toBeGreaterThan(80);
      expect(index.filter((line) => /GPL/.test(line))).toEqual([]);
      const shown = JSON.parse(readFileSync(join(folder, 'lib/drover/out/renderer/licences.json'), 'utf8')) as {
        packages: { name: string; version: string }[];
      };
      expect(shown.packages).toHaveLength(index.length);
      expect(shown.packages).toContainEqual(expect.objectContaining({ name: 'node', version: process.versions.node }));
    });

    it('brings a unit for systemd that may do no more than it needs', () => {
      const unit = readFileSync(join(folder, 'share/drover.service'), 'utf8');
      expect(unit).toContain('NoNewPrivileges=true');
      expect(unit).toContain('ProtectSystem=strict');
      expect(unit).toContain('ExecStart=/opt/drover/bin/drover serve');
      expect(readdirSync(join(folder, 'share'))).toEqual(
        expect.arrayContaining(['drover.logrotate', 'prometheus.yml']),
      );
    });
  },
);
