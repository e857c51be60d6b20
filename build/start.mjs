// `npm start`: says what there is to open.
import { requireNode } from '../bin/require-node.mjs';

requireNode('npm start');
process.stdout.write('There is no engine to start yet: `npm test` proves what there is.\n');
