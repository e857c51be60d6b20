import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { DroverError } from '#contract/errors';
import { isFinal } from '#core/run/run-state';
import { anna, EngineRig } from '../../support/fakes/engine-rig.ts';
import { settled } from '../../support/fakes/fake-clock.ts';

vi.setConfig({ testTimeout: 60_000 });

/** Does something after so many turns of the queue of promises, all within one moment of the clock. */
async function afterTurns(turns: number, act: () => void): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) {
    await Promise.resolve();
  }
  act();
}

const aTurn = fc.nat({ max: 24 });

/** `yes` or the code of the refusal. */
function answerOf(act: () => unknown): string {
  try {
    act();
    return 'yes';
  } catch (error) {
    return error instanceof DroverError ? error.code : String(error);
  }
}

describe('a cancel in the moment of the result', () => {
  it('leads to exactly one final state, whatever comes first: 10 000 interleavings', async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        fc.array(aTurn, { minLength: 1, maxLength: 2 }),
        fc.array(aTurn, { minLength: 1, maxLength: 2 }),
        async (results, cancels) => {
          const rig = new EngineRig({
            targets: results.length,
            scriptOf: () => ({ onTerm: 'ignores', onKill: 'ignores' }),
          });
          const id = rig.start();
          await rig.clock.advance(0);
          const answers: string[] = [];
          for (const [host, turns] of results.entries()) {
            void afterTurns(turns, () => rig.exec.answer(host));
          }
          for (const turns of cancels) {
            void afterTurns(turns, () => answers.push(answerOf(() => rig.runs.cancel(id, anna))));
          }
          await settled();
          const run = rig.run(id);
          const { archive } = rig;
          const won = answers.includes('yes');
          // One comparison, as ten thousand times seven take longer than the runs.
          expect({
            status: run.status,
            ends: archive.moves.filter(({ to }) => isFinal(to)).length,
            audit: archive.audits.map(({ action }) => action),
            refused: answers.filter((answer) => answer === 'run-is-final' || answer === 'run-is-cancelling').length,
            // Each target ended by itself: its true result stands, whatever became of the run.
            succeeded: run.counts.success,
          }).toEqual({
            status: won ? 'cancelled' : 'success',
            ends: 1,
            audit: won ? ['run.start', 'run.cancel', 'run.end'] : ['run.start', 'run.end'],
            refused: cancels.length - (won ? 1 : 0),
            succeeded: results.length,
          });
          seen.add(`${run.status} ${answers.toSorted().join(' ')}`);
        },
      ),
      { numRuns: 10_000 },
    );
    // Both outcomes and every kind of refusal were met.
    expect([...seen].toSorted()).toEqual([
      'cancelled run-is-cancelling yes',
      'cancelled run-is-final yes',
      'cancelled yes',
      'success run-is-final',
      'success run-is-final run-is-final',
    ]);
  });

  it('says yes once and no once when two come at the same time', async () => {
    const rig = new EngineRig({ targets: 1, scriptOf: () => ({ onTerm: 100 }) });
    for (const when of ['waits', 'works']) {
      const id = rig.start();
      if (when === 'works') {
        await rig.clock.advance(0);
      }
      const answers = await Promise.all(
        [0, 0].map(async () => {
          await Promise.resolve();
          return answerOf(() => rig.runs.cancel(id, anna));
        }),
      );
      expect(answers).toEqual(['yes', when === 'works' ? 'run-is-cancelling' : 'run-is-final']);
      expect((await rig.end(id)).status).toBe('cancelled');
    }
  });
});

describe('whatever happens to a run and when', () => {
  it('it ends in one final state, with every target ended, no time-out twice and nothing left waiting', async () => {
    const aScript = fc.record({
      exitAfter: fc.option(fc.constantFrom(0, 10, 1_000, 30_000), { nil: undefined }),
      exitCode: fc.nat({ max: 1 }),
      onTerm: fc.constantFrom<number | 'ignores'>(0, 500, 'ignores'),
      onKill: fc.constantFrom<number | 'ignores'>(0, 'ignores'),
    });
    const anAct = fc.record({
      at: fc.constantFrom(0, 10, 1_000, 5_000, 30_000),
      what: fc.constantFrom('cancel', 'kill'),
    });
    const options = fc.record({
      timeoutS: fc.constantFrom(1, 5, 30),
      deadlineS: fc.constantFrom(0, 1, 10),
      concurrency: fc.constantFrom(1, 2, 64),
      batches: fc.constantFrom('1', '50%', '100%').map((size) => [size]),
      pauseS: fc.constantFrom(0, 5),
      tolerate: fc.constantFrom('0', '50%'),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(aScript, { minLength: 1, maxLength: 5 }),
        fc.array(anAct, { maxLength: 3 }),
        options,
        async (scripts, acts, chosen) => {
          const rig = new EngineRig({
            targets: scripts.length,
            scriptOf: (host) => {
              const { exitAfter, ...rest } = scripts[host] ?? {};
              return exitAfter === undefined ? rest : { ...rest, exitAfter };
            },
          });
          const id = rig.start(chosen);
          for (const { at, what } of acts) {
            rig.clock.after(
              at,
              () => void answerOf(() => (what === 'kill' ? rig.runs.kill(id, anna) : rig.runs.cancel(id, anna))),
            );
          }
          const run = await rig.end(id);
          await rig.clock.advance(120_000);
          expect(rig.archive.moves.filter(({ to }) => isFinal(to))).toHaveLength(1);
          const { total, pending, running, success, failed, timeout, cancelled, skipped } = rig.run(id).counts;
          expect([pending, running]).toEqual([0, 0]);
          expect(success + failed + timeout + cancelled + skipped).toBe(total);
          expect(run.status === 'cancelled').toBe(run.cancel !== null);
          expect(run.durationMs ?? 0).toBeGreaterThanOrEqual(0);
          if (run.status === 'success') {
            expect(skipped + cancelled).toBe(0);
          }
          expect(new Set(rig.exec.started).size).toBe(rig.exec.started.length);
          expect(rig.clock.waiting).toBe(0);
          expect(rig.log.messages('error')).toEqual([]);
        },
      ),
      { numRuns: 500 },
    );
  });
});
