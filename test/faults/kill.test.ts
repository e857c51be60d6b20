import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import type { HostRow, OutputFrame, OutputLine, Run, RunRef } from '#contract/run';
import { type DroverSite, testSite } from '../support/drover-process.ts';
import { brokenAudit, integrityOf } from './archive-facts.ts';

const isLong = process.env['DROVER_SOAK'] === '1';
const firstSeed = Number(process.env['DROVER_SEED'] ?? 1);
const kills = isLong ? 200 : 20;
const answers = isLong ? 1_000 : 30;

/** Numbers from 0 to 1 that are the same for a seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const untilWoken = 'while [ ! -e "$TEST_SITE/wake-$ROUND" ]; do sleep 0.05; done';
const texts = {
  quick: 'echo one; echo two >&2; echo three',
  loop: 'for i in $(seq 20); do for j in $(seq 20); do echo "line $i.$j"; done; sleep 0.01; done',
  sleeping: `echo asleep; ${untilWoken}`,
  stubborn: `trap '' TERM; echo deaf; ${untilWoken}`,
} as const;

/** What clients were told of a run before the kill. */
type Told = RunRef & { readonly tag: string; readonly lines: Map<number, OutputLine>; end: Run | undefined };

/** Clients that start runs of every kind and keep what they are told, until the engine is gone. */
class Load {
  readonly told: Told[] = [];
  readonly #site: DroverSite;
  readonly #round: number;
  readonly #spanMs: number;
  readonly #random: () => number;
  readonly #over = new AbortController();

  constructor(site: DroverSite, round: number, spanMs: number) {
    this.#site = site;
    this.#spanMs = spanMs;
    this.#round = round;
    this.#random = randomFrom(round);
  }

  /** Works for a random time within its span. */
  async work(): Promise<void> {
    void this.#start('loop');
    void this.#start('sleeping');
    void this.#startAndCancel();
    void this.#startMany();
    void this.#startMany();
    await pause(this.#random() * this.#spanMs);
  }

  stop(): void {
    this.#over.abort();
  }

  async #startMany(): Promise<void> {
    while (!this.#over.signal.aborted) {
      await this.#start(this.#random() < 0.15 ? 'loop' : 'quick');
      await pause(this.#random() * 40);
    }
  }

  async #startAndCancel(): Promise<void> {
    const run = await this.#start('stubborn');
    await pause(this.#random() * 150);
    if (run) {
      await this.#site.client.call('run.cancel', { run: run.id }).catch(() => undefined);
    }
  }

  async #start(kind: keyof typeof texts): Promise<Told | undefined> {
    const tag = `${this.#round}-${kind}-${Math.floor(this.#random() * 2 ** 32)}`;
    const environment = { TAG: tag, ROUND: String(this.#round) };
    const text = `echo started >> "$TEST_SITE/starts/$TAG"\n${texts[kind]}`;
    const request = { targets: 'local', name: tag, task: { type: 'script', text, environment } } as const;
    const ref = await this.#site.client.call('run.start', request).catch(() => undefined);
    if (!ref) {
      return undefined;
    }
    const told: Told = { ...ref, tag, lines: new Map(), end: undefined };
    this.told.push(told);
    void this.#watch(told);
    return told;
  }

  async #watch(told: Told): Promise<void> {
    const onItem = (frame: OutputFrame): void => {
      if (frame.kind === 'final') {
        told.end = frame.run;
      } else {
        frame.lines.forEach((line) => told.lines.set(line.seq, line));
      }
    };
    const { signal } = this.#over;
    await this.#site.client.follow('run.output', { run: told.id }, { onItem, signal }).catch(() => undefined);
  }
}

async function liveRuns({ client }: DroverSite): Promise<Run[]> {
  return (await client.call('run.list', { status: ['pending', 'running', 'cancelling'], limit: 500 })).runs;
}

async function linesOf({ client }: DroverSite, run: string): Promise<Map<number, OutputLine>> {
  const found = new Map<number, OutputLine>();
  for (let more = true; more;) {
    const page = await client.call('run.lines', { run, after: found.size, limit: 5_000 });
    page.lines.forEach((line) => found.set(line.seq, line));
    more = page.more;
  }
  return found;
}

function startsOf({ folder }: DroverSite, tag: string): number {
  const file = join(folder, 'starts', tag);
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').length : 0;
}

type Ending = { readonly starts: readonly number[]; readonly said?: string; readonly forced?: true };

/** Where a run and its one target may stand after a restart, and how often its script may have been started by then. */
const endings = new Map<string, Ending>([
  ['success ok, success null', { starts: [1] }],
  ['failed lost, failed lost', { starts: [0, 1], said: 'outcome unknown on 1 of 1' }],
  ['failed lost, skipped not-started', { starts: [0], said: 'outcome unknown on 0 of 1, 1 not started' }],
  ['cancelled forced, cancelled cancelled', { starts: [0, 1], said: 'outcome unknown on 1 of 1', forced: true }],
  ['cancelled forced, skipped not-started', { starts: [0], forced: true }],
  ['cancelled by_user, skipped not-started', { starts: [0] }],
  ['cancelled by_user, cancelled cancelled', { starts: [0, 1] }],
]);

function isLawful(run: Run, host: HostRow, starts: number): boolean {
  const ending = endings.get(`${run.status} ${run.phase}, ${host.status} ${host.reason}`);
  return (
    ending !== undefined &&
    ending.starts.includes(starts) &&
    run.reason.includes(ending.said ?? '') &&
    (run.cancel?.forced ?? false) === (ending.forced ?? false) &&
    (ending.said?.includes('on 1 of 1') !== true || host.message.includes('may still run on'))
  );
}

async function checkRun(site: DroverSite, told: Told): Promise<Run> {
  const { run } = await site.client.call('run.get', { run: told.no });
  const [host] = (await site.client.call('run.hosts', { run: told.no })).hosts;
  const starts = startsOf(site, told.tag);
  expect({ id: run.id, name: run.name }).toEqual({ id: told.id, name: told.tag });
  if (!host || !isLawful(run, host, starts)) {
    expect.fail(`${starts} starts of ${JSON.stringify({ run, host })}`);
  }
  if (told.end) {
    const { rev: _rev, ...end } = told.end;
    expect(run).toMatchObject(end);
  }
  const stored = await linesOf(site, told.id);
  expect(stored.size).toBe(run.lastSeq);
  for (const [seq, line] of told.lines) {
    expect(stored.get(seq)).toEqual(line);
  }
  return run;
}

/** Time in which some runs are started, ended and cancelled: half a second, or more on a slow machine. */
async function spanOf(site: DroverSite): Promise<number> {
  const began = performance.now();
  const { id } = await site.client.call('run.start', { targets: 'local', task: { type: 'script', text: texts.quick } });
  await site.client.follow('run.output', { run: id }, { onItem: () => undefined });
  return Math.max(500, 4 * (performance.now() - began));
}

describe.concurrent('an engine that is killed', () => {
  it(`loses nothing that was told, leaves nothing open and starts nothing twice, ${kills} times`, async ({
    onTestFinished,
  }) => {
    const site = testSite(undefined, onTestFinished);
    site.configure({ limits: { runsAtOnce: 4 } });
    mkdirSync(join(site.folder, 'starts'));
    const sum = { runs: 0, lines: 0, lost: 0, forced: 0, startedLater: 0, killedAtStart: 0 };
    let engine = await site.serve();
    const spanMs = await spanOf(site);
    for (let seed = firstSeed; seed < firstSeed + kills; seed += 1) {
      const random = randomFrom(seed + 1_000_000);
      const load = new Load(site, seed, spanMs);
      await load.work();
      await engine.kill();
      load.stop();
      if (random() < 0.25) {
        sum.killedAtStart += 1;
        const early = site.start(['serve', '--listen', '127.0.0.1:0']);
        await pause(random() * 600);
        await early.kill();
      }
      writeFileSync(join(site.folder, `wake-${seed}`), '');
      const restartedAt = Date.now();
      engine = await site.serve();
      const settled = async (): Promise<void> => expect(await liveRuns(site), `seed ${seed}`).toEqual([]);
      await vi.waitFor(settled, { timeout: 30_000, interval: 50 });
      expect(integrityOf(site)).toBe('ok');
      for (const told of load.told) {
        const run = await checkRun(site, told);
        sum.runs += 1;
        sum.lines += told.lines.size;
        sum.lost += run.phase === 'lost' ? 1 : 0;
        sum.forced += run.phase === 'forced' ? 1 : 0;
        sum.startedLater += (run.startedAt ?? 0) > restartedAt ? 1 : 0;
      }
    }
    engine.send('SIGTERM');
    expect(await engine.ended).toMatchObject({ code: 0 });
    expect(brokenAudit(site)).toBe(null);
    // Without these the kills would have proved nothing.
    expect(Math.min(sum.lines, sum.lost, sum.forced, sum.startedLater)).toBeGreaterThan(0);
    process.stdout.write(`kill -9: ${JSON.stringify({ kills, ...sum })}\n`);
  }, 2_000_000);

  it(`has every run whose number was answered, ${answers} times`, async ({ onTestFinished }) => {
    const site = testSite(undefined, onTestFinished);
    const told: RunRef[] = [];
    let engine = await site.serve();
    for (let kill = 0; kill < answers; kill += 1) {
      const asked = Array.from({ length: 3 }, async () => {
        const request = { targets: 'local', task: { type: 'script', text: 'true' } } as const;
        told.push(await site.client.call('run.start', request));
      });
      await Promise.race(asked);
      await engine.kill();
      await Promise.allSettled(asked);
      engine = await site.serve();
      for (const ref of told.slice(-3)) {
        expect((await site.client.call('run.get', { run: ref.no })).run.id).toBe(ref.id);
      }
    }
    const numbers = told.map(({ no }) => no);
    expect(told.length).toBeGreaterThanOrEqual(answers);
    expect(new Set(numbers).size).toBe(numbers.length);
    for (const ref of told) {
      expect((await site.client.call('run.get', { run: ref.id })).run.no).toBe(ref.no);
    }
  }, 2_000_000);
});
