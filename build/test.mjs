// `npm test`: everything that can be proved here. The last line is the sum over all runners.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireNode } from '../bin/require-node.mjs';
import { addSums, nothing, readReport, sentenceOf } from './reports.mjs';
import { root, runCommand } from './run-command.mjs';

requireNode('npm test');

const reports = mkdtempSync(join(tmpdir(), 'drover-test-'));
process.on('exit', () => rmSync(reports, { recursive: true, force: true }));
const skips = join(reports, 'skips.txt');
const node = JSON.stringify(process.execPath);
const endToEnd = 'test/e2e/playwright.config.ts';
const results = [];

const say = (text) => process.stdout.write(`${text}\n`);
const run = (command, env) => runCommand(command, { live: true, env: { DROVER_TEST_SKIPS: skips, ...env } });

/** Runs one part and takes its sum by `read(exit code)`. */
async function runPart(name, { command, env, read }) {
  say(`\n=== ${name}`);
  const { code, seconds } = await run(command, env);
  const sum = read(code);
  results.push({ name, sum, seconds });
  return sum;
}

function saySkipped() {
  const lines = existsSync(skips) ? readFileSync(skips, 'utf8').split('\n').filter(Boolean) : [];
  for (const line of new Set(lines)) {
    say(`skipped: ${line}`);
  }
}

await run(`${node} build/test-services.mjs`);
await runPart('check', {
  command: `${node} build/check.mjs --reports=${JSON.stringify(reports)}`,
  read: (code) => readReport('sum', join(reports, 'check.json'), code),
});
const build = await runPart('build', {
  command: 'electron-vite build',
  read: (code) => (code === 0 ? { ...nothing, passed: 1 } : { ...nothing, failed: 1 }),
});
const integration = join(reports, 'integration.json');
await runPart('integration', {
  command: `vitest run --project integration --reporter=default --reporter=json --outputFile.json=${JSON.stringify(integration)}`,
  read: (code) => readReport('vitest', integration, code),
});
if (!existsSync(join(root, endToEnd))) {
  say(`\n=== e2e: there is no ${endToEnd}`);
} else if (build.failed > 0) {
  say('\n=== e2e: not run, because the build failed');
  results.push({ name: 'e2e', sum: { ...nothing, failed: 1 }, seconds: 0 });
} else {
  const file = join(reports, 'e2e.json');
  await runPart('e2e', {
    command: `playwright test --config ${endToEnd} --fail-on-flaky-tests --reporter=list,json`,
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: file },
    read: (code) => readReport('playwright', file, code),
  });
}

say('');
for (const { name, sum, seconds } of results) {
  say(`${name.padEnd(13)}${sentenceOf(sum)}, ${seconds.toFixed(1)} s`);
}
saySkipped();
const total = results.map(({ sum }) => sum).reduce(addSums, nothing);
say(sentenceOf(total));
process.exitCode = total.failed > 0 ? 1 : 0;
