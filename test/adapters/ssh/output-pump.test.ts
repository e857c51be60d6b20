import { PassThrough } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { OutputPump } from '#adapters/ssh/output-pump';

describe('a pump of output', () => {
  it('asks for no more while its taker is at work, and tells how long that was', async () => {
    let now = 0;
    const source = new PassThrough();
    const taken: string[] = [];
    const gates: (() => void)[] = [];
    const take = (bytes: Buffer): Promise<void> => {
      taken.push(bytes.toString());
      return new Promise((resolve) => gates.push(resolve));
    };
    const pump = new OutputPump(source, take, () => now);
    source.write('one');
    await nextTurn();
    source.write('two');
    now = 700;
    await nextTurn();
    expect(taken).toEqual(['one']);
    expect({ silent: pump.silentMs, waited: pump.waitedMs, bytes: pump.bytes }).toEqual({
      silent: 0,
      waited: 700,
      bytes: 3,
    });
    let isSettled = false;
    void pump.settled().then(() => (isSettled = true));
    await nextTurn();
    expect(isSettled).toBe(false);
    gates.shift()?.();
    await nextTurn();
    expect(taken).toEqual(['one', 'two']);
    now = 1_000;
    gates.shift()?.();
    await nextTurn();
    now = 1_200;
    expect({ isSettled, silent: pump.silentMs, waited: pump.waitedMs, bytes: pump.bytes }).toEqual({
      isSettled: true,
      silent: 200,
      waited: 1_000,
      bytes: 6,
    });
  });

  it.each([
    [
      'throws',
      (): void => {
        throw new Error('full');
      },
    ],
    ['rejects', () => Promise.reject(new Error('full'))],
  ] as [string, () => void | Promise<void>][])('drops the rest when its taker %s', async (_, act) => {
    let asked = 0;
    const source = new PassThrough();
    const pump = new OutputPump(
      source,
      () => {
        asked += 1;
        return act();
      },
      () => 0,
    );
    source.write('one');
    await nextTurn();
    source.end('two');
    await nextTurn();
    await nextTurn();
    expect({ asked, failure: pump.failure, isEmpty: source.readableLength === 0 }).toEqual({
      asked: 1,
      failure: new Error('full'),
      isEmpty: true,
    });
  });
});
