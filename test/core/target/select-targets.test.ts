import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DroverError } from '#contract/errors';
import { localTarget, selectTargets } from '#core/target/select-targets';
import { targetsNamed } from '../../support/fakes/engine-rig.ts';

const targets = targetsNamed(5);
const names = (selector: string): string[] => selectTargets(selector, targets).map(({ name }) => name);

function refusal(selector: string): DroverError {
  try {
    selectTargets(selector, targets);
  } catch (error) {
    if (error instanceof DroverError) {
      return error;
    }
  }
  throw new Error('not refused');
}

describe('a selector', () => {
  it('names targets by name or id, parted by commas or blanks', () => {
    expect(names('t1')).toEqual(['t1']);
    expect(names(' t1, t3 target-4\n')).toEqual(['t1', 't3', 't4']);
    expect(names('t0，t2')).toEqual(['t0', 't2']);
  });

  it('gives each target once, in the order of the targets, whatever the order and number of its names', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 4 }), { minLength: 1 }), (chosen) => {
        const wanted = targets.filter((_, index) => chosen.includes(index)).map(({ name }) => name);
        expect(names(chosen.map((index) => (index % 2 ? `t${index}` : `target-${index}`)).join(','))).toEqual(wanted);
      }),
    );
  });

  it('never means all when it names nothing', () => {
    for (const empty of ['', ' ', ',', ' , \n']) {
      expect(refusal(empty).code).toBe('no-targets');
    }
  });

  it('is refused as a whole when one of its names is unknown, and says what is known', () => {
    const error = refusal('t1,nowhere');
    expect(error.code).toBe('unknown-target');
    expect(error.message).toBe("No target 'nowhere'; known: t0, t1, t2, t3, t4");
    expect(refusal('T1').code).toBe('unknown-target');
    expect(refusal('x'.repeat(10_000)).message.length).toBeLessThan(200);
  });
});

describe('the machine of the node itself', () => {
  it('is the target `local` under the id of the node', () => {
    expect(localTarget('node-1', 'linux')).toMatchObject({
      id: 'node-1',
      name: 'local',
      os: 'linux',
      connection: 'local',
    });
    expect(localTarget('node-1', 'win32').os).toBe('windows');
    expect(localTarget('node-1', 'darwin').os).toBe('other');
  });
});
