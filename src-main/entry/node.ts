import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkNode } from './check-node.ts';

checkNode();
const { serve } = await import('./serve.ts');
const appRoot = join(import.meta.dirname, '../..');
const { version } = JSON.parse(readFileSync(join(appRoot, 'package.json'), 'utf8')) as { version: string };
process.exit(await serve({ version, appRoot }, {}));
