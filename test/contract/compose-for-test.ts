import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { contract, type ItemOf } from '#contract';
import { DroverError } from '#contract/errors';
import type { Run } from '#contract/run';
import { createDispatcher, type Handlers } from '#api/dispatcher';
import { createSessionService, type SessionService } from '#core/session/session-service';
import type { Actor, Archive, Clock, StoredSession } from '#core/ports';
import type { Served } from './serve-http.ts';

/** Runs of the test engine are told apart by their number; any other number is a run with that many lines. */
export const endlessRun = 9_000_001;
export const failingRun = 9_000_002;
export const heavyRun = 9_000_003;
export const unknownRun = 9_000_004;
/** Its download fails after one piece; that of `failingRun` before the first. */
export const brokenDownload = 9_000_005;
/** A line of `heavyRun` is this long; the run has far more lines than any buffer holds. */
const heavyLine = 'x'.repeat(60_000);
export const heavyLines = 5_000;

export type TestEngine = Served & {
  readonly clock: TestClock;
  /** What the handlers saw. */
  readonly seen: { stopped: number; produced: number; actors: Actor[] };
  readonly logged: { message: string; fields: Record<string, unknown> | undefined }[];
};

type TestClock = Clock & { advance(ms: number): void };

const teamId = 'team-1';
const userId = 'user-1';

/** A dispatcher over small handlers, with real sessions over an archive in memory. */
export function composeForTest(): TestEngine {
  const clock = createTestClock();
  const logged: TestEngine['logged'] = [];
  const note = (message: string, fields?: Record<string, unknown>): void => void logged.push({ message, fields });
  const log: Served['log'] = { debug: note, info: note, warn: note, error: note };
  const seen: TestEngine['seen'] = { stopped: 0, produced: 0, actors: [] };
  const actor = { userId, teamId, name: 'Ada', role: 'admin', team: 'Operations' } as const;
  const sessions = createSessionService({
    archive: createSessionArchive(),
    clock,
    ids: { next: randomUUID, secret: (bytes) => randomBytes(bytes).toString('base64url') },
    digest: { of: (text) => createHash('sha256').update(text).digest('hex') },
    actorOf: () => actor,
  });
  return {
    dispatcher: createDispatcher(createHandlers(seen, sessions), { clock, log }),
    sessions,
    clock,
    owner: (transport) => ({ ...actor, role: 'owner', origin: { transport, address: '' }, sessionId: null }),
    seen,
    logged,
    log,
  };
}

function createTestClock(): TestClock {
  let now = Date.parse('2026-03-01T10:00:00Z');
  let monotonic = 5_000;
  return {
    now: () => now,
    monotonic: () => monotonic,
    after: () => () => undefined,
    advance(ms) {
      now += ms;
      monotonic += ms;
    },
  };
}

type SessionArchive = Pick<
  Archive,
  'builtIn' | 'together' | 'recordAudit' | 'saveSession' | 'findSession' | 'listSessions' | 'updateSession'
> & {
  readonly writes: number;
};

/** The archive's table of sessions, in memory. */
function createSessionArchive(): SessionArchive {
  const rows = new Map<string, StoredSession>();
  let writes = 0;
  return {
    builtIn: { teamId, userId },
    together: (act) => act(),
    recordAudit: () => undefined,
    get writes() {
      return writes;
    },
    saveSession: (session) => void rows.set(session.id, session),
    findSession: (sha256) => [...rows.values()].find((row) => row.secretSha256 === sha256),
    listSessions: (user) => [...rows.values()].filter((row) => row.userId === user),
    updateSession(id, change) {
      writes += 1;
      const row = rows.get(id);
      if (row) {
        rows.set(id, { ...row, ...change });
      }
    },
  };
}

function createHandlers(seen: TestEngine['seen'], sessions: SessionService): Handlers {
  const absent = Object.fromEntries(
    Object.keys(contract).map((name) => [
      name,
      () => {
        throw new DroverError('not-found', `The test engine has no ${name}`);
      },
    ]),
  ) as unknown as Handlers;
  const own: Partial<Handlers> = {
    'node.info': (_input, actor) => {
      seen.actors.push(actor);
      const { userId: id, name, role, team } = actor;
      const node = { nodeId: 'n1', name: 'test', version: '0', platform: 'linux', dataFolder: '/d', startedAt: 1 };
      return { ...node, actor: { userId: id, name, role, team }, now: 2, trouble: null };
    },
    'run.preview': ({ task, targets }) => ({
      targets: { total: 1, first: [targets.slice(0, 20)], unreachable: 0, problem: null },
      addresses: { problems: [], more: false },
      parameters: [],
      leftAlone: [],
      problems: [],
      finalText: task.text,
      refusal: null,
      card: null,
    }),
    'run.get': ({ run }) => {
      throw new DroverError('not-found', `No run ${run}`, { detail: { run, known: ['a', 'b'] } });
    },
    'run.hosts': ({ limit }) => ({ hosts: [], next: limit }),
    'run.lines': () => {
      throw new TypeError('a bug with a secret in its message');
    },
    'run.output'({ run, after, tail }, _actor, signal) {
      const begin = tail === undefined ? after : Number(run) - tail;
      return outputOf(Number(run), begin, { signal, seen });
    },
    'run.download': ({ run }) => ({
      name: `run "${run}".log`,
      contentType: 'text/plain',
      body: bytesOf(Number(run), seen),
    }),
    'run.results': ({ run }) => ({ name: `run-${run}.csv`, contentType: 'text/csv', body: bytesOf(Number(run), seen) }),
    'session.list': (_input, actor) => ({ sessions: sessions.list(actor) }),
    'session.revoke': ({ id }, actor) => {
      sessions.revoke(actor, id);
      return {};
    },
  };
  return { ...absent, ...own };
}

type Item = { seq: number; item: ItemOf<'run.output'> };
type Watch = { readonly signal: AbortSignal; readonly seen: TestEngine['seen'] };

async function* outputOf(run: number, after: number, watch: Watch): AsyncIterable<Item> {
  if (run === unknownRun) {
    throw new DroverError('not-found', `No run ${run}`);
  }
  if (run === endlessRun) {
    yield* endless(after, watch);
    return;
  }
  if (run === failingRun) {
    yield lineItem(1, 'line 1');
    yield lineItem(2, 'line 2');
    throw new DroverError('no-space', 'The disk is full', { detail: { free: 0 } });
  }
  const heavy = run === heavyRun;
  const last = heavy ? heavyLines : run;
  for (let seq = after + 1; seq <= last && !watch.signal.aborted; seq += 1) {
    watch.seen.produced += 1;
    yield lineItem(seq, heavy ? heavyLine : `line ${seq}`);
  }
  yield { seq: last, item: { kind: 'final', run: sampleRun(last) } };
}

/** One item, then silence until the reader leaves. */
async function* endless(after: number, { signal, seen }: Watch): AsyncIterable<Item> {
  try {
    yield lineItem(after + 1, 'the only line');
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  } finally {
    seen.stopped += 1;
  }
}

async function* bytesOf(chunks: number, seen: TestEngine['seen']): AsyncIterable<Uint8Array> {
  if (chunks === failingRun) {
    throw new DroverError('no-space', 'The disk is full');
  }
  for (let index = 0; index < chunks; index += 1) {
    seen.produced += 1;
    await setImmediate();
    yield new Uint8Array(65_536).fill(index % 256);
    if (chunks === brokenDownload) {
      throw new Error('the disk has a fault');
    }
  }
}

function lineItem(seq: number, text: string): Item {
  const line = { seq, n: seq, host: 0, stream: 'out', at: 1_000 + seq, text, open: false } as const;
  return { seq, item: { kind: 'lines', lines: [line] } };
}

function sampleRun(lastSeq: number): Run {
  return {
    id: '01990000-0000-7000-8000-000000000001',
    no: lastSeq,
    name: '',
    kind: 'quick',
    taskType: 'script',
    language: 'shell',
    summary: 'echo',
    status: 'success',
    phase: 'ok',
    reason: '',
    source: 'manual',
    executor: { userId, name: 'Ada', role: 'owner', teams: ['Operations'] },
    selector: 'local',
    firstTarget: 'local',
    counts: {
      total: 1,
      pending: 0,
      running: 0,
      success: 1,
      failed: 0,
      timeout: 0,
      cancelled: 0,
      skipped: 0,
      unreachable: 0,
    },
    rerunOf: null,
    cancel: null,
    createdAt: 1,
    startedAt: 1,
    endedAt: 2,
    durationMs: 1,
    lastSeq,
    outputBytes: 0,
    omittedBytes: 0,
    purged: null,
    rev: 1,
  };
}
