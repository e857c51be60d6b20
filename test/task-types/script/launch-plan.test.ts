import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ScriptType } from '#contract/run';
import { planLaunch } from '../../../src-main/task-types/script/launch-plan.ts';

const plan = (type: ScriptType, text: string, args: readonly string[] = []) =>
  planLaunch({ type, text, args, os: 'linux' });

const planForWindows = (type: ScriptType, text: string, args: readonly string[] = []) =>
  planLaunch({ type, text, args, os: 'windows' });

type Ended = Pick<SpawnSyncReturns<string>, 'status' | 'signal' | 'stdout' | 'stderr'> & { readonly folder: string };

/** Starts a plan as an adapter would: files in a folder of its own, the first candidate, something on its input. */
function launch(type: ScriptType, text: string, args: readonly string[] = []): Ended {
  const { files, entry, candidates } = plan(type, text, args);
  const folder = mkdtempSync(join(tmpdir(), 'drover-launch-'));
  try {
    files.forEach(({ name, content }) => writeFileSync(join(folder, name), content));
    const [candidate] = candidates;
    const child = spawnSync(candidate?.path ?? '', [...(candidate?.options ?? []), join(folder, entry)], {
      input: 'input\n',
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    const { status, signal, stdout, stderr } = child;
    return { status, signal, stdout: stdout.replaceAll(folder, '.'), stderr: stderr.replaceAll(folder, '.'), folder };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const hostileArguments = [
  'a',
  'b c',
  '',
  "it's",
  '"',
  '-n',
  '--',
  '$(id)',
  '`id`',
  '\\',
  'x\ny\n\n',
  '%s',
  '€ 😀',
  '\r\n',
];

describe('planLaunch without arguments', () => {
  it.each([
    ['shell', 'script.sh'],
    ['python', 'script.py'],
    ['perl', 'script.pl'],
    ['powershell', 'script.ps1'],
  ] as const)('writes a %s script as it is into %s', (type, name) => {
    const { files, entry } = plan(type, 'line 1\nline 2');
    expect(files).toEqual([{ name, content: 'line 1\nline 2' }]);
    expect(entry).toBe(name);
  });

  it('names the file after what the interpreter understands', () => {
    expect(plan('shell', '#!/usr/bin/env python3\n')).toMatchObject({
      entry: 'script.py',
      language: 'python',
      source: 'shebang',
      candidates: [{ path: 'python3', options: [] }],
    });
    expect(plan('shell', '#!/usr/bin/pwsh\n').entry).toBe('script.ps1');
  });

  it('writes LF, and what Windows needs on Windows', () => {
    expect(plan('shell', 'a\r\nb\rc').files[0]?.content).toBe('a\nb\nc');
    expect(plan('python', '\ufeffa').files[0]?.content).toBe('a');
    expect(plan('powershell', '\ufeffa\r\n').files[0]?.content).toBe('a\r\n');
    expect(planForWindows('powershell', 'é').files).toEqual([{ name: 'script.ps1', content: '\ufeffé' }]);
    expect(planForWindows('bat', '\ufeff@echo off\n:x\r\n').files).toEqual([
      { name: 'script.cmd', content: '@echo off\r\n:x\r\n' },
    ]);
  });

  it('refuses with the choice of an interpreter', () => {
    expect(() => plan('shell', '#!/tmp/bash')).toThrow(expect.objectContaining({ code: 'unknown-interpreter' }));
  });
});

describe('planLaunch with arguments', () => {
  it.each(['shell', 'python', 'perl', 'powershell'] as const)(
    'puts nothing of them into the command of a %s script',
    (type) => {
      const { candidates, entry } = plan(type, 'x', ['SECRET-1', 'SECRET-2']);
      expect(JSON.stringify([candidates, entry])).not.toContain('SECRET');
      expect(candidates).toEqual(plan(type, 'x').candidates);
    },
  );

  it('refuses NUL, half a character and Batch', () => {
    expect(() => plan('shell', 'x', ['a', 'b\0'])).toThrow(
      expect.objectContaining({ code: 'bad-input', detail: { argument: 2 } }),
    );
    expect(() => plan('python', 'x', ['\ud800'])).toThrow(expect.objectContaining({ code: 'bad-input' }));
    expect(() => planForWindows('bat', 'x', ['a'])).toThrow(
      expect.objectContaining({ code: 'bad-input', message: expect.stringContaining('Batch') }),
    );
  });

  it('sets them in a shell script behind its first line', () => {
    expect(plan('shell', '#!/bin/sh -eu\necho', ["it's", '']).files).toEqual([
      {
        name: 'script.sh',
        content: String.raw`#!/bin/sh -eu
set -- 'it'\''s' ''; echo`,
      },
    ]);
    expect(plan('shell', '#!/bin/sh', ['a']).files[0]?.content).toBe("#!/bin/sh\nset -- 'a'; ");
    expect(plan('shell', '# x\necho', ['a']).files[0]?.content).toBe("set -- 'a'; # x\necho");
  });

  // No PowerShell runs where these tests do, so its entry is compared with the text it shall be.
  it('hands them to a PowerShell script by position and keeps its exit code', () => {
    const { files, entry } = plan('powershell', 'param($a)\nexit 3', ["it’s 'x'", '']);
    expect(entry).toBe('entry.ps1');
    expect(files).toEqual([
      {
        name: 'entry.ps1',
        content: `$words = @(@(
  '${Buffer.from("it’s 'x'").toString('base64')}'
  ''
) | ForEach-Object { [System.Text.Encoding]::UTF8.GetString([System.Convert]::FromBase64String($_)) })
$global:LASTEXITCODE = 0
& (Join-Path $PSScriptRoot 'script.ps1') @words
if ($?) { exit 0 }
exit $LASTEXITCODE
`,
      },
      { name: 'script.ps1', content: 'param($a)\nexit 3' },
    ]);
  });

  describe.each(['sh', 'bash'])('in %s', (shell) => {
    const shebang = `#!/usr/bin/env ${shell}\n`;

    it('gives any text back byte for byte', () => {
      const script = `${shebang}for word in "$@"; do printf '%s\\0' "$word"; done`;
      expectEcho((words) => launch('shell', script, words));
    });

    it('runs as it would without them', () => {
      const script = `${shebang}echo "$0 $#"; cat
[ "\${BASH_SOURCE:-$0}" = "$0" ] && echo main
nosuchcommand
trap 'echo bye' EXIT
exit 7`;
      const plain = launch('shell', script);
      const given = launch('shell', script, ['a', 'b']);
      expect(plain).toMatchObject({ status: 7, stdout: './script.sh 0\ninput\nmain\nbye\n' });
      expect(plain.stderr).toMatch(/script\.sh: (?:line )?4: /);
      expect({ ...given, folder: '' }).toEqual({ ...plain, stdout: plain.stdout.replace(' 0', ' 2'), folder: '' });
    });

    it('keeps options of the first line and dies by its own signal', () => {
      const failing = `#!/bin/${shell === 'bash' ? 'bash' : 'sh'} -eu\nfalse\necho reached`;
      expect(launch('shell', failing, ['a'])).toMatchObject({ status: 1, stdout: '' });
      expect(launch('shell', `${shebang}kill -TERM $$`, ['a'])).toMatchObject({ status: null, signal: 'SIGTERM' });
    });
  });

  describe('in python3', () => {
    it('gives any text back byte for byte', () => {
      const script = `import os, sys
sys.stdout.buffer.write(b''.join(os.fsencode(word) + b'\\0' for word in sys.argv[1:]))`;
      expectEcho((words) => launch('python', script, words));
    });

    it('runs as it would without them', () => {
      const script = `#!/usr/bin/env python3
"""A docstring."""
from __future__ import annotations
import pickle
class Thing: pass
print(__name__, __file__, __doc__, sorted(globals()))
import sys
print(sys.argv[0], sys.path[0], type(pickle.loads(pickle.dumps(Thing()))).__name__, sys.stdin.read())
sys.exit(7)`;
      const plain = launch('python', script);
      expect(plain).toMatchObject({ status: 7, stderr: '' });
      expect(plain.stdout).toContain('__main__ ./script.py A docstring.');
      expect(plain.stdout).toContain('./script.py . Thing input');
      expect({ ...launch('python', script, ['a']), folder: '' }).toEqual({ ...plain, folder: '' });
    });

    it('shows an error where it stands in the script', () => {
      const failed = launch('python', '\n\nraise ValueError("boom")', ['a']);
      expect(failed.status).toBe(1);
      expect(failed.stderr).toMatch(
        /script\.py", line 3, in <module>\n +raise ValueError\("boom"\)\nValueError: boom\n$/,
      );
      expect(launch('python', 'x = (', ['a'])).toMatchObject({
        status: 1,
        stderr: expect.stringMatching(/script\.py", line 1\n[^]*SyntaxError/),
      });
    });
  });

  describe('in perl', () => {
    it('gives any text back byte for byte', () => {
      expectEcho((words) => launch('perl', 'print map { "$_\\0" } @ARGV', words));
    });

    it('runs as it would without them', () => {
      const script = `#!/usr/bin/perl -w
use strict;
print "$0 ", __FILE__, " ", __LINE__, "\\n", <STDIN>, <DATA>;
print "main\\n" unless caller;
my $nothing; print "$nothing";
$! = 7; die "boom";
__END__
data
`;
      const plain = launch('perl', script);
      expect(plain).toMatchObject({ status: 7, stdout: './script.pl ./script.pl 3\ninput\ndata\nmain\n' });
      expect(plain.stderr).toMatch(/uninitialized[^]* line 5[^]*boom at \.\/script\.pl line 6/);
      expect({ ...launch('perl', script, ['a\nb']), folder: '' }).toEqual({ ...plain, folder: '' });
    });

    it('reads them as text where the script asks for that', () => {
      const script = '#!/usr/bin/perl -CSA\nprint length($ARGV[0]), $ARGV[0]';
      expect(launch('perl', script, ['é€']).stdout).toBe('2é€');
    });
  });
});

/** Many texts per process, as starting one is what takes time. */
function expectEcho(run: (words: readonly string[]) => Ended): void {
  const alphabet = fc.string({
    unit: fc.constantFrom(...Array.from(`'"\\\n\r\t$\`()!%#&;|<>*?[]{}~ -=a0é€😀\u0301\u202e\u2028\uffff\x01\x1b\x7f`)),
  });
  const words = fc.array(alphabet, { minLength: 300, maxLength: 400, size: 'max' });
  fc.assert(
    fc.property(words, (generated) => {
      const given = [...hostileArguments, ...generated.map((word) => word.replaceAll('\0', ''))];
      const { stdout, stderr, status } = run(given);
      expect({ status, stderr, words: stdout.split('\0') }).toEqual({ status: 0, stderr: '', words: [...given, ''] });
    }),
    { numRuns: 3, endOnFailure: true },
  );
}
