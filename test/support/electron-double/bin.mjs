#!/usr/bin/env node
// Stands where the Electron executable stands: `bin.mjs [switches] <app folder or entry> [arguments]`.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const neededMajor = 24;
const lookMs = 1000;

// A test run that was killed cannot close its apps: those that it drives must not outlive it.
const driver = process.ppid;
if (process.argv.includes('--remote-debugging-port=0')) {
  setInterval(() => process.ppid !== driver && process.kill(process.pid, 'SIGKILL'), lookMs).unref();
}

if (Number(process.versions.node.split('.')[0]) >= neededMajor) {
  await import('./run.mjs');
} else {
  // Found through a PATH without the project's own Node: go on with that one.
  const node = fileURLToPath(new URL('../../../node_modules/.bin/node', import.meta.url));
  const child = spawn(node, process.argv.slice(1), { stdio: 'inherit' });
  child.once('error', (error) => {
    process.stderr.write(`electron double: needs Node ${neededMajor}: ${error.message}\n`);
    process.exitCode = 1;
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => child.kill(signal));
  }
  child.once('exit', (code) => process.exit(code ?? 1));
}
