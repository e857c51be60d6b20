import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { bundledPackages, licenceList, shippedPackages } from './build/shipped-packages.mjs';

const at = (path: string): string => resolve(import.meta.dirname, path);

/** Beside the pages, which fetch it when somebody asks: what others have made that is part of the program. */
const licences = {
  name: 'licences',
  apply: 'build' as const,
  // The source maps, which tell what was bundled, are written with the bundle.
  writeBundle(): void {
    const list = licenceList([...shippedPackages(), ...bundledPackages()]);
    writeFileSync(at('out/renderer/licences.json'), JSON.stringify(list));
  },
};

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      sourcemap: true,
      // Read by every command: in one piece and without what is not used they load in a quarter of the time.
      externalizeDeps: { exclude: ['commander', 'unbash', 'uuid', 'zod'] },
      rolldownOptions: {
        input: {
          electron: at('src-main/entry/electron.ts'),
          node: at('src-main/entry/node.ts'),
          cli: at('src-main/entry/cli.ts'),
          'copy-worker': at('src-main/entry/copy-worker.ts'),
        },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      sourcemap: 'inline',
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: at('src-preload/index.ts') },
        // A sandboxed preload cannot be an ES module.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: at('src-renderer'),
    plugins: [react(), licences],
    build: {
      outDir: at('out/renderer'),
      minify: true,
      sourcemap: true,
      rolldownOptions: { input: { index: at('src-renderer/index.html') } },
    },
  },
});
