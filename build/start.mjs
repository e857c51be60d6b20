// `npm start [-- argument …]`: opens Drover, building it first where the sources are newer. Never downloads anything.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { requireNode } from '../bin/require-node.mjs';
import { root, runCommand } from './run-command.mjs';

requireNode('npm start');

const bundles = ['out/main/electron.js', 'out/main/cli.js', 'out/preload/index.cjs', 'out/renderer/index.html'];
const say = (text) => process.stdout.write(`${text}\n`);

/** Time of the last change in milliseconds, 0 for what is not there. */
const changedAt = (path) => statSync(join(root, path), { throwIfNoEntry: false })?.mtimeMs ?? 0;

function isBuildStale() {
  const sources = readdirSync(root)
    .filter((name) => name.startsWith('src-'))
    .flatMap((folder) => [
      folder,
      ...readdirSync(join(root, folder), { recursive: true }).map((name) => join(folder, name)),
    ]);
  const newest = Math.max(...['package.json', 'electron.vite.config.ts', ...sources].map(changedAt));
  return Math.min(...bundles.map(changedAt)) < newest;
}

/** Path of the Electron that was installed by `npx install-electron`; its package is only read, as importing it downloads. */
function installedElectron() {
  const folder = join(root, 'node_modules', 'electron');
  const note = join(folder, 'path.txt');
  const file = existsSync(note) ? join(folder, 'dist', readFileSync(note, 'utf8').trim()) : '';
  return file !== '' && existsSync(file) ? file : undefined;
}

/** Program and arguments that open Drover here, with the sentence that says so. */
function chooseProgram(words) {
  const given = process.env.ELECTRON;
  if (given) {
    return { sentence: `Opening Drover's window with $ELECTRON (${given}).`, program: given, words: [root, ...words] };
  }
  const installed = installedElectron();
  if (installed) {
    return { sentence: "Opening Drover's window.", program: installed, words: [root, ...words] };
  }
  return {
    sentence:
      'Electron is not installed here, so Drover starts without a window of its own ("drover serve") and you open it in a browser.\n' +
      'To get the desktop window, run "npx install-electron" once; nothing is downloaded before you do.',
    program: process.execPath,
    words: [join(root, 'out', 'main', 'cli.js'), 'serve', ...words],
  };
}

/** Runs the program until it ends and leaves with its exit code. */
function runToEnd({ program, words }) {
  // In a process group of its own the program gets each signal once from here, not once more from the terminal and from npm.
  const child = spawn(program, words, { cwd: root, stdio: 'inherit', detached: process.platform !== 'win32' });
  let lastSignalAt = -Infinity;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      const now = performance.now();
      if (now - lastSignalAt > 500) {
        lastSignalAt = now;
        child.kill(signal);
      }
    });
  }
  child.on('error', (error) => {
    process.stderr.write(`${program} could not be started: ${error.message}\n`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)));
}

if (isBuildStale()) {
  say('Building Drover, because the sources are newer than the last build …');
  const { code, output } = await runCommand('electron-vite build');
  if (code !== 0) {
    process.stderr.write(`${output}\nThe build failed, so Drover was not started.\n`);
    process.exit(1);
  }
}
const choice = chooseProgram(process.argv.slice(2));
say(choice.sentence);
runToEnd(choice);
