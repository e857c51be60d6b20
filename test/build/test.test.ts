import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ScratchProject } from './scratch-project.ts';

type Runner = { report?: unknown; code?: number; skips?: string[] };

const vitestReport = (passed: number, failed = 0, skipped = 0) => ({
  numPassedTests: passed,
  numFailedTests: failed,
  numPendingTests: skipped,
  numTodoTests: 0,
  testResults: [] as unknown[],
});
const playwrightReport = (expected: number, unexpected = 0, flaky = 0) => ({
  stats: { expected, unexpected, flaky, skipped: 0 },
});

const green: Record<'unit' | 'integration' | 'e2e' | 'lint' | 'build', Runner> = {
  unit: { report: vitestReport(10) },
  integration: { report: vitestReport(20) },
  e2e: { report: playwrightReport(30) },
  lint: {},
  build: {},
};

/** Stands in for vitest, playwright and every other tool: leaves the report and the exit code that the test wants. */
const tool = `
const { appendFileSync, writeFileSync } = require('node:fs');
const { basename } = require('node:path');
const words = process.argv.slice(2);
const name = { vitest: words[words.indexOf('--project') + 1], playwright: 'e2e', 'electron-vite': 'build' }[basename(process.argv[1])] ?? words[0];
const { report, code = 0, skips = [] } = JSON.parse(process.env.RUNNERS)[name] ?? {};
appendFileSync('calls.txt', name + '\\n');
skips.forEach((line) => appendFileSync(process.env.DROVER_TEST_SKIPS, line + '\\n'));
const file = process.env.PLAYWRIGHT_JSON_OUTPUT_FILE ?? words.find((word) => word.startsWith('--outputFile.json='))?.slice(18);
if (report) writeFileSync(file, JSON.stringify(report));
process.exitCode = code;
`;

/** Runs `npm test` in a project whose runners all are green, but for those given. */
async function npmTest(runners: Partial<typeof green> = {}) {
  using project = new ScratchProject('build/check.mjs', 'build/reports.mjs', 'build/run-command.mjs', 'build/test.mjs');
  project.write('build/test-services.mjs', '');
  project.write('test/e2e/playwright.config.ts', '');
  for (const name of ['vitest', 'playwright', 'electron-vite', 'tool']) {
    project.writeProgram(`node_modules/.bin/${name}`, tool);
  }
  const checks = Object.fromEntries(
    ['types', 'lint', 'format', 'layers', 'dead'].map((name) => [name, `tool ${name}`]),
  );
  const scripts = { ...checks, unit: 'vitest run --project unit', build: 'electron-vite build' };
  project.write('package.json', JSON.stringify({ scripts }));
  const ended = await project.run(['build/test.mjs'], { RUNNERS: JSON.stringify({ ...green, ...runners }) });
  const calls = readFileSync(join(project.folder, 'calls.txt'), 'utf8').trim().split('\n');
  return { ...ended, calls, last: ended.lines.at(-1) };
}

describe('npm test', () => {
  it('ends with the sum over all runners, each of which ran once', async () => {
    const { code, last, calls } = await npmTest();
    // 5 checks that are no tests, 10 unit, 1 build, 20 integration, 30 end to end.
    expect(last).toBe('66 passed, 0 failed, 0 skipped');
    expect(code).toBe(0);
    expect(calls.slice(-3)).toEqual(['build', 'integration', 'e2e']);
    expect(calls.toSorted()).toEqual([...new Set(calls)].toSorted());
  });

  it('fails with the failed tests of any runner', async () => {
    const { code, last } = await npmTest({
      unit: { report: vitestReport(9, 1), code: 1 },
      e2e: { report: playwrightReport(28, 2), code: 1 },
    });
    expect(last).toBe('63 passed, 3 failed, 0 skipped');
    expect(code).toBe(1);
  });

  it('counts a red check that is not a test', async () => {
    const { code, last } = await npmTest({ lint: { code: 1 } });
    expect(last).toBe('65 passed, 1 failed, 0 skipped');
    expect(code).toBe(1);
  });

  it('counts a runner that wrote no report as one failed, even when it ended well', async () => {
    const { code, last } = await npmTest({ integration: { code: 0 } });
    expect(last).toBe('46 passed, 1 failed, 0 skipped');
    expect(code).toBe(1);
  });

  it('counts a runner that failed without a failed test as one failed', async () => {
    const { code, last } = await npmTest({ integration: { report: vitestReport(20), code: 1 } });
    expect(last).toBe('66 passed, 1 failed, 0 skipped');
    expect(code).toBe(1);
  });

  it('counts a test file that did not load beside a failed test of another file', async () => {
    const testResults = [
      { status: 'failed', assertionResults: [] },
      { status: 'failed', assertionResults: [{ status: 'failed' }] },
      { status: 'passed', assertionResults: [{ status: 'passed' }] },
    ];
    const { last } = await npmTest({ integration: { report: { ...vitestReport(20, 1), testResults }, code: 1 } });
    expect(last).toBe('66 passed, 2 failed, 0 skipped');
  });

  it('counts a report of another shape as one failed', async () => {
    const { last } = await npmTest({ e2e: { report: { stats: {} } } });
    expect(last).toBe('36 passed, 1 failed, 0 skipped');
  });

  it('does not take a pass on the second try for a pass', async () => {
    const { code, last } = await npmTest({ e2e: { report: playwrightReport(29, 0, 1) } });
    expect(last).toBe('65 passed, 1 failed, 0 skipped');
    expect(code).toBe(1);
  });

  it('does not run the end-to-end tests on the bundles of an older build', async () => {
    const { code, last, calls } = await npmTest({ build: { code: 1 } });
    expect(calls).not.toContain('e2e');
    expect(last).toBe('35 passed, 2 failed, 0 skipped');
    expect(code).toBe(1);
  });

  it('names each skipped suite once, before the last line', async () => {
    const line = 'test/adapters/disk.test.ts: needs tmpfs: this account may not mount a tmpfs';
    const { code, lines } = await npmTest({ integration: { report: vitestReport(18, 0, 2), skips: [line, line] } });
    expect(lines.slice(-2)).toEqual([`skipped: ${line}`, '64 passed, 0 failed, 2 skipped']);
    expect(lines.filter((each) => each.startsWith('skipped: '))).toHaveLength(1);
    expect(code).toBe(0);
  });
});
