import { pathToFileURL } from 'node:url';
import { defineConfig, type Plugin } from 'vitest/config';

/** What electron-vite's `?nodeWorker` does in a build, for tests: Node runs the TypeScript file itself. */
const nodeWorker = {
  name: 'node-worker',
  enforce: 'pre',
  async resolveId(id: string, importer: string | undefined) {
    if (!id.endsWith('?nodeWorker')) {
      return null;
    }
    const found = await this.resolve(id.slice(0, -'?nodeWorker'.length), importer);
    return found && `${found.id}?nodeWorker`;
  },
  load(id: string) {
    if (!id.endsWith('?nodeWorker')) {
      return null;
    }
    const url = JSON.stringify(pathToFileURL(id.slice(0, -'?nodeWorker'.length)).href);
    return `import { Worker } from 'node:worker_threads';\nexport default (options) => new Worker(new URL(${url}), options);`;
  },
} satisfies Plugin;

/** Folders whose tests need nothing but themselves. */
const folders = ['hygiene', 'core', 'task-types', 'api', 'cli', 'renderer'];
const unit = [...folders.map((folder) => `test/${folder}/**/*.test.{ts,tsx}`), 'test/*.test.ts'];

export default defineConfig({
  plugins: [nodeWorker],
  test: {
    projects: [
      { extends: true, test: { name: 'unit', include: unit, testTimeout: 60_000 } },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: [...unit, 'test/e2e/**'],
          maxWorkers: 2,
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
