import { createRequire } from 'node:module';
import type * as Ssh2 from 'ssh2';

const load = createRequire(import.meta.url);

/** The library, when it is first needed: an engine that never sees a key starts without it. */
export const loadSsh2 = (): typeof Ssh2 => load('ssh2') as typeof Ssh2;
