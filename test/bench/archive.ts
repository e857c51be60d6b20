import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { openArchive } from '#adapters/sqlite/sqlite-archive';
import type { InputOf } from '#contract';
import { DroverClient } from '#contract/client';
import { controlSocketPath } from '../../src-main/cli/control-path.ts';
import { socketWire } from '../../src-main/cli/socket-wire.ts';
import { startServe, stopServe } from '../e2e/console.ts';
import { type Filled, fillArchive } from '../support/fill-archive.ts';
import { ScratchFolder } from './bench-engine.ts';
import { type Figure, figureOf } from './figure.ts';
import { machinePace } from './machine-pace.ts';

/** `DROVER_BENCH_RUNS` makes a smaller one, to try a change; the bars are meant for this. */
const runs = Number(process.env['DROVER_BENCH_RUNS'] ?? 1_000_000);
const hostsEach = 5;
/** Of one target: 2 GB in all. */
const outputEach = 400;
const days = 365;
const dayMs = 86_400_000;

const listBarMs = 200;
const pageBarMs = 1_000;
const startBarMs = 3_000;
const sumsBarMs = 500;
const stallBarMs = 50;

/** One question for each way through the runs, and those that have to look at all of them. */
const lists: Readonly<Record<string, Omit<InputOf<'run.list'>, 'limit'>>> = {
  newest: {},
  'page far back': { before: Math.round(runs / 3) },
  'status:failed': { text: 'status:failed' },
  'status:timeout source:api': { text: 'status:timeout source:api' },
  'since:90d status:cancelled': { text: 'since:90d status:cancelled' },
  'until:2026-03-01': { text: 'until:2026-03-01' },
  'one day long ago': { text: 'since:2026-02-01 until:2026-02-02' },
  'name:nightly': { text: 'name:nightly' },
  'words in the first line': { text: 'certbot renew' },
  'words that nothing has': { text: 'certbot nginx psql' },
  'target by name': { text: 'target:web-00017.ams.example.net' },
  'target:web-0001*': { text: 'target:web-0001*' },
  'target:*.sin.example.net': { text: 'target:*.sin.example.net' },
  'target:10.3.*': { text: 'target:10.3.*' },
  'target:/web-1.*7\\.nyc/': { text: String.raw`target:/web-1.*7\.nyc/` },
  '!target:web-*': { text: '!target:web-*' },
  'by:anna status:failed': { text: 'by:anna status:failed' },
  'by somebody who never was': { text: 'by:nobody' },
  'a number': { text: `#${Math.round(runs / 2)}` },
  '/regular expression/': { text: '/vac+uum/' },
};

/** No index helps: these answer in parts while they look at every run, and their end is told for information. */
const scans: ReadonlySet<string> = new Set(['words that nothing has', '!target:web-*', 'by somebody who never was']);

/** A year of runs, and what people ask of it: lists, pages, sums, searches, the start of the engine, removal of what is old. */
export async function archive(rounds: number): Promise<Figure[]> {
  using folder = new ScratchFolder();
  const filled = make(folder.path);
  const pace = machinePace();
  const start = await starts(folder.path, rounds);
  const { child } = await startServe(folder.path);
  const client = new DroverClient(socketWire(controlSocketPath(folder.path)));
  try {
    return [
      figureOf({
        name: 'serve: spawn → first answer, nothing of the archive in memory',
        unit: 'ms',
        values: start,
        bar: startBarMs,
        pace,
      }),
      ...(await listFigures(client, rounds, pace)),
      ...(await pageFigures(client, rounds, pace)),
      sums(folder.path, rounds, pace),
      ...(await findFigures(client, rounds, pace)),
      await sweepFigure(client, filled, pace),
      slowFigure(folder.path),
    ];
  } finally {
    await stopServe(child);
  }
}

function make(folder: string): Filled {
  const began = performance.now();
  const nothing = (): void => undefined;
  const log = { debug: nothing, info: nothing, warn: nothing, error: nothing };
  openArchive({ dataDir: folder, log, now: Date.now, ids: { next: randomUUID }, appVersion: '0.1.0' }).close();
  const file = join(folder, 'archive.db');
  // What is removed, and when, is for the bench to say.
  writeFileSync(join(folder, 'drover.json'), JSON.stringify({ retention: { outputDays: 0 } }));
  const until = Date.now();
  const filled = fillArchive(file, {
    runs,
    hosts: hostsEach,
    outputBytes: outputEach,
    from: until - days * dayMs,
    until,
  });
  const size = Math.round(statSync(file).size / 1e6);
  const took = Math.round((performance.now() - began) / 1_000);
  process.stdout.write(
    `\n${filled.runs} runs, ${filled.hosts} results of targets, ${Math.round(filled.bytes / 1e6)} MB of output: ${size} MB, made in ${took} s\n`,
  );
  return filled;
}

/** As after a boot: the pages of the file are dropped from the system's memory before. */
async function starts(folder: string, rounds: number): Promise<number[]> {
  const values: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    execFileSync('dd', [`if=${join(folder, 'archive.db')}`, 'iflag=nocache', 'count=0'], { stdio: 'ignore' });
    const from = performance.now();
    const { child, link } = await startServe(folder);
    await (await fetch(new URL('/', link))).arrayBuffer();
    values.push(performance.now() - from);
    await stopServe(child);
  }
  return values;
}

type Waited = { readonly first: number; readonly whole: number };

/** What a person waits for: the first answer, and a full page or the word that there is no more. */
async function askedFor(
  client: DroverClient,
  query: Omit<InputOf<'run.list'>, 'limit'>,
  toEnd: boolean,
): Promise<Waited> {
  const from = performance.now();
  let [first, found] = [0, 0];
  for (let before = query.before; ;) {
    const answer = await client.call('run.list', { ...query, ...(before !== undefined && { before }), limit: 50 });
    first ||= performance.now() - from;
    found += answer.runs.length;
    if (!toEnd || found >= 50 || answer.next === null) {
      return { first, whole: performance.now() - from };
    }
    before = answer.next;
  }
}

async function listFigures(client: DroverClient, rounds: number, pace: number): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [name, query] of Object.entries(lists)) {
    const taken: Waited[] = [];
    const isScan = scans.has(name);
    const stall = await longestStall(client, async () => {
      for (let round = 0; round < rounds; round += 1) {
        // To the end once is enough where that takes seconds.
        taken.push(await askedFor(client, query, round === 0 || !isScan));
      }
    });
    figures.push(
      figureOf({
        name: `list ${name}: first answer`,
        unit: 'ms',
        values: taken.map(({ first }) => first),
        bar: listBarMs,
        pace,
      }),
      figureOf({
        name: `list ${name}: whole page`,
        unit: 'ms',
        values: (isScan ? taken.slice(0, 1) : taken).map(({ whole }) => whole),
        bar: isScan ? null : listBarMs,
        pace,
      }),
      figureOf({ name: `list ${name}: longest wait of others`, unit: 'ms', values: [stall], bar: stallBarMs, pace }),
    );
  }
  return figures;
}

/** The longest answer to a call that costs nothing while `act` goes on, less what it takes when nothing does. */
async function longestStall(client: DroverClient, act: () => Promise<void>): Promise<number> {
  const idle = await answersFor(client, pause(200));
  const busy = await answersFor(client, act());
  return Math.max(
    0,
    Math.max(...busy) - (idle.toSorted((one, other) => one - other)[Math.floor(idle.length / 2)] ?? 0),
  );
}

async function answersFor(client: DroverClient, work: Promise<void>): Promise<number[]> {
  const taken: number[] = [];
  let isDone = false;
  const done = work.finally(() => {
    isDone = true;
  });
  do {
    const from = performance.now();
    await client.call('retention.state', {});
    taken.push(performance.now() - from);
    await pause(3);
  } while (!isDone);
  await done;
  return taken;
}

async function pageFigures(client: DroverClient, rounds: number, pace: number): Promise<Figure[]> {
  const values: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const run = 1 + Math.floor(((round + 0.5) * runs) / rounds);
    const from = performance.now();
    const seen = new AbortController();
    await Promise.all([
      client.call('run.get', { run }),
      client.call('run.hosts', { run }),
      client.follow('run.output', { run, tail: 500 }, { onItem: () => seen.abort(), signal: seen.signal }),
    ]);
    values.push(performance.now() - from);
  }
  return [
    figureOf({ name: 'run page: its record, its targets, its first lines', unit: 'ms', values, bar: pageBarMs, pace }),
  ];
}

/** What a dashboard asks: runs by day and status, and how long they took, over 90 days; in a process of its own beside the engine. */
function sums(folder: string, rounds: number, pace: number): Figure {
  const db = new Database(join(folder, 'archive.db'), { readonly: true, fileMustExist: true });
  try {
    db.pragma('mmap_size = 67108864');
    const since = Date.now() - 90 * dayMs;
    const team = db.prepare<[], string>('SELECT team_id FROM users LIMIT 1').pluck().get();
    const byDay = db.prepare(
      `SELECT created_at / ${dayMs} AS day, status, count(*) AS runs, sum(duration_ms) AS took FROM runs
       WHERE team_id = ? AND created_at >= ? GROUP BY day, status`,
    );
    const values = Array.from({ length: rounds + 1 }, () => {
      const from = performance.now();
      byDay.all(team, since);
      return performance.now() - from;
    });
    return figureOf({
      name: 'sums by day and status over 90 days',
      unit: 'ms',
      values: values.slice(1),
      bar: sumsBarMs,
      pace,
    });
  } finally {
    db.close();
  }
}

async function findFigures(client: DroverClient, rounds: number, pace: number): Promise<Figure[]> {
  const { runs: found } = await client.call('run.list', { limit: 500 });
  const largest = found.toSorted((one, other) => other.outputBytes - one.outputBytes)[0];
  const [first, whole]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    const from = performance.now();
    let isFirst = true;
    await client.follow(
      'run.find',
      { run: largest?.id ?? '', text: 'retry' },
      {
        onItem: () => {
          if (isFirst) {
            first.push(performance.now() - from);
            isFirst = false;
          }
        },
      },
    );
    whole.push(performance.now() - from);
  }
  return [
    figureOf({
      name: 'search in the output of a run: first progress',
      unit: 'ms',
      values: first,
      bar: listBarMs,
      pace,
    }),
    figureOf({ name: 'search in the output of a run: end', unit: 'ms', values: whole }),
  ];
}

/** Removes the output of a tenth of all runs while others ask. */
async function sweepFigure(client: DroverClient, { bytes }: Filled, pace: number): Promise<Figure> {
  const { settings } = await client.call('settings.get', {});
  const name = 'retention.outputBytes';
  const rev = settings.find((one) => one.name === name)?.rev ?? 0;
  await client.call('settings.set', { changes: [{ name, value: Math.round(bytes * 0.9), rev }] });
  const from = performance.now();
  const stall = await longestStall(client, async () => {
    await client.call('retention.sweep', {});
    while ((await client.call('retention.state', {})).running) {
      await pause(200);
    }
  });
  const { last } = await client.call('retention.state', {});
  process.stdout.write(
    `removed the output of ${last?.byRule.bytes ?? 0} runs in ${Math.round((performance.now() - from) / 1_000)} s\n`,
  );
  return figureOf({
    name: 'removal of old output: longest wait of others',
    unit: 'ms',
    values: [stall],
    bar: 2 * stallBarMs,
    pace,
  });
}

/** What the engine itself has found slow, by name. */
function slowFigure(folder: string): Figure {
  const log = readFileSync(join(folder, 'drover.log'), 'utf8');
  const slow = log
    .split('\n')
    .filter((line) => line.includes('"slow '))
    .map((line) => JSON.parse(line) as { name: string; ms?: number; blockedMs?: number; msg: string })
    .map(({ msg, name, ms = 0, blockedMs = ms }) => ({ msg, name, ms: blockedMs }));
  for (const { msg, name, ms } of slow.toSorted((one, other) => other.ms - one.ms).slice(0, 12)) {
    process.stdout.write(`${msg}: ${name}, ${ms} ms\n`);
  }
  return figureOf({
    name: 'slowest call or statement in the log',
    unit: 'ms',
    values: [Math.max(0, ...slow.map(({ ms }) => ms))],
  });
}
