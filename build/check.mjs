// `npm run check [-- name …]`: every check that needs no build; writes no source. The commands are package.json's scripts.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { requireNode } from '../bin/require-node.mjs';
import { addSums, nothing, readReport } from './reports.mjs';
import { root, runCommand } from './run-command.mjs';

requireNode('npm run check');

// The longest first, so that the second core is not left idle at the end.
const names = ['unit', 'lint', 'types', 'layers', 'dead', 'format'];
const atOnce = 2;

const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const words = process.argv.slice(2);
const reports = words.find((word) => word.startsWith('--reports='))?.slice('--reports='.length);
const wanted = words.filter((word) => !word.startsWith('--reports='));
const unknown = wanted.filter((word) => !names.includes(word));
if (unknown.length > 0) {
  process.stderr.write(`No check is named ${unknown.join(', ')}. The checks are: ${names.join(', ')}.\n`);
  process.exit(2);
}

function commandOf(name) {
  return name === 'unit' && reports
    ? `${scripts[name]} --reporter=default --reporter=json --outputFile.json=${JSON.stringify(join(reports, 'unit.json'))}`
    : scripts[name];
}

/** A check that is not a test counts as one, so that a red check never stands beside "0 failed". */
function sumOf(name, code) {
  if (name === 'unit' && reports) {
    return readReport('vitest', join(reports, 'unit.json'), code);
  }
  return code === 0 ? { ...nothing, passed: 1 } : { ...nothing, failed: 1 };
}

async function runCheck(name) {
  const { code, output, seconds } = await runCommand(commandOf(name));
  const sum = sumOf(name, code);
  process.stdout.write(
    `${sum.failed > 0 ? 'FAILED' : 'ok    '}  ${name.padEnd(8)}${seconds.toFixed(1).padStart(6)} s\n`,
  );
  return { name, output, sum };
}

const from = performance.now();
const queue = names.filter((name) => wanted.length === 0 || wanted.includes(name));
const done = [];
async function takeNext() {
  for (let name = queue.shift(); name; name = queue.shift()) {
    done.push(await runCheck(name));
  }
}
await Promise.all(Array.from({ length: atOnce }, takeNext));

const failed = done.filter(({ sum }) => sum.failed > 0);
for (const { name, output } of failed) {
  process.stdout.write(`\n--- ${name}: ${scripts[name]}\n${output.trimEnd()}\n`);
}
if (failed.length > 0) {
  process.stdout.write('\n');
}
const seconds = ((performance.now() - from) / 1000).toFixed(1);
process.stdout.write(`${done.length - failed.length} of ${done.length} checks are green after ${seconds} s\n`);
if (reports) {
  const sum = done.map((check) => check.sum).reduce(addSums, nothing);
  writeFileSync(join(reports, 'check.json'), JSON.stringify(sum));
}
process.exitCode = failed.length > 0 ? 1 : 0;
