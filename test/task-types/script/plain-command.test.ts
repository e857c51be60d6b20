import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { chooseInterpreter } from '../../../src-main/task-types/script/interpreter.ts';
import { isPlainCommand } from '../../../src-main/task-types/script/plain-command.ts';

describe('a plain command', () => {
  it.each([
    'hostname',
    'uptime\n',
    ' df -h /',
    'systemctl reload nginx',
    "id '-un' 'a b'",
    '/usr/bin/env LC_ALL=C date',
    'true',
  ])('%j runs by sh, which starts faster', (text) => {
    expect(isPlainCommand(text)).toBe(true);
    expect(chooseInterpreter('shell', text, 'linux').candidates[0]?.path).toBe('sh');
  });

  it.each([
    '',
    '\n',
    'echo -e a',
    "printf '%q' a",
    'A=1 env',
    'ls *',
    'ls ~',
    'echo $HOME',
    'a | b',
    'a; b',
    'a && b',
    'a\nb',
    'test a == a',
    '[ a == a ]',
    'time ls',
    'source x',
    '. x',
    '{ a; }',
    'a <(b)',
    'a > b',
    'a {1..3}',
    'a "$b"',
    'a `b`',
    'a # c',
    'a!',
    "'ls' -l",
    '[[ a ]]',
    '#!/bin/bash\nls',
    'kill -l',
    'ulimit -a',
    'read x',
    'type ls',
    '# only words',
    '-a x id -u',
    '-- id -u',
    `a ${'x'.repeat(5_000)}`,
  ])('is not %j, which a shell has something to do with', (text) => {
    expect(isPlainCommand(text)).toBe(false);
    expect(chooseInterpreter('shell', text, 'linux').candidates[0]?.path).not.toBe('sh');
  });

  it('does the same in both shells', () => {
    for (const text of ["basename '/a b/c d'", 'expr 3 + 4', 'env -i A=b%c env', 'no-such-program-here x', 'false']) {
      const [one, other] = ['sh', 'bash'].map((shell) => spawnSync(shell, ['-c', text], { encoding: 'utf8' }));
      expect([one?.status, one?.stdout]).toEqual([other?.status, other?.stdout]);
    }
  });
});
