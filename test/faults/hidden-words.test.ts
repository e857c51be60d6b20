import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type DroverSite, testSite } from '../support/drover-process.ts';

const canaries = {
  text: 'canary-of-the-text-7f31',
  argument: 'canary-of-an-argument-2b90',
  variable: 'canary-of-a-variable-c4d8',
  input: 'canary-of-the-input-91aa',
  parameter: 'canary-of-a-parameter-60e5',
};

const read = (path: string): string => {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
};

/**
 * What of the canaries shows in the words of any process, or in the environment of one that is not the run's. The words
 * of `drover exec` itself are its user's own, also in a child that has not become another program yet.
 */
function showing(own: number): string[] {
  const found: string[] = [];
  const ownWords = read(`/proc/${own}/cmdline`);
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const words = read(`/proc/${pid}/cmdline`);
    if (words === ownWords) {
      continue;
    }
    const environment = read(`/proc/${pid}/environ`);
    const isOfRun = environment.includes('DROVER_RUN=');
    for (const [name, canary] of Object.entries(canaries)) {
      if (words.includes(canary)) {
        found.push(`${name} in the words of ${words}`);
      }
      if (!isOfRun && environment.includes(canary)) {
        found.push(`${name} in the environment of ${words}`);
      }
    }
  }
  return found;
}

function writeScript(site: DroverSite, name: string, text: string): string {
  writeFileSync(join(site.folder, name), text);
  return name;
}

const scripts = {
  'script.sh': `marker=${canaries.text}\necho "$1 $TOKEN {{ WORD }} $(cat)"\nwhile [ ! -e "$TEST_SITE/enough" ]; do sleep 0.05; done\n`,
  'script.py': `import os, sys, time\nmarker = '${canaries.text}'\nprint(sys.argv[1], os.environ['TOKEN'], '{{ WORD }}', sys.stdin.read(), flush=True)\nwhile not os.path.exists(os.environ['TEST_SITE'] + '/enough'): time.sleep(0.05)\n`,
  'script.pl': `my $marker = '${canaries.text}';\n$| = 1; print "$ARGV[0] $ENV{TOKEN} {{ WORD }} " . join('', <STDIN>) . "\\n";\nselect(undef, undef, undef, 0.05) while !-e "$ENV{TEST_SITE}/enough";\n`,
};

describe('what is given to a script', () => {
  it.each(Object.keys(scripts) as (keyof typeof scripts)[])(
    'is in the words of no process while %s runs, and in no environment but the run’s',
    async (name) => {
      const site = testSite();
      writeScript(site, name, scripts[name]);
      writeScript(site, 'input', canaries.input);
      const exec = site.start([
        'exec', '-t', 'local', '--script', name, '--stdin', 'input',
        '--env', `TOKEN=${canaries.variable}`, '--param', `WORD=${canaries.parameter}`, '--', canaries.argument,
      ]); // prettier-ignore
      const found = new Set<string>();
      const said = `${canaries.argument} ${canaries.variable} ${canaries.parameter} ${canaries.input}`;
      for (let rounds = 0; rounds < 20 || !exec.out.includes(said); rounds += 1) {
        showing(exec.pid).forEach((sight) => found.add(sight));
        await turn();
        if (exec.hasEnded) {
          expect.fail(exec.err);
        }
      }
      writeFileSync(join(site.folder, 'enough'), '');
      expect(await exec.ended).toMatchObject({ code: 0 });
      expect([...found]).toEqual([]);
      expect(readdirSync(site.tmp)).toEqual([]);
      const { text: _text, ...given } = canaries;
      expect(Object.values(given).filter((canary) => site.log.includes(canary))).toEqual([]);
      expect(existsSync(join(site.data, 'archive.db'))).toBe(true);
    },
  );
});
