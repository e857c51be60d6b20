import { once } from 'node:events';
import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { endOf, ScratchProject } from './scratch-project.ts';

/** Stands in for the build: writes bundles; the command line's says its words and waits when the test wants it to. */
const build = `
const { mkdirSync, writeFileSync } = require('node:fs');
for (const name of ['main', 'preload', 'renderer']) mkdirSync('out/' + name, { recursive: true });
for (const name of ['main/electron.js', 'preload/index.cjs', 'renderer/index.html']) writeFileSync('out/' + name, '');
writeFileSync('out/main/cli.js', \`
  process.on('SIGTERM', () => process.exit(41));
  console.log('cli got ' + process.argv.slice(2).join(' '));
  if (process.argv.includes('--wait')) setTimeout(() => {}, 20_000);
  else process.exitCode = Number(process.env.EXIT ?? 0);
\`);
console.log('built');
`;
const desktop = `console.log('desktop got ' + process.argv.slice(2).join(' '));`;

function project(): ScratchProject {
  const made = new ScratchProject('build/start.mjs', 'build/run-command.mjs');
  made.write('package.json', '{ "type": "module" }');
  made.write('src-main/entry/cli.ts', '');
  made.writeProgram('node_modules/.bin/electron-vite', build);
  return made;
}

const says = 'Building Drover';

describe('npm start', () => {
  it('builds once, serves without a window where there is no Electron and says how to get one', async () => {
    using here = project();
    const first = await here.run(['build/start.mjs', '--listen', '127.0.0.1:0']);
    expect(first.output).toContain(says);
    expect(first.output).toContain('npx install-electron');
    expect(first.lines.at(-1)).toBe('cli got serve --listen 127.0.0.1:0');
    const second = await here.run(['build/start.mjs']);
    expect(second.output).not.toContain(says);
  });

  it('builds again after a source changed', async () => {
    using here = project();
    await here.run(['build/start.mjs']);
    const soon = Date.now() / 1000 + 60;
    utimesSync(join(here.folder, 'src-main/entry/cli.ts'), soon, soon);
    const { output } = await here.run(['build/start.mjs']);
    expect(output).toContain(says);
  });

  it('does not start anything when the build fails, and shows why', async () => {
    using here = project();
    here.writeProgram('node_modules/.bin/electron-vite', `console.log('no such import'); process.exitCode = 1;`);
    const { code, output } = await here.run(['build/start.mjs']);
    expect(code).toBe(1);
    expect(output).toContain('no such import');
    expect(output).not.toContain('cli got');
  });

  it('prefers $ELECTRON, then the installed Electron', async () => {
    using here = project();
    here.write('node_modules/electron/path.txt', 'electron');
    here.writeProgram('node_modules/electron/dist/electron', desktop);
    here.writeProgram('other-electron', desktop.replace('desktop', 'other'));
    const installed = await here.run(['build/start.mjs', '--hidden']);
    expect(installed.lines.at(-1)).toBe(`desktop got ${here.folder}/ --hidden`);
    const given = await here.run(['build/start.mjs'], { ELECTRON: './other-electron' });
    expect(given.lines.at(-1)).toBe(`other got ${here.folder}/`);
  });

  it('serves when Electron was announced but never unpacked', async () => {
    using here = project();
    here.write('node_modules/electron/path.txt', 'electron');
    const { lines } = await here.run(['build/start.mjs']);
    expect(lines.at(-1)).toBe('cli got serve');
  });

  it('leaves with the exit code of what it started', async () => {
    using here = project();
    const { code } = await here.run(['build/start.mjs'], { EXIT: '3' });
    expect(code).toBe(3);
  });

  it('says so when $ELECTRON is no program', async () => {
    using here = project();
    const { code, output } = await here.run(['build/start.mjs'], { ELECTRON: '/nowhere/electron' });
    expect(code).toBe(1);
    expect(output).toContain('/nowhere/electron could not be started');
  });

  it('hands a signal on and waits for the end', async () => {
    using here = project();
    const child = here.start(['build/start.mjs', '--wait']);
    const end = endOf(child);
    for (let text = ''; !text.includes('cli got');) {
      const [chunk] = (await once(child.stdout ?? child, 'data')) as [Buffer];
      text += chunk.toString();
    }
    child.kill('SIGTERM');
    expect((await end).code).toBe(41);
  });
});
