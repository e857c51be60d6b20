import { execFile, spawn } from 'node:child_process';
import { chmodSync, existsSync, lstatSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DroverClient } from '#contract/client';
import { socketDownload, socketWire } from '../../../src-main/cli/socket-wire.ts';
import { brokenDownload, composeForTest, heavyRun } from '../../contract/compose-for-test.ts';
import { serveControl } from '../../contract/serve-http.ts';
import { settled } from './settled.ts';

const engine = composeForTest();
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drover-socket-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const permissions = (path: string): number => statSync(path).mode & 0o777;

/** What a killed engine leaves behind. */
async function leaveStaleSocket(path: string): Promise<void> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const script = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => process.stdout.write('up'))`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('close', resolve));
}

describe('the control socket', () => {
  it('is 0600 in a folder of 0700 and leaves the umask as it was', async () => {
    const before = process.umask();
    await using control = await serveControl(engine);
    expect(lstatSync(control.path).isSocket()).toBe(true);
    expect(permissions(control.path)).toBe(0o600);
    expect(permissions(dirname(control.path))).toBe(0o700);
    expect(process.umask()).toBe(before);
  });

  it('makes whoever opens it the owner, whatever cookie comes', async () => {
    await using control = await serveControl(engine);
    const info = await new DroverClient(socketWire(control.path)).call('node.info', {});
    expect(info.actor.role).toBe('owner');
    expect(engine.seen.actors.at(-1)).toMatchObject({
      role: 'owner',
      origin: { transport: 'control' },
      sessionId: null,
    });
  });

  it('speaks to curl', async () => {
    await using control = await serveControl(engine);
    const curl = async (...options: string[]): Promise<string> =>
      (await promisify(execFile)('curl', ['-sN', '--unix-socket', control.path, ...options])).stdout;
    const called = await curl('http://localhost/api/node.info', '-H', 'content-type: application/json', '-d', '{}');
    expect(JSON.parse(called)).toMatchObject({ ok: true, value: { nodeId: 'n1' } });
    const followed = await curl('http://localhost/api/run.output?q=%7B%22run%22:3%7D', '-H', 'last-event-id: 2');
    expect(followed.match(/^id: \d+$/gm)).toEqual(['id: 3', 'id: 3']);
  });

  it('has neither pages nor sessions', async () => {
    await using control = await serveControl(engine);
    const curl = promisify(execFile);
    const type = ['-H', 'content-type: application/json', '-d', '{}'];
    for (const options of [['http://localhost/'], ['http://localhost/enter', ...type]]) {
      const { stdout } = await curl('curl', ['-s', '--unix-socket', control.path, ...options]);
      expect(JSON.parse(stdout)).toMatchObject({ ok: false, error: { code: 'not-found' } });
    }
  });

  it('is gone after closing', async () => {
    const path = join(folder, 'control.sock');
    const control = await serveControl(engine, path);
    await control.close();
    expect(existsSync(path)).toBe(false);
  });

  it('is closed at once while somebody reads slowly', async () => {
    const control = await serveControl(engine);
    const reader = connect(control.path);
    reader.on('error', () => undefined);
    reader.write(`GET /api/run.output?q=%7B%22run%22:${heavyRun}%7D HTTP/1.1\r\nhost: localhost\r\n\r\n`);
    const half = connect(control.path);
    half.on('error', () => undefined);
    half.write('POST /api/node.info HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n');
    await settled(() => engine.seen.produced);
    const began = performance.now();
    await control.close();
    expect(performance.now() - began).toBeLessThan(2_000);
    reader.destroy();
    half.destroy();
  });

  it('takes the place of one that a killed engine left', async () => {
    const path = join(folder, 'data', 'control.sock');
    await leaveStaleSocket(path);
    expect(lstatSync(path).isSocket()).toBe(true);
    await using control = await serveControl(engine, path);
    expect(permissions(control.path)).toBe(0o600);
    const reply = await socketWire(path).send('node.info', {});
    expect(reply.ok).toBe(true);
  });

  it('is refused where a living engine answers, which goes on answering', async () => {
    const path = join(folder, 'control.sock');
    await using first = await serveControl(engine, path);
    await expect(serveControl(engine, path)).rejects.toMatchObject({ code: 'archive-locked' });
    expect((await socketWire(first.path).send('node.info', {})).ok).toBe(true);
  });

  it('is refused where a file is in the way, which stays', async () => {
    const path = join(folder, 'control.sock');
    writeFileSync(path, 'precious');
    await expect(serveControl(engine, path)).rejects.toMatchObject({ code: 'data-folder' });
    expect(existsSync(path)).toBe(true);
  });

  it.each([0o770, 0o707, 0o777])('is refused in a folder that others may write to: %o', async (mode) => {
    chmodSync(folder, mode);
    await expect(serveControl(engine, join(folder, 'control.sock'))).rejects.toMatchObject({ code: 'data-folder' });
  });

  it('gives the bytes of a download', async () => {
    await using control = await serveControl(engine);
    let bytes = 0;
    for await (const piece of await socketDownload(control.path, 'run.download', { run: 30 })) {
      bytes += piece.length;
    }
    expect(bytes).toBe(30 * 65_536);
  });

  it('gives the error of a download, also when it breaks off', async () => {
    await using control = await serveControl(engine);
    await expect(socketDownload(control.path, 'run.download', { run: '?' })).rejects.toMatchObject({
      code: 'bad-input',
    });
    await expect(socketDownload(join(folder, 'none'), 'run.download', { run: 1 })).rejects.toMatchObject({
      code: 'engine-unreachable',
      detail: { reason: 'ENOENT' },
    });
    const pieces = await socketDownload(control.path, 'run.download', { run: brokenDownload });
    await expect(buffer(pieces)).rejects.toMatchObject({ code: 'engine-unreachable' });
    expect(engine.logged.at(-1)).toMatchObject({ message: 'download broke off', fields: { name: 'run.download' } });
  });

  it('is an error of its own when nobody answers', async () => {
    const wire = socketWire(join(folder, 'control.sock'));
    const unreachable = { code: 'engine-unreachable', message: expect.stringContaining(folder) as string };
    expect(await wire.send('node.info', {})).toMatchObject({ ok: false, error: unreachable });
    const onFrame = vi.fn();
    wire.open('run.output', { run: 1 }, onFrame);
    await vi.waitFor(() => expect(onFrame).toHaveBeenCalledOnce());
    expect(onFrame.mock.calls[0]).toMatchObject([{ end: true, error: { code: 'engine-unreachable' } }]);
  });
});
