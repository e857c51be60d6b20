import { describe, expect, it } from 'vitest';
import { DroverError } from '#contract/errors';
import { connectOrRun } from '../../src-main/cli/connect.ts';

type Scene = { readonly socket?: readonly (boolean | 'halted')[]; readonly archive?: readonly (boolean | Error)[] };

/** Both ways as they stand at each look; the last entry stays. */
function scene({ socket = [false], archive = [false] }: Scene, pid: number | null = 4_711) {
  const steps: string[] = [];
  let waited = 0;
  const at = <T>(states: readonly T[], index: number): T | undefined => states[Math.min(index, states.length - 1)];
  let looks = 0;
  let takes = 0;
  const connect = () =>
    connectOrRun<string>({
      async trySocket() {
        steps.push('socket');
        const state = at(socket, looks++);
        return state === 'halted' ? new Promise<never>(() => {}) : state ? 'connected' : undefined;
      },
      async tryRun() {
        steps.push('archive');
        const state = at(archive, takes++);
        if (state instanceof Error) {
          throw state;
        }
        return state ? 'running' : undefined;
      },
      holder: async () => ({ pid, folder: '/data' }),
      async wait(ms) {
        if (ms > 1_000) {
          return socket.includes('halted') ? undefined : new Promise<never>(() => {});
        }
        steps.push('wait');
        waited += ms;
      },
    });
  return { connect, steps, waited: () => waited };
}

describe('the way to an engine', () => {
  it('is the running one, without touching the archive', async () => {
    const { connect, steps } = scene({ socket: [true], archive: [true] });
    expect(await connect()).toBe('connected');
    expect(steps).toEqual(['socket']);
  });

  it('is one in this process when none runs', async () => {
    const { connect, steps } = scene({ archive: [true] });
    expect(await connect()).toBe('running');
    expect(steps).toEqual(['socket', 'archive']);
  });

  it('waits for an engine that has the archive and does not listen yet', async () => {
    const { connect, waited } = scene({ socket: [false, false, true] });
    expect(await connect()).toBe('connected');
    expect(waited()).toBe(200);
  });

  it('takes over from an engine that has stopped listening and still has the archive', async () => {
    const locked = new DroverError('archive-locked', 'In use');
    const { connect } = scene({ archive: [locked, locked, true] });
    expect(await connect()).toBe('running');
  });

  it('gives up after two seconds and names who has the folder', async () => {
    const { connect, waited, steps } = scene({});
    const error = await connect().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'engine-unreachable',
      message: 'The data folder /data is in use by process 4711, which does not answer',
      detail: {
        pid: 4_711,
        folder: '/data',
        remedy: 'End process 4711 if it hangs, or name another data folder: --data DIR.',
      },
    });
    expect(waited()).toBe(2_000);
    expect(steps.slice(-2)).toEqual(['socket', 'archive']);
  });

  it('gives up an engine that takes the question and never answers, without touching its archive', async () => {
    const { connect, steps } = scene({ socket: ['halted'], archive: [true] });
    await expect(connect()).rejects.toMatchObject({ code: 'engine-unreachable' });
    expect(steps).toEqual(['socket']);
  });

  it('says so when the holder cannot be told', async () => {
    const { connect } = scene({}, null);
    await expect(connect()).rejects.toThrow('in use by another process');
  });

  it('does not try again what will not change', async () => {
    const { connect, waited } = scene({ archive: [new DroverError('archive-newer', 'Newer')] });
    await expect(connect()).rejects.toMatchObject({ code: 'archive-newer' });
    expect(waited()).toBe(0);
  });
});
