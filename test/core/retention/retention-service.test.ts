import { describe, expect, it } from 'vitest';
import type { Sweep } from '#contract/retention';
import type { AuditEntry } from '#core/ports';
import type { DoomedRun, KeptRun, RetentionStore } from '#core/ports-retention';
import { RetentionService } from '#core/retention/retention-service';
import { CollectingLog } from '../../support/fakes/collecting-log.ts';
import { anna } from '../../support/fakes/engine-rig.ts';
import { FakeClock } from '../../support/fakes/fake-clock.ts';

const engineActor = { ...anna, name: 'Drover' };
const hour = 3_600_000;
const day = 24 * hour;

/** Runs in memory; each step removes one of them. */
class FewRuns implements RetentionStore {
  runs: KeptRun[] = [];
  half: DoomedRun[] = [];
  readonly removed: number[] = [];
  readonly audits: AuditEntry[] = [];
  free = 0;
  failure: Error | undefined;
  #sweep: Sweep | undefined;

  keptRuns = (before: number, limit: number): KeptRun[] =>
    this.runs
      .filter(({ no }) => no < before)
      .toSorted((one, other) => other.no - one.no)
      .slice(0, limit);

  halfPurged = (): DoomedRun[] => this.half;

  beginSweep(askedBy: string, at: number): number {
    if (!this.#sweep || this.#sweep.endedAt !== null) {
      const byRule = { age: 0, count: 0, bytes: 0 };
      this.#sweep = { beganAt: at, endedAt: null, askedBy, stopped: false, bytes: 0, byRule };
    }
    return 1;
  }

  purge(doomed: readonly DoomedRun[]) {
    const [run] = doomed;
    if (this.failure) {
      throw this.failure;
    }
    if (!run || !this.#sweep) {
      throw new Error('a step with nothing to do');
    }
    this.runs = this.runs.filter(({ no }) => no !== run.no);
    this.half = this.half.filter(({ no }) => no !== run.no);
    if (run.why === null) {
      return { done: 1, bytes: 0, runIds: [] };
    }
    this.removed.push(run.no);
    const byRule = { ...this.#sweep.byRule, [run.why.rule]: this.#sweep.byRule[run.why.rule] + 1 };
    this.#sweep = { ...this.#sweep, bytes: this.#sweep.bytes + run.bytes, byRule };
    return { done: 1, bytes: run.bytes, runIds: [`run-${run.no}`] };
  }

  endSweep({ at, stopped }: { at: number; stopped: boolean }, audit: (sweep: Sweep) => AuditEntry): void {
    if (this.#sweep) {
      this.#sweep = { ...this.#sweep, endedAt: at, stopped };
      this.audits.push(audit(this.#sweep));
    }
  }

  lastSweep = (): Sweep | undefined => this.#sweep;

  giveBack(): boolean {
    this.free = Math.max(0, this.free - 1);
    return this.free > 0;
  }
}

function bench({ days = 30, runs = 0, bytes = 0 } = {}) {
  const [clock, log, store] = [new FakeClock(), new CollectingLog(), new FewRuns()];
  const rules = { days, runs, bytes };
  const told: string[] = [];
  const service = new RetentionService({
    store,
    clock,
    log,
    engine: engineActor,
    nodeId: 'node-1',
    rules: () => rules,
    told: (id) => void told.push(id),
  });
  const old = (no: number, ago = 40, size = 10): KeptRun => ({ no, bytes: size, endedAt: clock.now() - ago * day });
  return { clock, log, store, service, rules, told, old };
}

describe('retention', () => {
  it('removes soon after the start and every hour, the oldest first, and tells of each run', async () => {
    const { clock, store, service, told, old } = bench();
    store.runs = [old(1), old(2), old(3, 1)];
    service.open();
    await clock.advance(60_000);
    expect(store.removed).toEqual([1, 2]);
    expect(told).toEqual(['run-1', 'run-2']);
    store.runs.push(old(4));
    await clock.advance(hour);
    expect(store.removed).toEqual([1, 2, 4]);
    await service.close();
    expect(clock.waiting).toBe(0);
  });

  it('writes one audit row for each sweep that removed something, with its counts and rules', async () => {
    const { clock, store, service, old, rules } = bench({ runs: 2 });
    store.runs = [old(1), old(2, 5, 7), old(3, 4), old(4, 3)];
    service.open();
    await clock.advance(3 * hour);
    expect(store.audits).toMatchObject([
      {
        action: 'retention.sweep',
        objectId: 'node-1',
        detail: { rules, bytes: 17, byRule: { age: 1, count: 1, bytes: 0 }, stopped: false },
      },
    ]);
    expect(service.state()).toMatchObject({ running: null, last: { bytes: 17, askedBy: engineActor.name } });
  });

  it('follows the rules of now', async () => {
    const { clock, store, service, old, rules } = bench();
    store.runs = [old(1, 20)];
    service.open();
    await clock.advance(60_000);
    rules.days = 10;
    await clock.advance(hour);
    expect(store.removed).toEqual([1]);
  });

  it('previews what would go and removes nothing', async () => {
    const { clock, store, service, old } = bench({ days: 30, bytes: 25 });
    store.runs = [old(1, 50), old(2, 40), old(3, 5, 20), old(4, 4, 20)];
    const outlook = service.preview();
    await clock.advance(1_000);
    expect(await outlook).toMatchObject({
      kept: { runs: 4, bytes: 60 },
      removes: { bytes: 40, byRule: { age: 2, count: 0, bytes: 1 } },
      oldest: [{ no: 1 }, { no: 2 }, { no: 3, rule: 'bytes' }],
    });
    expect(store.removed).toEqual([]);
  });

  it('is begun by hand, once however often it is asked, and counts as it goes', async () => {
    const { clock, store, service, old } = bench();
    store.runs = Array.from({ length: 5 }, (_, at) => old(at + 1));
    expect(service.sweep(anna).running).toEqual({ runs: 0, of: null, bytes: 0 });
    service.sweep(engineActor);
    await clock.advance(45);
    expect(service.state().running).toEqual({ runs: 3, of: 5, bytes: 30 });
    await clock.advance(1_000);
    expect(store.removed).toEqual([1, 2, 3, 4, 5]);
    expect(store.audits).toMatchObject([{ actor: anna }]);
  });

  it('stops when it is told to and says so', async () => {
    const { clock, store, service, old } = bench();
    store.runs = [old(1), old(2), old(3)];
    service.sweep(anna);
    await clock.advance(5);
    service.stop();
    await clock.advance(1_000);
    expect(store.removed).toEqual([1]);
    expect(service.state()).toMatchObject({ running: null, last: { stopped: true, byRule: { age: 1 } } });
  });

  it('finishes first what an earlier engine had begun', async () => {
    const { clock, store, service, old } = bench();
    store.runs = [old(1), old(2, 1)];
    store.half = [{ no: 2, bytes: 10, why: { rule: 'count', limit: 1 } }];
    service.open();
    await clock.advance(60_000);
    expect(store.removed).toEqual([2, 1]);
  });

  it('ends a sweep of an earlier engine that had only its end left', async () => {
    const { clock, store, service } = bench();
    store.beginSweep('Drover', 5);
    service.open();
    await clock.advance(60_000);
    expect(store.lastSweep()).toMatchObject({ beganAt: 5, endedAt: expect.any(Number) });
  });

  it('waits an hour when the clock was set, so that a wrong one makes nothing old', async () => {
    const { clock, store, service, old, log } = bench();
    store.runs = [old(1, 1)];
    service.open();
    await clock.advance(60_000);
    clock.setWall(clock.now() + 400 * day);
    await clock.advance(hour);
    expect(store.removed).toEqual([]);
    expect(log.messages('warn')).toContain('the clock was set: retention waits for the next hour');
    await clock.advance(hour);
    expect(store.removed).toEqual([1]);
  });

  it('says why it could not go on and tries again an hour later', async () => {
    const { clock, store, service, old } = bench();
    store.runs = [old(1)];
    store.failure = new Error('The disk is full');
    service.open();
    await clock.advance(60_000);
    expect(service.state()).toMatchObject({ running: null, problem: 'The disk is full' });
    store.failure = undefined;
    await clock.advance(hour);
    expect(store.removed).toEqual([1]);
    expect(service.state().problem).toBeNull();
  });

  it('touches the archive no more once it is closed', async () => {
    const { clock, store, service, old } = bench();
    store.runs = Array.from({ length: 50 }, (_, at) => old(at + 1));
    store.free = 100;
    service.sweep(anna);
    await clock.advance(100);
    const { length } = store.removed;
    await service.close();
    await clock.advance(10 * hour);
    expect(store.removed).toHaveLength(length);
    expect(store.lastSweep()?.endedAt).toBeNull();
  });
});
