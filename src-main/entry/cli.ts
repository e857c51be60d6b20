import { join } from 'node:path';
import { checkNode } from './check-node.ts';

checkNode();
// Loaded only now: an old Node would crash on what the rest needs.
const { main } = await import('./cli-main.ts');
process.exit(await main(join(import.meta.dirname, '../..')));
