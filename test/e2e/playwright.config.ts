import { defineConfig } from 'playwright/test';
import type { ConsoleOptions } from './console.ts';

/** The same specs drive the console in a browser over HTTP and in the desktop window over IPC. */
export default defineConfig<ConsoleOptions>({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: '../../test-results',
  workers: 2,
  fullyParallel: false,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  projects: [
    { name: 'browser', use: { habitat: 'browser' } },
    { name: 'desktop', use: { habitat: 'desktop' } },
  ],
});
