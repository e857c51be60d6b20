import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DroverSite, testSite } from '../support/drover-process.ts';
import { countRuns } from './archive-facts.ts';

const limit = 5 * 1024 * 1024;
type Refused = [string, string[], { code: string; said: string }];

const longScript = (bytes: number): string => `echo here\n${'#'.repeat(bytes - 11)}\n`;

describe.concurrent('drover exec with an input that cannot be run', () => {
  let site: DroverSite;
  const files: Record<string, string> = {
    'empty.sh': '',
    'blank.sh': ' \n\t\n',
    'long.sh': longScript(limit + 1),
    'nul.sh': 'echo one\necho t\0wo\n',
    'ruby.sh': '#!/usr/bin/ruby\nputs 1\n',
    'options.sh': '#!/usr/bin/env -S bash -x\ntrue\n',
    'elsewhere.sh': '#!/tmp/bash\ntrue\n',
    'script.rb': 'puts 1\n',
    'fits.sh': longScript(limit),
  };
  beforeAll(async () => {
    site = new DroverSite();
    for (const [name, text] of Object.entries(files)) {
      writeFileSync(join(site.folder, name), text);
    }
    writeFileSync(join(site.folder, 'latin.sh'), Buffer.from('echo \xe4\n', 'latin1'));
    await site.serve();
  });
  afterAll(() => site.close());

  const script = (name: string): string[] => ['-t', 'local', '--script', name];
  it.for<Refused>([
    ['an empty script', script('empty.sh'), { code: 'script-empty', said: 'empty' }],
    ['a blank script', script('blank.sh'), { code: 'script-empty', said: 'empty' }],
    ['a script of a byte too much', script('long.sh'), { code: 'script-too-large', said: '5 MiB' }],
    ['a NUL', script('nul.sh'), { code: 'script-nul', said: 'Line 2' }],
    ['a language that is no shell', script('ruby.sh'), { code: 'unknown-interpreter', said: 'ruby' }],
    ['env -S', script('options.sh'), { code: 'unknown-interpreter', said: 'env' }],
    ['an interpreter elsewhere', script('elsewhere.sh'), { code: 'unknown-interpreter', said: '#!/usr/bin/env bash' }],
    ['an unknown extension', script('script.rb'), { code: 'bad-input', said: '--language' }],
    ['what is no UTF-8', script('latin.sh'), { code: 'bad-input', said: 'UTF-8' }],
    ['a missing file', script('missing.sh'), { code: 'bad-input', said: 'missing.sh' }],
    ['a folder', script('.'), { code: 'bad-input', said: 'it is a folder' }],
    ['an unknown target', ['-t', 'nowhere', '--', 'true'], { code: 'unknown-target', said: 'nowhere' }],
    ['an empty selector', ['-t', '', '--', 'true'], { code: 'no-targets', said: '-t local' }],
    ['a selector of commas', ['-t', ',', '--', 'true'], { code: 'no-targets', said: 'No targets' }],
    ['no selector', ['--', 'true'], { code: 'no-targets', said: '-t local' }],
    ['no command', ['-t', 'local'], { code: 'bad-input', said: 'behind --' }],
    ['a blank command', ['-t', 'local', '--', ' '], { code: 'bad-input', said: 'behind --' }],
    ['a word before --', ['-t', 'local', 'uptime'], { code: 'bad-input', said: 'uptime' }],
    [
      'an unknown option',
      ['-t', 'local', '--sudo-everywhere', '--', 'true'],
      { code: 'bad-input', said: '--sudo-everywhere' },
    ],
    ['an option without its value', ['-t'], { code: 'bad-input', said: '--target' }],
    ['a timeout of nothing', ['-t', 'local', '--timeout', '0', '--', 'true'], { code: 'bad-input', said: '--timeout' }],
    [
      'a share over 100',
      ['-t', 'local', '--tolerate', '101%', '--', 'true'],
      { code: 'bad-input', said: '--tolerate' },
    ],
    [
      'a variable without a name',
      ['-t', 'local', '--env', '=x', '--', 'true'],
      { code: 'bad-input', said: 'NAME=VALUE' },
    ],
    ['an undeclared parameter', ['-t', 'local', '--', 'echo {{ WHO }}'], { code: 'bad-parameter', said: 'WHO' }],
  ])('refuses %s', async ([, words, { code, said }]) => {
    const end = await site.run(['exec', ...words]);
    expect(end).toMatchObject({ code: 2, out: '' });
    expect(end.err).toContain(`[${code}]`);
    expect(end.err).toContain(said);
    expect(end.err).not.toMatch(/\n\s+at /);
    expect(countRuns(site)).toBe(0);
  });

  it('says the same as one JSON object', async () => {
    const end = await site.exec(['--json', '--script', 'nul.sh']);
    expect(end).toMatchObject({ code: 2, out: '' });
    expect(JSON.parse(end.err)).toMatchObject({ error: { code: 'script-nul', detail: { line: 2 } } });
  });

  it('but runs a script of exactly five MiB', async ({ onTestFinished }) => {
    const own = testSite(undefined, onTestFinished);
    await own.serve();
    const end = await own.exec(['--script', join(site.folder, 'fits.sh'), '--json']);
    expect(end).toMatchObject({ code: 0, err: '' });
    expect(end.out).toContain('"text":"here"');
    const { run, finalText } = await own.client.call('run.get', { run: 1 });
    expect(run.status).toBe('success');
    expect(finalText).toBe(files['fits.sh']);
  });
});

describe.concurrent('another command with an input that is wrong', () => {
  it.for<[string[], string]>([
    [['show', '99'], 'not-found'],
    [['output', '99'], 'not-found'],
    [['cancel', '99'], 'not-found'],
    [['rerun', '99'], 'not-found'],
    [['show', 'twelve'], 'bad-input'],
    [['runs', '--status', 'broken'], 'bad-input'],
    [['frobnicate'], 'bad-input'],
    [['serve', '--listen', 'nonsense'], 'bad-input'],
    [['serve', '--listen', '0.0.0.0:0'], 'bad-input'],
  ])('drover %j is refused with exit code 2', async ([words, code], { onTestFinished }) => {
    const site = testSite(undefined, onTestFinished);
    const end = await site.run(words);
    expect(end).toMatchObject({ code: 2, out: '' });
    expect(end.err).toContain(`[${code}]`);
  });

  it.for<[string, string, string]>([
    ['is no JSON', '{ limits: }', 'drover.json is not JSON'],
    ['has an unknown key', '{ "limit": 3 }', 'limit is not a setting; allowed: '],
    ['has a wrong value', '{ "limits": { "runsAtOnce": "many" } }', 'limits.runsAtOnce must be'],
    ['is a list', '[]', 'must be a JSON object'],
  ])('a drover.json that %s is named', async ([, text, said], { onTestFinished }) => {
    const site = testSite(undefined, onTestFinished);
    site.configure(text);
    for (const words of [['runs'], ['serve']]) {
      const end = await site.run(words);
      expect(end).toMatchObject({ code: 2, out: '' });
      expect(end.err).toContain('[bad-input]');
      expect(end.err).toContain(said);
    }
    expect(existsSync(site.archive)).toBe(false);
  });

  it('a data folder that is a file is named', async ({ onTestFinished }) => {
    const site = testSite(undefined, onTestFinished);
    writeFileSync(site.data, '');
    const end = await site.run(['runs']);
    expect(end).toMatchObject({ code: 3, out: '' });
    expect(end.err).toContain('[data-folder]');
  });

  it('a data folder in which something else has the place of the socket is named', async ({ onTestFinished }) => {
    const site = testSite(undefined, onTestFinished);
    mkdirSync(join(site.data, 'control.sock'), { recursive: true, mode: 0o700 });
    const end = await site.run(['serve', '--listen', '127.0.0.1:0']);
    expect(end).toMatchObject({ code: 3, out: '' });
    expect(end.err).toContain('[data-folder]');
  });

  it('a data folder that others may write to is named', async ({ onTestFinished }) => {
    const site = testSite(undefined, onTestFinished);
    mkdirSync(site.data);
    chmodSync(site.data, 0o777);
    const end = await site.run(['serve', '--listen', '127.0.0.1:0']);
    expect(end).toMatchObject({ code: 3, out: '' });
    expect(end.err).toContain('chmod go-w');
  });
});
