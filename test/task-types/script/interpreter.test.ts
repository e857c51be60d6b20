import { describe, expect, it } from 'vitest';
import { chooseInterpreter, shellTypeInterpreters } from '../../../src-main/task-types/script/interpreter.ts';

const refused = (message: RegExp) =>
  expect.objectContaining({ code: 'unknown-interpreter', message: expect.stringMatching(message) });

const pwshOptions = ['-NoProfile', '-NonInteractive', '-File'];
const windowsPowershellOptions = ['-NoProfile', '-NonInteractive', '-ExecutionPolicy', 'Bypass', '-File'];

describe('chooseInterpreter without a first line of its own', () => {
  it.each([
    ['shell', ['/bin/bash', 'bash', 'sh'], []],
    ['python', ['python3', 'python'], []],
    ['perl', ['perl'], []],
    ['powershell', ['pwsh', 'powershell'], pwshOptions],
  ] as const)('tries for %s on POSIX %j', (type, paths, options) => {
    for (const text of [
      'echo\n',
      '# comment\n#!/bin/zsh',
      ' #!/bin/zsh',
      '\n#!/bin/zsh',
      '#',
      '!#/bin/zsh',
      '\ufeffecho',
    ]) {
      expect(chooseInterpreter(type, text, 'linux')).toEqual({
        source: 'default',
        language: type,
        candidates: paths.map((path) => ({ path, options })),
      });
    }
  });

  it('gives Windows its own interpreters', () => {
    expect(chooseInterpreter('bat', '@echo off', 'windows').candidates).toEqual([
      { path: 'cmd.exe', options: ['/d', '/c'] },
    ]);
    expect(chooseInterpreter('powershell', 'dir', 'windows').candidates).toEqual([
      { path: 'powershell.exe', options: windowsPowershellOptions },
      { path: 'pwsh', options: windowsPowershellOptions },
    ]);
    expect(chooseInterpreter('python', 'pass', 'windows').candidates).toEqual([
      { path: 'python', options: [] },
      { path: 'py', options: ['-3'] },
    ]);
    expect(chooseInterpreter('perl', '1;', 'windows').candidates).toEqual([{ path: 'perl', options: [] }]);
  });

  it('refuses what a system cannot run', () => {
    expect(() => chooseInterpreter('bat', '@echo off', 'linux')).toThrow(refused(/Windows targets only/));
    expect(() => chooseInterpreter('shell', 'ls', 'windows')).toThrow(refused(/PowerShell/));
    expect(() => chooseInterpreter('shell', '#!/bin/sh', 'windows')).toThrow(refused(/PowerShell/));
  });
});

describe('chooseInterpreter with a first line in a shell script', () => {
  it.each([
    ['#!/bin/sh', '/bin/sh', [], 'shell'],
    ['#! /bin/sh\necho', '/bin/sh', [], 'shell'],
    ['#!\t/bin/sh \t\n', '/bin/sh', [], 'shell'],
    ['#!/bin/bash\r\necho', '/bin/bash', [], 'shell'],
    ['#!/usr/bin/env bash\n', 'bash', [], 'shell'],
    ['#!/bin/bash -eu\n', '/bin/bash', ['-eu'], 'shell'],
    ['#!/bin/bash -e -u', '/bin/bash', ['-e', '-u'], 'shell'],
    ['#!/bin/bash -euo pipefail', '/bin/bash', ['-euo', 'pipefail'], 'shell'],
    ['#!/bin/bash +x -o pipefail --posix', '/bin/bash', ['+x', '-o', 'pipefail', '--posix'], 'shell'],
    ['#!/usr/bin/env bash -x', 'bash', ['-x'], 'shell'],
    ['#!/bin/sh -', '/bin/sh', ['-'], 'shell'],
    ['#!/bin/bash -l --', '/bin/bash', ['-l', '--'], 'shell'],
    ['#!/usr/bin/env python3', 'python3', [], 'python'],
    ['#!/usr/bin/python3 -u -W ignore', '/usr/bin/python3', ['-u', '-W', 'ignore'], 'python'],
    ['#!/usr/bin/env pwsh', 'pwsh', pwshOptions, 'powershell'],
    ['#!/usr/bin/pwsh -noprofile', '/usr/bin/pwsh', pwshOptions, 'powershell'],
  ] as const)('follows %j', (...[text, path, options, language]) => {
    expect(chooseInterpreter('shell', text, 'linux')).toEqual({
      source: 'shebang',
      language,
      candidates: [{ path, options }],
    });
  });

  it.each(shellTypeInterpreters)('lets %s run it', (name) => {
    expect(chooseInterpreter('shell', `#!/usr/bin/env ${name}\n`, 'linux').candidates[0]?.path).toBe(name);
    expect(chooseInterpreter('shell', `#!/usr/bin/${name}\n`, 'linux').candidates[0]?.path).toBe(`/usr/bin/${name}`);
  });

  it.each([
    'fish',
    'csh',
    'tcsh',
    'node',
    'ruby',
    'bash-x',
    'xbash',
    'python3.12',
    'php',
    'bash;rm',
    'BASH',
    'cmd.exe',
  ])('refuses %s and names the list', (name) => {
    const list = refused(/sh, bash, python, python3, powershell, pwsh/);
    expect(() => chooseInterpreter('shell', `#!/usr/bin/env ${name}\necho`, 'linux')).toThrow(list);
    expect(() => chooseInterpreter('shell', `#!/usr/bin/${name}\necho`, 'linux')).toThrow(list);
  });

  it.each([
    ['#!/usr/bin/env -S bash -x', /env/],
    ['#!/usr/bin/env -i bash', /env/],
    ['#!/usr/bin/env A=1 bash', /env/],
    ['#!/usr/bin/env ./bash', /env/],
    ['#!/usr/bin/env', /env/],
    ['#!/tmp/env bash', /env/],
    ['#!/tmp/bash', /directories.*#!\/usr\/bin\/env bash/],
    ['#!/usr/bin/../../tmp/bash', /directories/],
    ['#!/bash', /directories/],
    ['#!bash', /full path/],
    ['#!./bash', /full path/],
    ['#!', /full path/],
    ['#! \n/bin/bash', /full path/],
    [`#!/bin/bash ${'-e '.repeat(100)}`, /255/],
    ['\ufeff#!/bin/bash', /byte order mark/],
    ['#!/bin/bash -c id', /options/],
    ['#!/bin/bash -ec', /options/],
    ['#!/bin/sh -s', /options/],
    ['#!/bin/bash --rcfile /tmp/x', /options/],
    ['#!/bin/bash /tmp/other', /options/],
    ['#!/bin/bash -eu # strict', /options/],
    ['#!/usr/bin/python3 -c print(1)', /options/],
    ['#!/usr/bin/python3 -m http.server', /options/],
    ['#!/usr/bin/pwsh -Command ls', /options/],
  ])('refuses %j', (text, message) => {
    expect(() => chooseInterpreter('shell', text, 'linux')).toThrow(refused(message));
  });

  it('looks for the language on Windows, where the path means nothing', () => {
    expect(chooseInterpreter('shell', '#!/usr/bin/env python3 -u', 'windows')).toEqual({
      source: 'shebang',
      language: 'python',
      candidates: [
        { path: 'python', options: ['-u'] },
        { path: 'py', options: ['-3', '-u'] },
      ],
    });
    expect(chooseInterpreter('shell', '#!/usr/bin/pwsh', 'windows').candidates).toEqual([
      { path: 'pwsh', options: windowsPowershellOptions },
    ]);
  });
});

describe('chooseInterpreter with a first line in another type', () => {
  it.each([
    ['python', '#!/opt/py/bin/python3.11', '/opt/py/bin/python3.11', []],
    ['python', '#!/usr/libexec/platform-python -s', '/usr/libexec/platform-python', ['-s']],
    ['python', '#!/usr/bin/env pypy3', 'pypy3', []],
    ['python', '\ufeff#!/home/x/venv/bin/python', '/home/x/venv/bin/python', []],
    ['perl', '#!/opt/perl5/bin/perl5.36 -w', '/opt/perl5/bin/perl5.36', ['-w']],
    ['powershell', '#!/opt/microsoft/powershell/7/pwsh', '/opt/microsoft/powershell/7/pwsh', pwshOptions],
    ['powershell', '#!/snap/bin/pwsh-preview', '/snap/bin/pwsh-preview', pwshOptions],
  ] as const)('lets a %s script use %s as it is', (...[type, text, path, options]) => {
    expect(chooseInterpreter(type, `${text}\n`, 'linux')).toEqual({
      source: 'shebang',
      language: type,
      candidates: [{ path, options }],
    });
  });

  it.each([
    ['python', '#!/bin/bash', /“bash”.*python/],
    ['python', '#!/usr/bin/env node', /“node”/],
    ['perl', '#!/usr/bin/python3', /“python3”.*perl/],
    ['powershell', '#!/bin/sh', /“sh”.*powershell/],
    ['python', '#!/usr/bin/env -S python3 -u', /env/],
    ['python', '#!/opt/py/bin/python3 -c 1', /options/],
  ] as const)('refuses a %s script that begins with %s', (type, text, message) => {
    expect(() => chooseInterpreter(type, text, 'linux')).toThrow(refused(message));
  });

  it('takes the first line of a Batch script for nothing', () => {
    expect(chooseInterpreter('bat', '#!/bin/sh', 'windows').source).toBe('default');
  });
});
