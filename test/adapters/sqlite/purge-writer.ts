import { randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';
import { openArchive } from '#adapters/sqlite/sqlite-archive';

/** What it tells of each step: the ids of the runs that are done. */
export type Told = readonly string[];

/** Removes the output of all runs of a folder's archive and tells after each step which are done, until it is killed. */
const [folder = ''] = process.argv.slice(2);
const silent = (): void => undefined;
const archive = openArchive({
  dataDir: folder,
  log: { debug: silent, info: silent, warn: silent, error: silent },
  now: Date.now,
  ids: { next: randomUUID },
  appVersion: '0.1.0',
});
const why = { rule: 'age', limit: 1 } as const;
const half = archive.halfPurged();
const known = new Set(half.map(({ no }) => no));
const rest = archive
  .keptRuns(Number.MAX_SAFE_INTEGER, 100_000)
  .filter(({ no, endedAt }) => endedAt !== null && !known.has(no))
  .map(({ no, bytes }) => ({ no, bytes, why }));
const doomed = [...half, ...rest.toReversed()];
const sweep = { no: archive.beginSweep('killed', 1), at: 1 };
for (let next = 0; next < doomed.length;) {
  // One run at a time, so that there are many moments to be killed in.
  const step = archive.purge(doomed.slice(next, next + 1), sweep);
  next += step.done;
  const told: Told = step.runIds;
  writeSync(1, `${JSON.stringify(told)}\n`);
}
const { teamId, userId } = archive.builtIn;
archive.endSweep({ at: 2, stopped: false }, ({ byRule, bytes }) => ({
  actor: {
    userId,
    name: 'killed',
    role: 'owner',
    teamId,
    team: 'Default',
    origin: { transport: 'engine', address: '' },
    sessionId: null,
  },
  action: 'retention.sweep',
  objectType: 'node',
  objectId: archive.nodeId,
  detail: { byRule, bytes },
}));
archive.close();
