import { describe, expect, it } from 'vitest';
import { Link } from '#adapters/ssh/link';
import type { Connection } from '#adapters/ssh/connection';
import { FakeConnection, settled, watchRejections } from './fault-bench.ts';

watchRejections();

function opening(): {
  link: Link;
  fake: FakeConnection;
  open: () => Promise<void>;
  fail: () => Promise<void>;
  givenUp: () => number;
} {
  const { promise, resolve, reject } = Promise.withResolvers<Connection>();
  let count = 0;
  const fake = new FakeConnection();
  const link = new Link(promise, { session: 2, forward: 3 }, () => void (count += 1));
  return {
    link,
    fake,
    open: async () => {
      resolve(fake.real);
      await settled();
    },
    fail: async () => {
      reject(new Error('refused'));
      await settled();
    },
    givenUp: () => count,
  };
}

describe('a link', () => {
  it('has its places for commands and for forwards apart, numbered from 0, and gives the lowest free one', () => {
    const { link } = opening();
    const [first, second] = [link.take('session'), link.take('session')];
    expect([first, second]).toEqual([
      { use: 'session', index: 0 },
      { use: 'session', index: 1 },
    ]);
    expect(link.take('session')).toBeUndefined();
    expect(link.take('forward')).toEqual({ use: 'forward', index: 0 });
    link.release({ use: 'session', index: 0 });
    expect(link.take('session')).toEqual({ use: 'session', index: 0 });
  });

  it('is narrowed to what the far side has taken, and never below one', () => {
    const { link } = opening();
    const [first, second] = [link.take('session'), link.take('session')];
    link.narrow('session');
    expect(link.limits).toEqual({ session: 1, forward: 3 });
    for (const slot of [first, second]) {
      link.release(slot ?? { use: 'session', index: -1 });
    }
    link.narrow('session');
    expect(link.limits.session).toBe(1);
    expect(link.take('session')).toBeDefined();
  });

  it('gives up an opening when the last who waited has gone, and not before', async () => {
    const { link, givenUp, fail } = opening();
    const [first, second] = [link.take('session'), link.take('forward')];
    link.release(first ?? { use: 'session', index: -1 });
    expect(givenUp()).toBe(0);
    link.release(second ?? { use: 'session', index: -1 });
    expect(givenUp()).toBe(1);
    expect(link.isUsable).toBe(false);
    await fail();
    expect(givenUp()).toBe(1);
  });

  it('ends a connection that came although it was given up, and is not used again', async () => {
    const { link, fake, open, givenUp } = opening();
    link.take('session');
    link.retire();
    expect(givenUp()).toBe(1);
    await open();
    expect(fake.isOpen).toBe(false);
    expect(link.isUsable).toBe(false);
    expect(link.isIdle).toBe(false);
  });

  it('is idle only while it is open and nothing runs', async () => {
    const { link, open, fake, givenUp } = opening();
    const slot = link.take('session') ?? { use: 'session', index: -1 };
    expect(link.isIdle).toBe(false);
    await open();
    expect(link.isIdle).toBe(false);
    link.release(slot);
    expect(link.isIdle).toBe(true);
    expect(givenUp()).toBe(0);
    fake.die('cut');
    await settled();
    expect([link.isIdle, link.isUsable]).toEqual([false, false]);
  });

  it('is of no use when it could not be opened', async () => {
    const { link, fail } = opening();
    link.take('session');
    await fail();
    expect(link.isUsable).toBe(false);
  });
});
