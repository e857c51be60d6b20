import { describe, expect, it } from 'vitest';
import type { OutputOf } from '#contract';
import { DroverError } from '#contract/errors';
import { targetContract, TargetFields } from '#contract/target';
import type { Probe, Reach } from '#core/ports-reach';
import { createTargetHandlers } from '#api/handlers/target-handlers';
import { ReachRecorder } from '#core/target/reach-recorder';
import { localTarget } from '#core/target/select-targets';
import { TargetService } from '#core/target/target-service';
import { CollectingLog } from '../../support/fakes/collecting-log.ts';
import { anna } from '../../support/fakes/engine-rig.ts';
import { FakeClock } from '../../support/fakes/fake-clock.ts';
import { MemoryArchive } from '../../support/fakes/memory-archive.ts';

const local = localTarget('node-1', 'linux');
const reach: Reach = {
  port: 22,
  user: 'root',
  login: { kind: 'account', identityFiles: [] },
  jumps: [],
  become: null,
  hostKeys: 'known',
  weakAlgorithms: false,
};

/** Handlers over targets t0, t1, …; the probe answers in 100 ms. */
function bench(count: number) {
  const archive = new MemoryArchive();
  const clock = new FakeClock();
  const log = new CollectingLog();
  let ids = 0;
  const next = (): string => `id-${(ids += 1)}`;
  const targetService = new TargetService({ store: archive, clock, ids: { next }, local });
  const targets = Array.from({ length: count }, (_, n) =>
    targetService.create(TargetFields.parse({ name: `t${n}`, address: `a${n}` }), anna),
  );
  const seen = { now: 0, most: 0, probed: [] as string[] };
  const probe: Probe = {
    test: ({ name, address }) => {
      seen.now += 1;
      seen.most = Math.max(seen.most, seen.now);
      seen.probed.push(`${name} ${address}`);
      return new Promise((resolve) => {
        clock.after(100, () => {
          seen.now -= 1;
          const isBad = name === 't1';
          const bad = { reason: 'auth-failed', message: 'The password was refused' };
          resolve({ ...(isBad ? bad : { reason: null, message: 'Logged in' }), durationMs: 100.4 });
        });
      });
    },
  };
  const failures = new Map<string, Error>();
  const recorder = new ReachRecorder({ clock, log, save: (results) => targetService.saveReached(results) });
  const handlers = createTargetHandlers({
    targetService,
    reachRecorder: recorder,
    probe,
    archive,
    clock,
    log,
    importSources: async () => [],
    reachOf: ({ name, address }) => {
      const failure = failures.get(name);
      if (failure) {
        throw failure;
      }
      return { address: `${address}.real`, reach };
    },
  });
  const test = async (names: string[]): Promise<OutputOf<'target.test'>['tests']> => {
    let tests: OutputOf<'target.test'>['tests'] | undefined;
    const pending = (async () => {
      ({ tests } = await handlers['target.test']({ ids: names }, anna));
    })();
    await clock.until(() => tests !== undefined);
    await pending;
    return tests ?? [];
  };
  return { archive, clock, log, targetService, targets, seen, failures, handlers, test };
}

describe('testing targets', () => {
  it('asks each once, at most sixteen at the same time, and answers in the order of the question', async () => {
    const { targets, seen, test } = bench(40);
    const ids = targets.map(({ id }) => id).toReversed();
    const tests = await test([...ids, ...ids]);
    expect(tests.map(({ id }) => id)).toEqual(ids);
    expect(seen.most).toBe(16);
    expect(seen.probed).toHaveLength(40);
    expect(tests[0]).toEqual({
      id: ids[0],
      name: 't39',
      address: 'a39',
      ok: true,
      reason: null,
      message: 'Logged in',
      durationMs: 100,
    });
    expect(tests.at(-2)).toMatchObject({
      name: 't1',
      ok: false,
      reason: 'auth-failed',
      message: 'The password was refused',
    });
  });

  it('keeps what came of it, seen by whoever reads next', async () => {
    const { archive, clock, targetService, targets, test } = bench(2);
    await test(targets.map(({ id }) => id));
    const at = clock.now();
    const wanted = [
      { at, ok: true, reason: null, message: 'Logged in' },
      { at, ok: false, reason: 'auth-failed', message: 'The password was refused' },
    ];
    expect(targetService.all('team-1').map(({ lastReach }) => lastReach)).toEqual([null, ...wanted]);
    expect(archive.listTargets('team-1').map(({ lastReach }) => lastReach)).toEqual(wanted);
    expect(clock.waiting).toBe(0);
  });

  it('never fails as a whole: every target has an answer of its own', async () => {
    const { archive, log, targetService, targets, seen, failures, test } = bench(4);
    failures.set('t0', new DroverError('unknown-credential', 'Its credential is gone'));
    failures.set('t2', new TypeError('a bug'));
    targetService.update({ id: targets[3]?.id ?? '', rev: 1, change: { connection: 'agent' } }, anna);
    const tests = await test([...targets.map(({ id }) => id), local.id, 'gone']);
    expect(tests.map(({ ok, reason, message }) => [ok, reason, message])).toEqual([
      [false, 'not-started', 'Its credential is gone'],
      [false, 'auth-failed', 'The password was refused'],
      [false, 'not-started', 'Internal error; the log of this node has the details'],
      [false, 'not-started', 'Only targets that are reached by ssh can be tested, and t3 is reached by agent'],
      [true, null, 'This is the machine Drover runs on'],
      [false, 'not-started', 'There is no such target'],
    ]);
    expect(seen.probed).toEqual(['t1 a1.real']);
    expect(log.messages('error')).toEqual(['unexpected error']);
    const contacted = archive.listTargets('team-1').filter(({ lastReach }) => lastReach !== null);
    expect(contacted.map(({ name }) => name)).toEqual(['t1']);
  });
});

describe('changing a target', () => {
  it('leaves alone what the request does not name, although new targets have defaults', async () => {
    const { handlers, targetService } = bench(0);
    const made = TargetFields.parse({
      name: 'w',
      address: 'w',
      port: 2222,
      user: 'deploy',
      tags: ['x'],
      os: 'windows',
    });
    const { id } = targetService.create(made, anna);
    const input = targetContract['target.update'].input.parse({ id, rev: 1, change: { maintenance: true } });
    await handlers['target.update'](input, anna);
    expect(targetService.find(id, anna)).toMatchObject({ ...made, maintenance: true, rev: 2 });
  });
});
