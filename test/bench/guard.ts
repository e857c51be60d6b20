import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtInRules } from '#core/guard/built-in-rules';
import { judgeScript } from '#core/guard/judge-script';
import { root } from './bench-engine.ts';
import { type Figure, figureOf } from './figure.ts';

const barMs = 5;
const scriptLength = 10_000;
const scriptsPerRound = 200;

type Line = { readonly os: string; readonly cmd: string };

/** The 99th of a hundred times that judging a script of 10 KB takes, for shell and PowerShell. */
export async function guard(rounds: number): Promise<Figure[]> {
  const lines = readFileSync(join(root, 'test/core/guard/cases/everyday.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
  if (builtInRules.length === 0) {
    throw new Error('there are no rules to judge by');
  }
  return [measure('linux', 'shell', { lines, rounds }), measure('windows', 'powershell', { lines, rounds })];
}

function measure(
  os: string,
  language: 'shell' | 'powershell',
  { lines, rounds }: { lines: readonly Line[]; rounds: number },
): Figure {
  const own = lines.filter((line) => line.os === os && (os === 'linux' || !/%|^(if|set|for) /.test(line.cmd)));
  const scripts = Array.from({ length: scriptsPerRound }, (_, index) => scriptFrom(own, index));
  const values = Array.from({ length: rounds }, () => {
    const times = scripts
      .map((text) => {
        const from = performance.now();
        judgeScript({ text, language });
        return performance.now() - from;
      })
      .toSorted((one, other) => one - other);
    return times[Math.floor(times.length * 0.99)] ?? 0;
  });
  return figureOf({ name: `guard: p99 of a ${language} script of 10 KB`, unit: 'ms', values, bar: barMs });
}

/** Everyday commands, another order each time, until the script is long enough. */
function scriptFrom(lines: readonly Line[], seed: number): string {
  let text = '';
  for (let at = seed * 7; text.length < scriptLength; at += 1 + (seed % 5)) {
    text += `${lines[at % lines.length]?.cmd ?? ''}\n`;
  }
  return text.slice(0, scriptLength).replace(/\n[^\n]*$/, '\n');
}
