import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { parse } from 'unbash';
import { expect, it } from 'vitest';
import type { Bench, Outcome, Scene } from '#core/guard/bench';
import { Inquiry } from '#core/guard/inquiry';
import { plainText } from '#core/guard/marks';
import { runWords } from '#core/guard/run/run-words';
import { runScript } from '#core/guard/shell/run-shell';
import { ShellState } from '#core/guard/shell/shell-state';

const compositions = process.env['DROVER_SOAK'] === '1' ? 4_000 : 250;

/** What the judge thinks that a script prints. */
function foretold(text: string): string {
  const bench: Bench = {
    inquiry: new Inquiry(text, new Set()),
    runScript: (script, scene): Outcome => runScript(script, scene, bench),
    runWords: (words, scene): Outcome => runWords(words, scene, bench),
    runText: (_, code, scene): Outcome => runScript(parse(code), scene, bench),
    wrote: () => undefined,
  };
  const scene: Scene = { state: new ShellState(), input: { text: null } };
  return plainText(bench.runScript(parse(text), scene).out);
}

/** What real bash prints for each script, in an empty folder. */
function printed(texts: readonly string[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'drover-bash-'));
  try {
    const script = texts.map((text) => `( ${text}\n)\nprintf '\\001'\n`).join('');
    const { stdout } = spawnSync('bash', ['--norc', '--noprofile'], {
      input: script,
      cwd: folder,
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8' },
      encoding: 'utf8',
    });
    return stdout.split('\u0001').slice(0, -1);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const plain = fc.constantFrom('a', 'rm', '-rf', '/', 'x/y', 'etc', 'a.b.c', '/usr/bin', 'A1');
const quoted = fc.oneof(
  plain,
  plain.map((text) => `'${text}'`),
  plain.map((text) => `"${text}"`),
  plain.map((text) => `\\${text}`),
  plain.map((text) => `$'${text}\\x41\\n'`),
);
const operation = fc.constantFrom(
  '"$v"',
  '${v}',
  '${v:-d}',
  '${u:-d}',
  '${u-$v}',
  '${v:+yes}',
  '${u:+yes}',
  '${v#*/}',
  '${v##*/}',
  '${v%/*}',
  '${v%%/*}',
  '${v/a/b}',
  '${v//a/b}',
  '${v:1}',
  '${v:0:2}',
  '${v: -1}',
  '${v^^}',
  '${v,,}',
  '${#v}',
  '${!w}',
  '"${l[@]}"',
  '${l[1]}',
  '${#l[@]}',
  '${l[*]}',
);
const computed = fc.constantFrom(
  '$(echo q)',
  '`echo q`',
  '$(printf %s a b)',
  '$((1+2*3))',
  '"$(echo "x  y")"',
  '$(echo x  y)',
  '$((v2+1))',
  '$(rev <<< abc)',
  '$(echo YWI= | base64 -d)',
  "$(tr a-c x-z <<< 'cab')",
);
const braces = fc.constantFrom('{a,b}', 'p{1..3}s', '{a,b}{c,d}', '{c..a}', '{01..3}');
const piece = fc.oneof({ weight: 3, arbitrary: quoted }, { weight: 3, arbitrary: operation }, computed, braces);
const word = fc.array(piece, { minLength: 1, maxLength: 3 }).map((pieces) => pieces.join(''));
const value = fc.constantFrom('abc', "'a b'", '/etc/passwd', 'a/b/a', "''", '"x  y"', 'AbC', "'a,b'");
const script = fc
  .record({ v: value, words: fc.array(word, { minLength: 1, maxLength: 4 }) })
  .map(({ v, words }) => `v=${v}; v2=4; u=; w=v; l=(one 'two three' "$v"); printf '<%s>' ${words.join(' ')}`);

it('foretells what real bash makes of words', { timeout: 600_000 }, () => {
  const scripts = fc.sample(script, {
    numRuns: compositions,
    seed: process.env['DROVER_SOAK'] === '1' ? Date.now() : 7,
  });
  const said = printed(scripts);
  expect(said.length).toBe(scripts.length);
  const wrong = scripts.flatMap((text, index) => {
    const own = foretold(text);
    return own === said[index] ? [] : [`${text}\n  bash: ${said[index]}\n  here: ${own}`];
  });
  expect(wrong.slice(0, 12)).toEqual([]);
});
