import { spawn } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/** The PATH that npm gives its scripts, so that a tool and its `env node` are found without npm's start-up time. */
const path = [join(root, 'node_modules', '.bin'), dirname(process.execPath), process.env.PATH ?? ''].join(delimiter);

const running = new Set();
// A process group for each command, because a signal to the shell alone does not reach what it runs.
const ownGroup = process.platform !== 'win32';
const exitCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

function stop(signal) {
  for (const child of running) {
    try {
      process.kill(ownGroup ? -child.pid : child.pid, 'SIGTERM');
    } catch {
      // It ended by itself meanwhile.
    }
  }
  process.exit(exitCodes[signal]);
}

/** Signals are ours only while a command runs; a caller may have its own wish afterwards. */
function track(child) {
  if (running.size === 0) {
    Object.keys(exitCodes).forEach((signal) => process.on(signal, stop));
  }
  running.add(child);
}

function untrack(child) {
  running.delete(child);
  if (running.size === 0) {
    Object.keys(exitCodes).forEach((signal) => process.off(signal, stop));
  }
}

/**
 * Runs one command line in the project's folder, as npm runs a script.
 *
 * @param {string} command
 * @param {{ live?: boolean, env?: Record<string, string> }} [options] `live` shows the output at once instead of collecting it
 * @returns {Promise<{ code: number, output: string, seconds: number }>} never rejects: what cannot be started has code 127
 */
export function runCommand(command, { live = false, env = {} } = {}) {
  const from = performance.now();
  return new Promise((resolve) => {
    const child = spawn(command, {
      cwd: root,
      shell: true,
      detached: ownGroup,
      stdio: live ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
      // Some tools colour what they write into a pipe.
      env: { ...process.env, ...(process.stdout.isTTY ? {} : { NO_COLOR: '1' }), PATH: path, ...env },
    });
    if (child.pid !== undefined) {
      track(child);
    }
    const chunks = [];
    child.stdout?.on('data', (chunk) => chunks.push(chunk));
    child.stderr?.on('data', (chunk) => chunks.push(chunk));
    const finish = (code, note = '') => {
      untrack(child);
      const output = Buffer.concat(chunks).toString() + note;
      resolve({ code, output, seconds: (performance.now() - from) / 1000 });
    };
    child.on('error', (error) => finish(127, `${error.message}\n`));
    child.on('close', (code, signal) => finish(code ?? 1, signal ? `ended by ${signal}\n` : ''));
  });
}
