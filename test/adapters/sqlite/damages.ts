import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SqliteArchive } from '#adapters/sqlite/sqlite-archive';
import { auditOf, chunk, open, packAll, result, running, start, testFolder, listed } from './archive-fixture.ts';

/** An archive with ended and live runs in it, closed. */
export function filled(folder: string): void {
  const archive = open(folder);
  for (let n = 0; n < 8; n += 1) {
    const { id } = running(archive, 12);
    for (let host = 0; host < 12; host += 1) {
      archive.appendOutput(id, [
        chunk(`line of ${host}\n`.repeat(40), { host }),
        chunk('e\n', { host, stream: 'err' }),
      ]);
      archive.finishHost(id, host, result());
    }
    if (n % 2 === 0) {
      archive.moveRun(id, 'running', { status: 'success', phase: 'ok' }, auditOf(archive, 'run.end'));
      packAll(archive, id);
    }
  }
  archive.close();
}

export type Known = { runs: number; hosts: number; lines: number };

/** Reads everything there is. */
export function readAll(archive: SqliteArchive): Known {
  const runs = listed(archive, { limit: 500 });
  archive.unendedRuns();
  archive.verifyAudit();
  return runs.reduce(
    (sum, { id }) => {
      archive.getDetail(id);
      archive.getPlan(id);
      const hosts = archive.getHosts(id, { after: -1, limit: 1000 });
      return {
        runs: sum.runs + 1,
        hosts: sum.hosts + hosts.length,
        lines: sum.lines + archive.getLines(id, { limit: 10_000 }).length,
      };
    },
    { runs: 0, hosts: 0, lines: 0 },
  );
}

/** The same numbers for the same seed (mulberry32). */
export function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below) | 0;
  };
}

export const page = 4096;

/** The files of an archive as a crash leaves them; null is a file that is not there. */
export type Files = { db: Buffer; wal: Buffer | null; shm: Buffer | null };

type Below = (limit: number) => number;

const flip = (bytes: Buffer, at: number, bit: number): void => void (bytes[at] = (bytes[at] ?? 0) ^ (1 << bit));

const noise = (bytes: Buffer, at: number, below: Below): void => {
  for (let each = at; each < at + page; each += 1) {
    bytes[each] = below(256);
  }
};

/** Damage of the file that holds the archive, one kind each, at a place that the seed chooses. */
export const fileDamages: ((files: Files, below: Below) => void)[] = [
  function bitInTheHeader({ db }, below) {
    flip(db, below(100), below(8));
  },
  function bitInAPageHeader({ db }, below) {
    flip(db, below(db.length / page) * page + below(12), below(8));
  },
  function bitInAPage({ db }, below) {
    flip(db, below(db.length), below(8));
  },
  function zerosFromAPageOn({ db }, below) {
    db.fill(0, below(db.length / page) * page);
  },
  function onePageOfZeros({ db }, below) {
    const at = below(db.length / page) * page;
    db.fill(0, at, at + page);
  },
  function pageOfNoise({ db }, below) {
    noise(db, below(db.length / page) * page, below);
  },
  function cutOff(files, below) {
    files.db = files.db.subarray(0, 1 + below(files.db.length - 1));
  },
  function otherApplication({ db }, below) {
    db.writeUInt32BE(below(2 ** 31), 68);
  },
  function nothingAtAll(files) {
    files.db = Buffer.alloc(0);
  },
];

/** Damage of the log and its index, which SQLite passes over. */
export const logDamages: ((files: Files, below: Below) => void)[] = [
  function bitInTheLog({ wal }, below) {
    flip(wal ?? Buffer.alloc(1), below(wal?.length ?? 1), below(8));
  },
  function logCutOff(files, below) {
    files.wal = files.wal?.subarray(0, below(files.wal.length)) ?? null;
  },
  function noIndex(files) {
    files.shm = null;
  },
  function indexOfNoise(files, below) {
    files.shm = Buffer.alloc(32_768, below(256));
  },
];

/** Writes the files of an archive over whatever is in the folder. */
export function put(folder: string, { db, wal, shm }: Files): void {
  for (const [suffix, bytes] of [
    ['', db],
    ['-wal', wal],
    ['-shm', shm],
  ] as const) {
    const file = join(folder, `archive.db${suffix}`);
    rmSync(file, { force: true });
    if (bytes) {
      writeFileSync(file, bytes);
    }
  }
}

/** A closed archive of eight runs. */
export function soundFiles(): Files {
  const folder = testFolder();
  filled(folder);
  return { db: readFileSync(join(folder, 'archive.db')), wal: null, shm: null };
}

/** The same with three more runs that stand only in the log, as a crash leaves it. */
export function crashedFiles(): Files {
  const [folder, copy] = [testFolder(), testFolder()];
  filled(folder);
  const archive = open(folder);
  start(archive, 5);
  start(archive, 5);
  start(archive, 5);
  const bytesOf = (name: string): Buffer => {
    // This drops SQLite's locks on the first archive, which nobody uses any more.
    copyFileSync(join(folder, name), join(copy, name));
    return readFileSync(join(copy, name));
  };
  return { db: bytesOf('archive.db'), wal: bytesOf('archive.db-wal'), shm: bytesOf('archive.db-shm') };
}

/** The same, in memory of their own. */
export const copyOf = ({ db, wal, shm }: Files): Files => ({
  db: Buffer.from(db),
  wal: wal && Buffer.from(wal),
  shm: shm && Buffer.from(shm),
});
