import { createHash } from 'node:crypto';
import { zstdCompressSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { canonicalJson } from '#adapters/sqlite/canonical-json';

/** How much there is to be; times are milliseconds since 1970 UTC. */
export type Filling = {
  readonly runs: number;
  /** Targets of a run on average; their number differs from run to run. */
  readonly hosts: number;
  /** Bytes that one target wrote on average. */
  readonly outputBytes: number;
  /** The first run is of this time, the last one ended before that. */
  readonly from: number;
  readonly until: number;
  readonly onProgress?: (runs: number) => void;
};

/** What was made; `bytes` are those of the output as it was written. */
export type Filled = { readonly runs: number; readonly hosts: number; readonly bytes: number };

/** The same numbers again in every archive, so that two measurements measure the same. */
function randoms(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const scripts = [
  'df -h', 'uptime', 'apt-get update', 'systemctl restart nginx', 'journalctl -n 200', 'rsync -a /srv/www /backup',
  'cat /etc/os-release', 'certbot renew --quiet', 'psql -c "vacuum analyze"', 'docker ps --all', 'free -m', 'who',
] as const; // prettier-ignore
const names = ['nightly', 'patch', 'backup', 'health check', 'certificates', 'inventory', 'cleanup', 'deploy'] as const;
const people = ['anna', 'boris', 'chen', 'dora', 'emil'] as const;
const places = ['fra', 'ams', 'nyc', 'sin'] as const;
const words = 'service unit started finished error retry connection host volume usage percent cache worker queue'.split(
  ' ',
);

/** Runs are made in transactions of so many. */
const batch = 5_000;
const outputs = 400;
const smallestPacked = 256;

type Output = {
  readonly bytes: Buffer;
  readonly encoding: 'raw' | 'zstd';
  readonly size: number;
  readonly lines: number;
  readonly sha256: string;
};

/** Texts of lines as machines write them, packed as the archive packs them. */
function poolOf(average: number, random: (below: number) => number): Output[] {
  return Array.from({ length: outputs }, (_, at) => {
    // One in twenty wrote far more than the others.
    const wanted = at % 20 === 0 ? average * 8 : average * 0.35 + random(average * 0.6);
    let [text, lines] = ['', 0];
    while (text.length < wanted) {
      const said = Array.from({ length: 3 + random(6) }, () => words[random(words.length)]).join(' ');
      text += `2026-11-${10 + random(20)}T0${random(10)}:${10 + random(50)}:00Z ${said} ${random(1e6)}\n`;
      lines += 1;
    }
    const bytes = Buffer.from(text);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const isPacked = bytes.length >= smallestPacked;
    return {
      bytes: isPacked ? zstdCompressSync(bytes) : bytes,
      encoding: isPacked ? 'zstd' : 'raw',
      size: bytes.length,
      lines,
      sha256,
    };
  });
}

/**
 * Fills the archive `file`, which nobody else may fill meanwhile, with ended runs through plain SQL: a million of them in
 * minutes, where the engine would take hours. Everything fits together as if the engine had made it.
 */
export function fillArchive(file: string, filling: Filling): Filled {
  const db = new Database(file, { fileMustExist: true });
  try {
    db.pragma('synchronous = OFF');
    db.pragma('foreign_keys = OFF');
    db.pragma('cache_size = -262144');
    db.pragma('temp_store = MEMORY');
    const large = filling.runs > batch;
    const laid = large ? withoutIndexes(db) : undefined;
    const filled = withoutTriggers(db, () => fill(db, filling));
    laid?.forEach((sql) => db.exec(sql));
    if (large) {
      db.pragma('wal_checkpoint(TRUNCATE)');
    }
    return filled;
  } finally {
    db.close();
  }
}

/** Drops what is quicker to make at the end; gives the statements that make it. */
function withoutIndexes(db: Database.Database): string[] {
  const tables = ['runs', 'run_progress', 'host_results', 'log_chunks'];
  const indexes = db
    .prepare<[], { name: string; table: string; sql: string | null }>(
      `SELECT name, tbl_name AS "table", sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL`,
    )
    .all()
    .filter(({ table }) => tables.includes(table));
  indexes.forEach(({ name }) => db.exec(`DROP INDEX "${name}"`));
  return indexes.map(({ sql }) => sql ?? '');
}

/** The guards let a run begin as pending only. */
function withoutTriggers<T>(db: Database.Database, act: () => T): T {
  const triggers = db
    .prepare<[], { name: string; sql: string }>(`SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'`)
    .all();
  triggers.forEach(({ name }) => db.exec(`DROP TRIGGER "${name}"`));
  try {
    return act();
  } finally {
    triggers.forEach(({ sql }) => db.exec(sql));
  }
}

type Writer = ReturnType<typeof statementsOf>;

function statementsOf(db: Database.Database) {
  return {
    run: db.prepare(
      `INSERT INTO runs (no, id, team_id, created_by, name, kind, task_type, language, summary, status, phase, reason, source,
         executor, selector, first_target, created_at, started_at, ended_at, duration_ms)
       VALUES (@no, @id, @team, @user, @name, 'quick', 'script', 'shell', @summary, @status, @phase, @reason, @source,
         @executor, @selector, @firstTarget, @at, @at + 20, @at + @took, @took)`,
    ),
    input: db.prepare(
      `INSERT INTO run_inputs (run_no, task, options, final_text, text_sha256, plan_sha256, left_alone)
       VALUES (@no, @task, '{}', @text, @textSha256, @planSha256, '[]')`,
    ),
    step: db.prepare(
      `INSERT INTO steps (no, id, team_id, created_by, run_no, ordinal, created_at) VALUES (@no, @stepId, @team, @user, @no, 1, @at)`,
    ),
    progress: db.prepare(
      `INSERT INTO run_progress (run_no, total, pending, running, success, failed, timeout, cancelled, skipped, unreachable,
         last_seq, output_bytes, omitted_bytes, packed_seq, packed, rev)
       VALUES (@no, @total, 0, 0, @success, @failed, @timeout, @cancelled, 0, 0, @lastSeq, @bytes, 0, @lastSeq, 1, @rev)`,
    ),
    search: db.prepare(
      `INSERT INTO run_search (rowid, name, summary, first_target, selector)
       VALUES (CAST(@no AS INTEGER), @name, @summary, @firstTarget, @selector)`,
    ),
    host: db.prepare(
      `INSERT INTO host_results (run_no, step_no, attempt, host, target_id, name, address, os, connection, status, reason, message,
         exit_code, started_at, ended_at, duration_ms, out_lines, out_bytes, out_omitted, out_sha256, err_lines, err_bytes,
         err_omitted, rev)
       VALUES (?, ?, 1, ?, NULL, ?, ?, 'linux', 'ssh', ?, ?, '', ?, ?, ?, ?, ?, ?, 0, ?, 0, 0, 0, ?)`,
    ),
    chunk: db.prepare(
      `INSERT INTO log_chunks (run_no, step_no, host, attempt, stream, first_seq, last_seq, first_n, at, size, encoding, bytes)
       VALUES (?, ?, ?, 1, 'out', ?, ?, 1, ?, ?, ?, ?)`,
    ),
    audit: db.prepare(
      `INSERT INTO audit_log (no, id, team_id, created_by, at, actor, action, object_type, object_id, detail, prev_hash, hash)
       VALUES (@no, @id, @team_id, @created_by, @at, @actor, @action, @object_type, @object_id, @detail, @prev_hash, @hash)`,
    ),
  };
}

type Site = {
  readonly team: string;
  readonly user: string;
  readonly first: number;
  readonly random: (below: number) => number;
  readonly pool: readonly Output[];
  readonly filling: Filling;
};

function fill(db: Database.Database, filling: Filling): Filled {
  const owner = db
    .prepare<[], { team: string; user: string }>('SELECT team_id AS team, id AS user FROM users ORDER BY no LIMIT 1')
    .get();
  const max = (sql: string): number => db.prepare<[], number | null>(sql).pluck().get() ?? 0;
  const random = randoms(20_261_128);
  const site: Site = {
    team: owner?.team ?? '',
    user: owner?.user ?? '',
    first: Math.max(max('SELECT max(no) FROM runs'), max('SELECT max(no) FROM steps')) + 1,
    random,
    pool: poolOf(filling.outputBytes, random),
    filling,
  };
  const writer = statementsOf(db);
  const state = {
    rev: max(`SELECT value FROM counters WHERE kind = 'rev'`),
    auditNo: max('SELECT max(no) FROM audit_log'),
    head: db.prepare<[], string>('SELECT hash FROM audit_log ORDER BY no DESC LIMIT 1').pluck().get() ?? '',
    hosts: 0,
    bytes: 0,
  };
  for (let done = 0; done < filling.runs; done += batch) {
    const end = Math.min(filling.runs, done + batch);
    db.transaction(() => {
      for (let at = done; at < end; at += 1) {
        writeRun(writer, site, { index: at, state });
      }
    })();
    filling.onProgress?.(end);
  }
  const count = db.prepare(
    'INSERT INTO counters (kind, value) VALUES (?, ?) ON CONFLICT (kind) DO UPDATE SET value = excluded.value',
  );
  const last = site.first + filling.runs - 1;
  for (const [kind, value] of Object.entries({ runs: last, steps: last, audit: state.auditNo, rev: state.rev })) {
    count.run(kind, value);
  }
  return { runs: filling.runs, hosts: state.hosts, bytes: state.bytes };
}

type State = { rev: number; auditNo: number; head: string; hosts: number; bytes: number };

const id = (kind: number, no: number): string => `0193${kind}000-0000-7000-8000-${String(no).padStart(12, '0')}`;

/** One target in this many that are known at all. */
const fleet = 20_000;

const nameOf = (target: number): string =>
  `web-${String(target).padStart(5, '0')}.${places[target % places.length]}.example.net`;

type Status = 'success' | 'failed' | 'timeout' | 'cancelled';
type Plan = {
  readonly no: number;
  readonly at: number;
  readonly took: number;
  readonly targets: number;
  readonly firstHost: number;
  readonly failed: number;
  readonly status: Status;
};

function planOf({ random, filling, first }: Site, index: number): Plan {
  const targets = 1 + random(filling.hosts * 2 - 1);
  const failed = random(10) === 0 ? 1 + random(targets) : 0;
  const others: Record<number, Status> = { 0: 'cancelled', 1: 'timeout' };
  return {
    no: first + index,
    at: Math.round(filling.from + ((filling.until - filling.from) * index) / filling.runs) - 60_000,
    took: 1_000 + random(50_000),
    targets,
    firstHost: random(fleet),
    failed,
    status: failed > 0 ? 'failed' : (others[random(40)] ?? 'success'),
  };
}

type Step = { readonly plan: Plan; readonly state: State };

/** The results of a run's targets and what they wrote. */
function writeHosts(writer: Writer, { random, pool }: Site, { plan, state }: Step) {
  const { no, at, took, targets, firstHost, failed, status } = plan;
  const sums = { success: 0, failed: 0, timeout: 0, cancelled: 0, lastSeq: 0, bytes: 0 };
  for (let host = 0; host < targets; host += 1) {
    const result = status === 'failed' && host >= failed ? 'success' : status;
    const output = pick(random, pool);
    const target = (firstHost + host) % fleet;
    state.rev += 1;
    sums[result] += 1;
    const [reason, exitCode] = result === 'failed' ? ['exit-code', 1] : [null, 0];
    const address = `10.${target >> 8}.${target & 255}.1`;
    writer.host.run(
      no, no, host, nameOf(target), address, result, reason, exitCode, at + 30, at + took, took - 30, output.lines,
      output.size, output.sha256, state.rev,
    ); // prettier-ignore
    const { lastSeq: seq } = sums;
    writer.chunk.run(no, no, host, seq + 1, seq + output.lines, at + 40, output.size, output.encoding, output.bytes);
    sums.lastSeq += output.lines;
    sums.bytes += output.size;
  }
  return sums;
}

function pick<T>(random: (below: number) => number, of: readonly T[]): T {
  const found = of[random(of.length)];
  if (found === undefined) {
    throw new Error('nothing to choose from');
  }
  return found;
}

const phases = { success: 'ok', failed: 'task_failed', timeout: 'task_limit', cancelled: 'by_user' } as const;

function writeRun(writer: Writer, site: Site, { index, state }: { index: number; state: State }): void {
  const { random, team, user } = site;
  const plan = planOf(site, index);
  const { no, at, took, targets, failed, status } = plan;
  const sums = writeHosts(writer, site, { plan, state });
  state.rev += 1;
  state.hosts += targets;
  state.bytes += sums.bytes;
  const text = pick(random, scripts);
  const run = {
    no, at, took, team, user, status, text, ...sums,
    id: id(1, no),
    stepId: id(2, no),
    name: random(3) === 0 ? '' : `${pick(random, names)} ${random(500)}`,
    summary: text,
    phase: phases[status],
    reason: failed > 0 ? `${failed} of ${targets} targets failed` : '',
    source: pick(random, ['manual', 'manual', 'scheduled', 'api']),
    executor: JSON.stringify({ userId: user, name: pick(random, people), role: 'owner', teams: ['default'] }),
    selector: `tag:${pick(random, places)}`,
    firstTarget: nameOf(plan.firstHost),
    task: JSON.stringify({ type: 'script', language: 'shell', text }),
    textSha256: createHash('sha256').update(text).digest('hex'),
    planSha256: 'b'.repeat(64),
    total: targets,
    rev: state.rev,
  }; // prettier-ignore
  writer.run.run(run);
  writer.input.run(run);
  writer.step.run(run);
  writer.progress.run(run);
  writer.search.run(run);
  writeAudit(writer, site, { no, at, targets, state });
}

type Told = { readonly no: number; readonly at: number; readonly targets: number; readonly state: State };

function writeAudit(writer: Writer, { team, user }: Site, { no, at, targets, state }: Told): void {
  state.auditNo += 1;
  const row = {
    no: state.auditNo,
    id: id(3, state.auditNo),
    team_id: team,
    created_by: user,
    at,
    actor: canonicalJson({ name: 'owner', role: 'owner', sessionId: null }),
    action: 'run.start',
    object_type: 'run',
    object_id: id(1, no),
    detail: canonicalJson({ targets }),
    prev_hash: state.head,
  };
  state.head = createHash('sha256').update(canonicalJson(row)).digest('hex');
  writer.audit.run({ ...row, hash: state.head });
}
