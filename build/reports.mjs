import { readFileSync } from 'node:fs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Sum numbers of tests */

/** @type {Sum} */
export const nothing = { passed: 0, failed: 0, skipped: 0 };

/** @param {Sum} a @param {Sum} b @returns {Sum} */
export function addSums(a, b) {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

/** @param {Sum} sum */
export function sentenceOf({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

const readers = {
  sum: ({ passed, failed, skipped }) => ({ passed, failed, skipped }),
  vitest(report) {
    // A file that did not load, or whose hook failed, has no failed test of its own.
    const broken = report.testResults.filter(
      (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
    );
    return {
      passed: report.numPassedTests,
      failed: report.numFailedTests + broken.length,
      skipped: report.numPendingTests + report.numTodoTests,
    };
  },
  // A test that passes only on the second try is a failed test.
  playwright: ({ stats }) => ({
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky,
    skipped: stats.skipped,
  }),
};

/**
 * Sum of one runner's report. A runner that wrote none, or that failed without a failed test, counts as one failed.
 *
 * @param {'sum' | 'vitest' | 'playwright'} format
 * @param {string} file JSON
 * @param {number} code the runner's exit code
 * @returns {Sum}
 */
export function readReport(format, file, code) {
  let sum;
  try {
    sum = readers[format](JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return { ...nothing, failed: 1 };
  }
  if (!Object.values(sum).every(Number.isSafeInteger)) {
    return { ...nothing, failed: 1 };
  }
  return code !== 0 && sum.failed === 0 ? { ...sum, failed: 1 } : sum;
}
