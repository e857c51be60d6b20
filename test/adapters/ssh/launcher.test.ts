import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { dispatchOf, type Launch, startCommand, sudoCommand } from '#adapters/ssh/launcher';
import { shellPlan } from './ssh-bench.ts';

describe('a launch', () => {
  const place = mkdtempSync(join(tmpdir(), 'drover-launch-'));
  afterAll(() => rmSync(place, { recursive: true }));

  const launch = (more: Partial<Launch>): Launch => ({
    plan: shellPlan('echo "$0"'),
    environment: { TMPDIR: place },
    stdin: null,
    mark: 'none.0.',
    token: 'token',
    directory: 'drover-directory',
    ...more,
  });

  /** What the far side says when it is given these bytes and then the end. */
  async function said(bytes: Uint8Array, loginShell?: string): Promise<{ out: string; err: string; code: unknown }> {
    const shell = spawn('/bin/bash', ['-c', startCommand(loginShell)], { env: { PATH: '/usr/bin:/bin', HOME: place } });
    const got = { out: '', err: '' };
    shell.stdout.setEncoding('utf8').on('data', (text: string) => void (got.out += text));
    shell.stderr.setEncoding('utf8').on('data', (text: string) => void (got.err += text));
    shell.stdin.on('error', () => undefined).end(bytes);
    const [code] = (await once(shell, 'close')) as [unknown];
    return { ...got, code };
  }
  const bytesOf = (order: Launch): Buffer => {
    const { header, payload } = dispatchOf(order);
    return Buffer.concat([Buffer.from(header), payload]);
  };

  it.each([undefined, '/bin/bash', '/usr/bin/fish'])('says where it begins, from %s', async (loginShell) => {
    const { out, err, code } = await said(bytesOf(launch({})), loginShell);
    const directory = join(place, 'drover-directory');
    expect({ out, code }).toEqual({ out: `token\n${directory}/script\n`, code: 0 });
    expect(err).toMatch(new RegExp(`^token run \\d+ \\S+ ${directory}\n$`));
    expect(existsSync(directory)).toBe(false);
  });

  const long = shellPlan(`echo never\n${': filling\n'.repeat(1_000)}`);
  it.each([
    ['a short script', launch({ plan: shellPlan('echo never') })],
    ['a long script', launch({ plan: long })],
    ['a long script with answers', launch({ plan: long, stdin: Buffer.from('answer') })],
    ['a long script with NUL in its answers', launch({ plan: long, stdin: Buffer.from([0, 1]) })],
    ['a long script where nothing can be written', launch({ plan: long, directory: 'missing/x', environment: {} })],
  ])('runs nothing of %s that has not come whole', async (_what, order) => {
    const all = bytesOf(order);
    const { header } = dispatchOf(order);
    for (const length of new Set([10, header.length - 1, header.length, header.length + 20, all.length - 1])) {
      if (length < all.length) {
        expect((await said(all.subarray(0, length))).out).not.toContain('never');
      }
    }
    expect(readdirSync(place)).toEqual([]);
    if (!order.directory.includes('/')) {
      expect((await said(all)).out).toContain('never');
    }
  });

  it('is ordered by the same words every time, none of which ends a quoted word of some shell', () => {
    const commands = [startCommand(undefined), startCommand('/usr/bin/fish')];
    expect(commands[0]).toBe(commands[1]);
    const inside = /^exec \/bin\/sh -c '([^'!\n]*)'$/.exec(commands[0] ?? '')?.[1];
    expect(inside).toBe(startCommand('/bin/dash'));
    expect(sudoCommand('-n -u root', 'ready')).toContain(inside);
  });
});
