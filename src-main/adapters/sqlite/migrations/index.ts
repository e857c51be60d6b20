import { foundation } from './0010-foundation.ts';
import { targetTables } from './0020-targets.ts';
import { settingsTable } from './0030-settings.ts';
import { runTargets } from './0040-run-targets.ts';
import { retention } from './0050-retention.ts';

/** One step of the schema; runs in its own transaction and is never edited once shipped. */
export type Migration = { readonly version: number; readonly name: string; readonly sql: string };

/** In rising order, numbered in steps of ten. */
export const migrations: readonly Migration[] = [foundation, targetTables, settingsTable, runTargets, retention];
