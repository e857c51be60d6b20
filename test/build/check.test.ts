import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { asOldNode, endOf, ScratchProject } from './scratch-project.ts';

const names = ['dead', 'format', 'layers', 'lint', 'types', 'unit'];

/** A project each of whose checks says its name; those in `red` fail. */
function projectWith(red: string[] = []): ScratchProject {
  const project = new ScratchProject('build/check.mjs', 'build/reports.mjs', 'build/run-command.mjs');
  project.writeProgram(
    'node_modules/.bin/tool',
    `process.stdout.write('words of ' + process.argv[2] + '\\n'); process.exitCode = Number(process.argv[3]);`,
  );
  const scripts = Object.fromEntries(names.map((name) => [name, `tool ${name} ${red.includes(name) ? 1 : 0}`]));
  project.write('package.json', JSON.stringify({ scripts }));
  return project;
}

const wordsIn = (file: string): string[] => (existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []);

describe('npm run check', () => {
  it('runs every check, says the verdict on each and keeps the words of the green ones to itself', async () => {
    using project = projectWith();
    const { code, output, lines } = await project.run(['build/check.mjs']);
    expect(code).toBe(0);
    expect(
      lines
        .filter((line) => line.startsWith('ok'))
        .map((line) => line.split(/\s+/)[1] ?? '')
        .toSorted(),
    ).toEqual(names);
    expect(output).not.toContain('words of');
  });

  it('fails when one check fails and shows the words of that one', async () => {
    using project = projectWith(['lint']);
    const { code, output } = await project.run(['build/check.mjs']);
    expect(code).toBe(1);
    expect(output).toMatch(/^FAILED +lint +\d+\.\d s$/m);
    expect(output.match(/words of \w+/g)).toEqual(['words of lint']);
  });

  it('runs only the checks that are named', async () => {
    using project = projectWith(['types']);
    const { code, output } = await project.run(['build/check.mjs', 'lint', 'format']);
    expect(code).toBe(0);
    expect(output).toContain('2 of 2 checks are green');
  });

  it('refuses the name of no check and lists the names', async () => {
    using project = projectWith();
    const { code, output } = await project.run(['build/check.mjs', 'lnt']);
    expect(code).toBe(2);
    expect(output).toContain('No check is named lnt. The checks are: unit, lint, types, layers, dead, format.');
  });

  it('counts a check that is not a test as one and unit tests that left no report as one failed', async () => {
    using project = projectWith(['types']);
    await project.run(['build/check.mjs', `--reports=${project.folder}`]);
    const sum: unknown = JSON.parse(readFileSync(join(project.folder, 'check.json'), 'utf8'));
    expect(sum).toEqual({ passed: 4, failed: 2, skipped: 0 });
  });

  it('ends what it runs when it is ended itself', async () => {
    using project = projectWith();
    project.writeProgram(
      'node_modules/.bin/tool',
      `const say = (word) => require('node:fs').appendFileSync('said', word + '\\n');
       process.on('SIGTERM', () => { say('ended'); process.exit(); });
       say('started');
       setTimeout(() => {}, 20_000);`,
    );
    const said = join(project.folder, 'said');
    const child = project.start(['build/check.mjs']);
    const end = endOf(child);
    await vi.waitFor(() => expect(wordsIn(said)).toEqual(['started', 'started']), 10_000);
    child.kill('SIGTERM');
    expect((await end).code).toBe(143);
    await vi.waitFor(() => expect(wordsIn(said)).toEqual(['started', 'started', 'ended', 'ended']), 10_000);
  });

  it('tells an old Node to go through npm', async () => {
    using project = projectWith();
    const { code, output } = await project.run([...asOldNode, 'build/check.mjs']);
    expect(code).toBe(3);
    expect(output).toContain('this is Node 20.20.2');
    expect(output).toContain('npm run check');
  });
});
