import type { EngineFacts, Finding, FolderFacts, ProgramFacts } from '#core/ports-doctor';
import { doubtful, fine, sizeText, spanText, wrong } from './findings.ts';

/** The first SQLite in which a log that is begun anew cannot damage an archive. */
const soundSqlite = [3, 51, 3];

const isOlder = (version: string, than: readonly number[]): boolean => {
  const parts = version.split('.').map(Number);
  const at = than.findIndex((part, index) => (parts[index] ?? 0) !== part);
  return at >= 0 && (parts[at] ?? 0) < (than[at] ?? 0);
};

export function judgeProgram({ version, node, sqlite, platform }: ProgramFacts): Finding {
  const seen = `Drover ${version}, Node ${node}, SQLite ${sqlite}, ${platform}`;
  return isOlder(sqlite, soundSqlite)
    ? wrong('program', seen, 'Install the better-sqlite3 that package-lock.json names: npm ci')
    : fine('program', seen);
}

export function judgeConfiguration(problem: string | null): Finding {
  return problem === null
    ? fine('configuration', 'drover.json and the environment hold nothing wrong')
    : wrong('configuration', problem, 'Correct it: nothing starts before');
}

export function judgeFolder({ path, kind, uid, mode, isWritable, network }: FolderFacts, own: number | null): Finding {
  const check = 'data-folder';
  if (kind === 'absent') {
    return fine(check, `${path} is not there yet: the first start makes it`);
  }
  if (kind === 'other') {
    return wrong(check, `${path} is not a folder`, 'Name another with --data');
  }
  if (network !== null) {
    return wrong(
      check,
      `${path} is on a network disk (${network}), whose locks other machines do not see`,
      'Move it to a local disk',
    );
  }
  if (uid !== null && own !== null && own !== 0 && uid !== own) {
    return wrong(
      check,
      `${path} belongs to the account ${uid}, this is ${own}`,
      `Work as that account, or: chown -R ${own} ${path}`,
    );
  }
  if (!isWritable) {
    return wrong(
      check,
      `${path} cannot be written to`,
      'Make it writable for this account; a disk that had errors may be mounted read-only',
    );
  }
  return judgeMode(path, mode, uid);
}

function judgeMode(path: string, mode: number | null, uid: number | null): Finding {
  const check = 'data-folder';
  if (mode === null) {
    return fine(check, `${path}, on a local disk`);
  }
  const seen = `${path}, mode ${(mode & 0o777).toString(8).padStart(4, '0')}, account ${uid}, on a local disk`;
  if ((mode & 0o022) !== 0) {
    return wrong(check, `${seen}: others may write to it`, `chmod go-w ${path}`);
  }
  return (mode & 0o077) === 0
    ? fine(check, seen)
    : doubtful(check, `${seen}: others may look inside`, `chmod 700 ${path}`);
}

type DiskFacts = { readonly bytes: number; readonly share: number };

const littleBytes = 1_000_000_000;

export function judgeDisk({ bytes, share }: DiskFacts, floor: number): Finding {
  const percent = (part: number): string => `${Number((part * 100).toFixed(1))} %`;
  const seen = `${sizeText(bytes)} free, ${percent(share)} of the disk; new runs need ${percent(floor)}`;
  const remedy = 'Make room on the disk of the data folder';
  if (share < floor) {
    return wrong('disk', seen, remedy);
  }
  return share < 2 * floor || bytes < littleBytes ? doubtful('disk', seen, remedy) : fine('disk', seen);
}

export function judgeEngine(
  { isLocked, pid, answer, lockedAt }: EngineFacts,
  program: ProgramFacts,
  now: number,
): Finding {
  const check = 'engine';
  if (!isLocked) {
    return fine(check, 'None runs on this data folder; a command runs one itself while it needs it');
  }
  const who = pid === null ? 'another process' : `process ${pid}`;
  if (answer === null) {
    return wrong(
      check,
      `The data folder is held by ${who}, which does not answer on its control socket`,
      pid === null
        ? 'Find who has archive.lock open (fuser) and end it'
        : `Look at it (ps -fp ${pid}), and end it if it hangs`,
    );
  }
  const seen = `${who} serves it, Drover ${answer.version}, for ${spanText(now - (lockedAt ?? answer.startedAt))}`;
  if (answer.trouble !== null) {
    return wrong(check, `${seen}. ${answer.trouble}`, 'See the line about the disk');
  }
  return answer.version === program.version
    ? fine(check, seen)
    : doubtful(check, `${seen}; this program is ${program.version}`, 'Start the engine again to have both alike');
}

const littleFiles = 200;

/** Each connection takes one, each local script a handful. */
export function judgeOpenFiles(
  openFiles: { readonly limit: number; readonly used: number | null } | null,
  needs: { readonly connections: number; readonly runsAtOnce: number },
): Finding {
  const check = 'open-files';
  if (openFiles === null) {
    return fine(check, 'How many files may be open cannot be told on this system');
  }
  const { limit, used } = openFiles;
  const need = needs.connections + 4 * needs.runsAtOnce + littleFiles;
  const seen = `${limit} may be open${used === null ? '' : `, ${used} are`}; the settings may need ${need}`;
  return limit >= need
    ? fine(check, seen)
    : doubtful(
        check,
        seen,
        `Raise the limit (LimitNOFILE=${need} in the unit, or ulimit -n), or lower ssh.connections and limits.runsAtOnce`,
      );
}

export const judgeBus = (): Finding => fine('bus', 'None is configured: this node works by itself');
