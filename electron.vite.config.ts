import { resolve } from 'node:path';
import { defineConfig } from 'electron-vite';

const at = (path: string): string => resolve(import.meta.dirname, path);

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      sourcemap: true,
      // Read by every command: in one piece and without what is not used they load in a quarter of the time.
      externalizeDeps: { exclude: ['commander', 'uuid', 'zod'] },
      rolldownOptions: {
        input: {
          node: at('src-main/entry/node.ts'),
          cli: at('src-main/entry/cli.ts'),
        },
      },
    },
  },
});
