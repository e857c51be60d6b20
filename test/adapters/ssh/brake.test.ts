import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Brake, Brakes } from '#adapters/ssh/brake';
import { settled, watchRejections } from './fault-bench.ts';

watchRejections();
const never = new AbortController().signal;

/** A task that ends when it is told to. */
function task(begun: string[], name: string): { act: () => Promise<string>; end: () => void; fail: () => void } {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  return {
    act: () => {
      begun.push(name);
      return promise;
    },
    end: () => resolve(name),
    fail: () => reject(new Error(name)),
  };
}

describe('a brake', () => {
  it('lets the others wait and begins them in the order they came', async () => {
    const begun: string[] = [];
    const brake = new Brake(() => 2);
    const tasks = ['a', 'b', 'c', 'd'].map((name) => task(begun, name));
    const done = tasks.map(({ act }) => brake.run(never, act));
    await settled();
    expect(begun).toEqual(['a', 'b']);
    tasks[1]?.end();
    await settled();
    expect(begun).toEqual(['a', 'b', 'c']);
    tasks.forEach(({ end }) => end());
    expect(await Promise.all(done)).toEqual(['a', 'b', 'c', 'd']);
    expect(brake.isIdle).toBe(true);
  });

  it('gives the place of a failed task to the next', async () => {
    const begun: string[] = [];
    const brake = new Brake(() => 1);
    const [first, second] = [task(begun, 'first'), task(begun, 'second')];
    const failed = brake.run(never, first.act);
    const next = brake.run(never, second.act);
    first.fail();
    await expect(failed).rejects.toThrow('first');
    second.end();
    expect(await next).toBe('second');
    expect(brake.isIdle).toBe(true);
  });

  it('leaves no hole when one that waits is aborted, and never begins it', async () => {
    const begun: string[] = [];
    const brake = new Brake(() => 1);
    const tasks = ['a', 'b', 'c'].map((name) => task(begun, name));
    const leaving = new AbortController();
    const signals = [never, leaving.signal, never];
    const done = tasks.map(({ act }, at) => brake.run(signals[at] ?? never, act));
    leaving.abort(new Error('left'));
    await expect(done[1]).rejects.toThrow('left');
    tasks.forEach(({ end }) => end());
    expect(await done[2]).toBe('c');
    expect(begun).toEqual(['a', 'c']);
    expect(brake.isIdle).toBe(true);
    await expect(brake.run(leaving.signal, () => Promise.resolve())).rejects.toThrow('left');
    expect(brake.isIdle).toBe(true);
  });

  it('hands a place over to who waits and not to who comes in the same moment', async () => {
    const brake = new Brake(() => 1);
    let working = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      working += 1;
      most = Math.max(most, working);
      await settled();
      working -= 1;
    };
    const first = brake.run(never, work);
    const waiting = brake.run(never, work);
    const late = first.then(() => brake.run(never, work));
    await Promise.all([first, waiting, late]);
    expect(most).toBe(1);
  });

  it('never lets more work than its limit, and all get their turn, whoever leaves', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.record({ turns: fc.integer({ min: 0, max: 3 }), leaves: fc.boolean(), fails: fc.boolean() }), {
          maxLength: 20,
        }),
        async (limit, plans) => {
          const brakes = new Brakes(() => limit);
          let working = 0;
          let most = 0;
          const ran = await Promise.allSettled(
            plans.map(({ turns, leaves, fails }) => {
              const abort = new AbortController();
              const done = brakes.run('one', abort.signal, async () => {
                working += 1;
                most = Math.max(most, working);
                for (let left = turns; left > 0; left -= 1) {
                  await Promise.resolve();
                }
                working -= 1;
                if (fails) {
                  throw new Error('failed');
                }
              });
              if (leaves) {
                queueMicrotask(() => abort.abort(new Error('left')));
              }
              return done;
            }),
          );
          expect(most).toBeLessThanOrEqual(limit);
          expect(ran).toHaveLength(plans.length);
          expect(working).toBe(0);
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('brakes by name', () => {
  it('hold up tasks of the same name only', async () => {
    const begun: string[] = [];
    const brakes = new Brakes(() => 1);
    const [one, same, other] = [task(begun, 'one'), task(begun, 'same'), task(begun, 'other')];
    const done = [brakes.run('x', never, one.act), brakes.run('x', never, same.act), brakes.run('y', never, other.act)];
    await settled();
    expect(begun).toEqual(['one', 'other']);
    [one, same, other].forEach(({ end }) => end());
    expect(await Promise.all(done)).toEqual(['one', 'same', 'other']);
  });
});
