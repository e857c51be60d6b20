import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import { type ArchiveOptions, openArchive, type SqliteArchive } from '#adapters/sqlite/sqlite-archive';
import type { HostKey } from '#contract/host-key';
import type { HostRow, Run, RunQuery } from '#contract/run';
import { DroverError } from '#contract/errors';
import { compileRunSearch } from '#core/history/compile-run-search';
import type { Actor, Archive, AuditEntry, HostResult, Log, NewRun, OutputChunk, PlannedHost } from '#core/ports';
import type { CredentialStore, NewTarget, Reach } from '#core/ports-reach';
import { MemoryArchive } from '../../support/fakes/memory-archive.ts';

export type LogLine = { level: 'debug' | 'info' | 'warn' | 'error'; message: string; fields: Record<string, unknown> };

export function recordingLog(): Log & { lines: LogLine[] } {
  const lines: LogLine[] = [];
  const at =
    (level: LogLine['level']) =>
    (message: string, fields: Record<string, unknown> = {}): void =>
      void lines.push({ level, message, fields });
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** A folder of its own that is gone when the test has finished. */
export function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'drover-archive-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Opens the archive of `folder`; it is closed when the test has finished. */
export function open(folder: string, options: Partial<ArchiveOptions> = {}): SqliteArchive {
  const archive = openArchive({
    dataDir: folder,
    log: recordingLog(),
    now: Date.now,
    ids: { next: randomUUID },
    appVersion: '0.1.0',
    ...options,
  });
  onTestFinished(() => archive.close());
  return archive;
}

export const newArchive = (options: Partial<ArchiveOptions> = {}): SqliteArchive => open(testFolder(), options);

/** Another program's connection to the same file, as a test needs it to look behind the archive. */
export function behind(folder: string, options: Database.Options = {}): Database.Database {
  const db = new Database(join(folder, 'archive.db'), { fileMustExist: true, ...options });
  onTestFinished(() => void db.close());
  return db;
}

export const actorOf = ({ builtIn }: Pick<Archive, 'builtIn'>): Actor => ({
  userId: builtIn.userId,
  name: 'owner',
  role: 'owner',
  teamId: builtIn.teamId,
  team: 'Default',
  origin: { transport: 'control', address: '' },
  sessionId: null,
});

export const auditOf = (archive: Pick<Archive, 'builtIn'>, action = 'run.start'): AuditEntry => ({
  actor: actorOf(archive),
  action,
  objectType: 'run',
  objectId: 'some run',
  detail: { why: 'a test' },
});

/** A way that has every kind of login on it. */
const reach = (host: number): Reach => ({
  port: 22 + host,
  user: 'deploy',
  login: { kind: 'stored', credentialId: `credential-${host}` },
  jumps: [
    { address: 'bastion', port: 2222, user: 'anna', login: { kind: 'account', identityFiles: ['/home/anna/.ssh/id'] } },
    { address: '2001:db8::1', port: 22, user: 'jump', login: { kind: 'given' } },
  ],
  become: { user: 'root' },
  hostKeys: 'accept-new',
  weakAlgorithms: host > 0,
});

export const hosts = (count: number): PlannedHost[] =>
  Array.from({ length: count }, (_, host) => ({
    host,
    targetId: host % 2 === 0 ? `target-${host}` : null,
    name: `web-${host}`,
    address: `192.0.2.${host % 250}`,
    os: 'linux',
    connection: 'ssh',
    reach: host % 2 === 0 ? reach(host) : null,
  }));

export const newRun = ({ builtIn }: SqliteArchive, more: Partial<NewRun> = {}): NewRun => ({
  id: randomUUID(),
  name: 'nightly',
  summary: 'uptime',
  phase: 'queued',
  source: 'manual',
  executor: { userId: builtIn.userId, name: 'owner', role: 'owner', teams: ['Default'] },
  teamId: builtIn.teamId,
  createdBy: builtIn.userId,
  selector: 'web-*',
  task: {
    type: 'script',
    language: 'shell',
    text: 'uptime\n',
    args: ['one', 'two words'],
    environment: { LANG: 'C' },
    parameters: { days: 3 },
    noParameters: false,
  },
  options: { timeoutS: 600, deadlineS: 0, concurrency: 64, pauseS: 0, tolerate: '10%' },
  finalText: 'uptime\n',
  textSha256: 'text digest',
  planSha256: 'plan digest',
  leftAlone: ['{{.Names}}'],
  rerunOf: null,
  createdAt: 1_800_000_000_000,
  ...more,
});

export const start = (archive: SqliteArchive, count = 1, more: Partial<NewRun> = {}): Run =>
  archive.createRun(newRun(archive, more), hosts(count), auditOf(archive));

/** A run that stands at `running`, with all its targets started. */
export function running(archive: SqliteArchive, count = 1): Run {
  const { id } = start(archive, count);
  const run = archive.moveRun(id, 'pending', { status: 'running', phase: 'running', startedAt: 1_800_000_000_100 });
  for (let host = 0; host < count; host += 1) {
    archive.startHost(id, host, 1_800_000_000_200);
  }
  return run as Run;
}

export const result = (more: Partial<HostResult> = {}): HostResult => ({
  status: 'success',
  reason: null,
  message: '',
  exitCode: 0,
  stopped: null,
  endedAt: 1_800_000_001_000,
  durationMs: 800,
  out: { omitted: 0, sha256: null },
  err: { omitted: 0, sha256: null },
  ...more,
});

const slicesIn = (bytes: Uint8Array): number => {
  const ended = bytes.reduce((count, byte) => count + (byte === 0x0a ? 1 : 0), 0);
  return ended + (bytes.at(-1) === 0x0a ? 0 : 1);
};

export function chunk(text: string | Uint8Array, more: Partial<OutputChunk> = {}): OutputChunk {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  return {
    host: 0,
    attempt: 1,
    stream: 'out',
    firstN: 1,
    at: 1_800_000_000_500,
    slices: slicesIn(bytes),
    bytes,
    ...more,
  };
}

/** Packs all output of an ended run; returns how many calls that took. */
export function packAll(archive: SqliteArchive, runId: string): number {
  let calls = 1;
  while (archive.packOutput(runId)) {
    calls += 1;
  }
  return calls;
}

/** Ends a run and packs all of its output; returns how many calls that took. */
export function endAndPack(archive: SqliteArchive, runId: string): number {
  archive.finishHosts(runId, ['pending', 'running'], result());
  archive.moveRun(runId, 'running', { status: 'success', phase: 'ok' });
  return packAll(archive, runId);
}

export const hostRow = (archive: SqliteArchive, runId: string, host = 0): HostRow =>
  archive.getHosts(runId, { after: host - 1, limit: 1 })[0] as HostRow;

/** All that a question finds, up to its limit; times such as `since:1h` count from the time of `newRun`. */
export function listed(
  archive: Pick<Archive, 'builtIn' | 'searchRuns'>,
  query: Partial<RunQuery> = {},
  teamId = archive.builtIn.teamId,
): Run[] {
  const search = compileRunSearch({ limit: 50, ...query }, 1_800_000_000_000);
  return [...archive.searchRuns(teamId, search)].flatMap(({ runs }) => runs).slice(0, search.limit);
}

export const find = (archive: SqliteArchive, key: string | number): Run =>
  archive.findRun(archive.builtIn.teamId, key) as Run;

export const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

/** Only while no connection of this process has the file open: closing it drops SQLite's locks on it. */
export const digestOfFile = (file: string): string => sha256(readFileSync(file));

/** The archive and its double in memory, with the number of audit rows: what one promises is asked of both. */
export const bothArchives: readonly [string, () => { archive: Archive; auditRows: () => number }][] = [
  [
    'the archive',
    () => {
      const archive = newArchive();
      return { archive, auditRows: () => archive.verifyAudit().rows };
    },
  ],
  [
    'its double in memory',
    () => {
      const archive = new MemoryArchive();
      return { archive, auditRows: () => archive.audits.length };
    },
  ],
];

export const newTarget = ({ builtIn }: Pick<Archive, 'builtIn'>, more: Partial<NewTarget> = {}): NewTarget => ({
  id: randomUUID(),
  teamId: builtIn.teamId,
  createdBy: builtIn.userId,
  at: 1_800_000_000_000,
  name: 'web-1',
  address: '192.0.2.1',
  port: 22,
  os: 'linux',
  connection: 'ssh',
  user: null,
  credentialId: null,
  jump: [],
  become: null,
  tags: [],
  attributes: {},
  maintenance: false,
  weakAlgorithms: false,
  ...more,
});

type NewCredential = Parameters<CredentialStore['createCredential']>[0];

export const newCredential = (
  { builtIn }: Pick<Archive, 'builtIn'>,
  more: Partial<NewCredential> = {},
): NewCredential => ({
  id: randomUUID(),
  teamId: builtIn.teamId,
  createdBy: builtIn.userId,
  createdAt: 1_800_000_000_000,
  updatedAt: 1_800_000_000_000,
  name: 'deploy key',
  kind: 'key',
  user: null,
  become: null,
  publicKey: null,
  fingerprint: null,
  holds: [],
  sealed: new Uint8Array(),
  ...more,
});

export const shownKey = (more: Partial<HostKey> = {}): Omit<HostKey, 'id'> => ({
  address: 'web-1.example.net',
  port: 22,
  type: 'ssh-ed25519',
  publicKey: 'AAAAC3NzaC1lZDI1NTE5AAAA',
  fingerprint: 'SHA256:abc',
  state: 'accepted',
  replaces: null,
  acceptedBy: 'owner',
  seenAt: 1_800_000_000_000,
  ...more,
});

/** Lets no audit row be written any more. */
export const forbidAudit = (folder: string): void =>
  void behind(folder).exec(
    `CREATE TRIGGER no_audit BEFORE INSERT ON audit_log BEGIN SELECT RAISE(ABORT, 'no audit'); END`,
  );

/** The expected failure that `act` throws; any other error passes through. */
export function refusal(act: () => unknown): DroverError {
  try {
    act();
  } catch (error) {
    if (error instanceof DroverError) {
      return error;
    }
    throw error;
  }
  throw new Error('it was not refused');
}
