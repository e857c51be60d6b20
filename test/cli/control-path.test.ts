import { chmodSync, chownSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ControlHost, controlSocketPath } from '../../src-main/cli/control-path.ts';

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'drover-path-')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const host = (changes: Partial<ControlHost> = {}): ControlHost => ({
  platform: 'linux',
  runtimeDir: undefined,
  tmpDir: folder,
  uid: process.getuid?.(),
  ...changes,
});
/** A folder whose path is exactly so long that its socket's path has `bytes` bytes. */
const folderFor = (bytes: number): string => {
  const path = join(folder, 'd'.repeat(bytes - '/control.sock'.length - folder.length - 1));
  mkdirSync(path, { recursive: true });
  return path;
};

describe('the control socket', () => {
  it('lies in the data folder, by whatever name that is called', () => {
    mkdirSync(join(folder, 'data'));
    symlinkSync(join(folder, 'data'), join(folder, 'link'));
    const expected = join(folder, 'data', 'control.sock');
    expect(controlSocketPath(join(folder, 'data'), host())).toBe(expected);
    expect(controlSocketPath(join(folder, 'link'), host())).toBe(expected);
    expect(controlSocketPath(join(folder, 'other', '..', 'data/'), host())).toBe(expected);
  });

  it.each([
    ['linux', 107],
    ['darwin', 103],
  ] as const)('on %s may have a path of %i bytes and not one more', (platform, most) => {
    const fits = folderFor(most);
    expect(controlSocketPath(fits, host({ platform }))).toBe(join(fits, 'control.sock'));
    const elsewhere = controlSocketPath(folderFor(most + 1), host({ platform }));
    expect(elsewhere).toMatch(/\/drover-[0-9a-f]{16}\/control\.sock$/);
    expect(dirname(dirname(elsewhere))).toBe(folder);
  });

  it('with too long a path lies in the runtime folder, the same each time and another for each data folder', () => {
    const runtime = host({ runtimeDir: '/run/user/1000' });
    const long = folderFor(150);
    expect(controlSocketPath(long, runtime)).toMatch(/^\/run\/user\/1000\/drover-[0-9a-f]{16}\/control\.sock$/);
    expect(controlSocketPath(long, runtime)).toBe(controlSocketPath(`${long}/`, runtime));
    expect(controlSocketPath(long, runtime)).not.toBe(controlSocketPath(folderFor(151), runtime));
  });

  it('is not looked for in a folder that is open to others or belongs to somebody else', () => {
    const long = folderFor(150);
    const elsewhere = dirname(controlSocketPath(long, host()));
    mkdirSync(elsewhere, { mode: 0o700 });
    expect(() => controlSocketPath(long, host())).not.toThrow();
    chmodSync(elsewhere, 0o755);
    expect(() => controlSocketPath(long, host())).toThrow(expect.objectContaining({ code: 'data-folder' }));
    chmodSync(elsewhere, 0o700);
    const stranger = host({ uid: 12_345 });
    expect(() => controlSocketPath(join(folder, 'g'.repeat(150)), stranger)).not.toThrow();
    mkdirSync(dirname(controlSocketPath(join(folder, 'g'.repeat(150)), host())), { mode: 0o700 });
    expect(() => controlSocketPath(join(folder, 'g'.repeat(150)), stranger)).toThrow(
      expect.objectContaining({ code: 'data-folder' }),
    );
  });

  it('is not looked for behind a link, which could be turned elsewhere', () => {
    const long = folderFor(150);
    const elsewhere = dirname(controlSocketPath(long, host()));
    mkdirSync(join(folder, 'own'), { mode: 0o700 });
    symlinkSync(join(folder, 'own'), elsewhere);
    expect(() => controlSocketPath(long, host())).toThrow(expect.objectContaining({ code: 'data-folder' }));
  });

  it('is not looked for in a data folder that others may write to or that is a stranger’s', () => {
    const data = join(folder, 'data');
    mkdirSync(data, { mode: 0o755 });
    expect(() => controlSocketPath(data, host())).not.toThrow();
    expect(() => controlSocketPath(data, host({ uid: 0 }))).not.toThrow();
    chmodSync(data, 0o777);
    expect(() => controlSocketPath(data, host())).toThrow(/chmod go-w/);
    chmodSync(data, 0o720);
    expect(() => controlSocketPath(data, host())).toThrow(/chmod go-w/);
  });

  it.runIf(process.getuid?.() === 0)('is not looked for in the data folder of another account', () => {
    const data = join(folder, 'data');
    mkdirSync(data, { mode: 0o755 });
    chownSync(data, 23_456, 23_456);
    expect(() => controlSocketPath(data, host({ uid: 12_345 }))).toThrow(/belongs to another account/);
    expect(() => controlSocketPath(data, host({ uid: 23_456 }))).not.toThrow();
    expect(() => controlSocketPath(data, host({ uid: 0 }))).not.toThrow();
  });

  it('is a named pipe on Windows, where names have no case', () => {
    const windows = host({ platform: 'win32', uid: undefined });
    expect(controlSocketPath(join(folder, 'Data'), windows)).toMatch(/^\\\\\.\\pipe\\drover-[0-9a-f]{16}$/);
    expect(controlSocketPath(join(folder, 'Data'), windows)).toBe(controlSocketPath(join(folder, 'data'), windows));
  });
});
