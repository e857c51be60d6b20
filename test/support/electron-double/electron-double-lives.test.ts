import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fixturePath, launchFixture, makeDataDir, runFixture } from './fixture/fixture-app.ts';
import type { Desktop, LaunchOptions } from './launch.ts';

let dataDir: string;
let cleanUp: () => void;
const running: Desktop[] = [];

async function launch(env: NonNullable<LaunchOptions['env']> = {}): Promise<Desktop> {
  const desktop = await launchFixture({ dataDir, env });
  running.push(desktop);
  return desktop;
}

/** Ends an app in the given way; afterwards it is no longer the test's to close. */
async function end(desktop: Desktop, signal: NodeJS.Signals): Promise<unknown> {
  running.splice(running.indexOf(desktop), 1);
  const child = desktop.app.process();
  const ended = once(child, 'exit');
  child.kill(signal);
  return (await ended)[0];
}

/** Processes whose command line names the data directory: the app and its Chromium. */
function processes(): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(dataDir);
    } catch {
      // It has just ended.
      return false;
    }
  });
}

beforeEach(() => {
  const made = makeDataDir();
  dataDir = made.path;
  cleanUp = made[Symbol.dispose];
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((desktop) => desktop.close()));
  await expect.poll(processes, { timeout: 10_000 }).toEqual([]);
  cleanUp();
});

test('turns a second instance away and hands its arguments to the first', async () => {
  const { app } = await launch();
  const second = await runFixture({ dataDir, args: ['drover://runs/7'] });
  expect(second).toEqual({ code: 0, output: '' });
  await expect
    .poll(() => app.evaluate(() => globalThis.doubleSeen.second.map(({ argv, folder }) => [argv.at(-1), folder])))
    .toEqual([['drover://runs/7', fixturePath]]);
});

test('quits in the order of Electron and leaves no process behind', async () => {
  const diary = join(dataDir, 'diary');
  const { close } = await launch({ FIXTURE_DIARY: diary });
  expect(processes().length).toBeGreaterThan(1);
  await close();
  running.length = 0;
  expect(readFileSync(diary, 'utf8')).toBe('before-quit\nwill-quit\nquit\n');
  expect(processes()).toEqual([]);
});

test('tells of the last closed window instead of quitting, and quits on a signal', async () => {
  const diary = join(dataDir, 'diary');
  const desktop = await launch({ FIXTURE_DIARY: diary });
  await desktop.page.close();
  await expect.poll(() => existsSync(diary) && readFileSync(diary, 'utf8')).toBe('window-all-closed\n');
  expect(await end(desktop, 'SIGTERM')).toBe(0);
});

test('keeps what the page stores over a restart, even when the app was killed before', async () => {
  const first = await launch();
  await first.page.evaluate(() => localStorage.setItem('theme', 'dark'));
  await first.close();
  running.length = 0;
  const second = await launch();
  expect(await second.page.evaluate(() => localStorage.getItem('theme'))).toBe('dark');
  await end(second, 'SIGKILL');
  const third = await launch();
  expect(await third.page.evaluate(() => localStorage.getItem('theme'))).toBe('dark');
});

test('takes Chromium along when the app is killed', async () => {
  await end(await launch(), 'SIGKILL');
  await expect.poll(processes, { timeout: 10_000 }).toEqual([]);
});

test('ends with the test run that drives it, when that is killed', async () => {
  const script = `
    const { launchFixture } = await import(process.argv[1]);
    await launchFixture({ dataDir: process.argv[2] });
    console.log('launched');`;
  const helper = join(fixturePath, 'fixture-app.ts');
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, helper, dataDir]);
  await once(child.stdout, 'data');
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
  expect(processes().length).toBeGreaterThan(1);
  await expect.poll(processes, { timeout: 10_000 }).toEqual([]);
});

test('says why an entry module that awaits whenReady at its top level would hang', async () => {
  const { code, output } = await runFixture({
    dataDir,
    env: { FIXTURE: 'top-level-await', ELECTRON_DOUBLE: JSON.stringify({ deadlockMs: 1000 }) },
  });
  expect(code).toBe(86);
  expect(output).toContain('awaits app.whenReady() at its top level');
});

test('refuses a window without the sandbox', async () => {
  const { code, output } = await runFixture({ dataDir, env: { FIXTURE: 'unsandboxed' } });
  expect(code).toBe(1);
  expect(output).toContain('electron double: webPreferences.sandbox: false is not available');
});

test('has no encryption when the test takes the keyring away', async () => {
  const { page } = await launch({ ELECTRON_DOUBLE: JSON.stringify({ encryption: false }) });
  await expect(page.evaluate(() => globalThis.doubleFixture.secret('x'))).rejects.toThrow(
    'Encryption is not available.',
  );
});
