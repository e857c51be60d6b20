import { spawnSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { asOldNode, ScratchProject } from '../build/scratch-project.ts';

const cli = `process.stdout.write('cli got ' + process.argv.slice(2).join(' ') + '\\n');`;

function project(): ScratchProject {
  const made = new ScratchProject('bin/drover.mjs');
  made.write('package.json', '{ "name": "drover", "type": "module", "bin": { "drover": "bin/drover.mjs" } }');
  return made;
}

describe('drover', () => {
  it('passes its words to the built command line', async () => {
    using here = project();
    here.write('out/main/cli.js', cli);
    const { code, output } = await here.run(['bin/drover.mjs', 'exec', '-t', 'web']);
    expect(output).toBe('cli got exec -t web\n');
    expect(code).toBe(0);
  });

  it('is found through a symlink, as an executable', () => {
    using here = project();
    here.write('out/main/cli.js', cli);
    const link = join(here.folder, 'link');
    symlinkSync(join(here.folder, 'bin/drover.mjs'), link);
    const done = spawnSync(link, ['runs'], { encoding: 'utf8' });
    expect(done.stdout).toBe('cli got runs\n');
  });

  it('says how to build it when it is not built', async () => {
    using here = project();
    const { code, output } = await here.run(['bin/drover.mjs']);
    expect(code).toBe(3);
    expect(output).toContain('npm run build');
  });

  it('tells an old Node to go through npm', async () => {
    using here = project();
    here.write('out/main/cli.js', cli);
    const { code, output } = await here.run([...asOldNode, 'bin/drover.mjs']);
    expect(code).toBe(3);
    expect(output).toContain('npm exec -- drover');
    expect(output).not.toContain('cli got');
  });
});
