import { describe, expect, it } from 'vitest';
import { Printer } from '../../src-main/cli/printer.ts';
import { FakeScreen } from './fake-host.ts';

const mebibyte = Buffer.alloc(1024 * 1024, 'x');

describe('a printer', () => {
  it('is full when its reader is far behind, and drained when the reader has caught up', async () => {
    const screen = new FakeScreen();
    const printer = new Printer(screen, {});
    screen.stall();
    for (let count = 0; count < 9; count += 1) {
      printer.write(mebibyte);
    }
    expect(printer.isFull).toBe(true);
    let drained = false;
    const waiting = printer.drained().then(() => {
      drained = true;
    });
    await new Promise(setImmediate);
    expect(drained).toBe(false);
    screen.resume();
    await waiting;
    expect(printer.isFull).toBe(false);
    expect(screen.text).toHaveLength(9 * mebibyte.length);
  });

  it('keeps no listeners behind, however often it was drained', async () => {
    const screen = new FakeScreen();
    const printer = new Printer(screen, {});
    const before = screen.listenerCount('error') + screen.listenerCount('close');
    for (let round = 0; round < 20; round += 1) {
      screen.stall();
      printer.write(mebibyte);
      const waiting = printer.drained();
      screen.resume();
      await waiting;
    }
    expect(screen.listenerCount('error') + screen.listenerCount('close')).toBe(before);
  });

  it('stops waiting for a reader that goes away', async () => {
    const screen = new FakeScreen();
    const printer = new Printer(screen, {});
    screen.stall();
    printer.write(mebibyte);
    const waiting = Promise.all([printer.drained(), printer.flush()]);
    screen.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    await waiting;
    expect(printer.gone).toBe(true);
    expect(printer.failure).toBeUndefined();
    printer.write('more');
  });

  it('tells once that nobody reads, also who asks late', async () => {
    const screen = new FakeScreen();
    const printer = new Printer(screen, {});
    screen.breakWith('EPIPE');
    printer.write('x');
    await new Promise(setImmediate);
    let told = 0;
    printer.onGone(() => {
      told += 1;
    });
    expect(told).toBe(1);
  });
});
