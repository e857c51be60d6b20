import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { judgeScript } from '#core/guard/judge-script';
import { isStricter, type Level } from '#core/guard/judgement';
import { judgePath } from '#core/guard/path/judge-path';
import { scriptLanguage } from '#core/guard/script-language';

type Case = {
  readonly id: string;
  readonly os: 'linux' | 'windows';
  readonly verdict: 'allow' | 'block';
  readonly level?: Level;
  readonly shell?: string;
};
type CommandCase = Case & { readonly cmd: string };
type PathCase = Case & {
  readonly path: string;
  readonly rule?: string;
  readonly symlinks?: Record<string, string>;
  readonly mounts?: Record<string, string>;
};

const read = <T>(name: string): T[] =>
  readFileSync(join(import.meta.dirname, 'cases', `${name}.jsonl`), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);

function wrongCommands(name: string): string[] {
  return read<CommandCase>(name).flatMap(({ id, cmd, os, shell, verdict, level }) => {
    const { verdict: got, level: gotLevel } = judgeScript({
      text: cmd,
      language: scriptLanguage({ text: cmd, os, shell }),
    });
    const isWeak = level !== undefined && (gotLevel === null || isStricter(level, gotLevel));
    return got !== verdict || isWeak ? [`${id}: ${cmd.slice(0, 80)} → ${gotLevel}`] : [];
  });
}

it('judges every shared case of a command as it is said, at its level or a stricter one', () => {
  expect(wrongCommands('commands')).toEqual([]);
});

it('lets everyday administration pass', () => {
  expect(read('everyday').length).toBeGreaterThanOrEqual(60);
  expect(wrongCommands('everyday')).toEqual([]);
});

it('stops what its makers thought up besides', () => {
  expect(wrongCommands('harmful')).toEqual([]);
});

it('judges every shared case of a path as it is said', () => {
  const wrong = read<PathCase>('paths').flatMap(({ id, path, os, rule, symlinks, mounts, verdict }) => {
    const judged = judgePath({ path, os, zone: rule, links: { ...symlinks, ...mounts } });
    return judged.verdict === verdict ? [] : [`${id}: ${path} → ${judged.reason}`];
  });
  expect(wrong).toEqual([]);
});
