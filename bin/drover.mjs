#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { requireNode } from './require-node.mjs';

requireNode('npm exec -- drover');

// import.meta.url is the real file, so a symlink anywhere on PATH finds the bundle of its own checkout.
const cli = new URL('../out/main/cli.js', import.meta.url);
if (!existsSync(cli)) {
  process.stderr.write('Drover is not built yet. Run "npm run build" in its folder, then try again.\n');
  process.exit(3);
}
await import(cli.href);
