import { describe, expect, it } from 'vitest';
import { ReachFailure } from '#adapters/ssh/reach-failure';
import { many, PoolRig, route, settled, watchRejections } from './fault-bench.ts';

watchRejections();

describe('the limit of connections', () => {
  it('lets the one go that was idle for longest', async () => {
    const rig = new PoolRig({ connections: 2 });
    const one = await rig.lease(route('one'));
    const two = await rig.lease(route('two'));
    two.release();
    one.release();
    (await rig.lease(route('two'))).release();
    await rig.lease(route('three'));
    expect(rig.users).toHaveLength(3);
    expect([rig.fake(0).isOpen, rig.fake(1).isOpen]).toEqual([false, true]);
  });

  it('is kept by those who wait until one is idle, in their order', async () => {
    const rig = new PoolRig({ connections: 1 });
    const one = await rig.lease(route('one'));
    const order: string[] = [];
    const waiting = ['two', 'three'].map(async (name) => {
      const lease = await rig.lease(route(name));
      order.push(name);
      expect(rig.living).toBe(1);
      lease.release();
    });
    await settled();
    expect(rig.opened).toHaveLength(1);
    one.release();
    await Promise.all(waiting);
    expect(order).toEqual(['two', 'three']);
  });

  it('lets those who wait in as soon as it is raised', async () => {
    const limits = { connections: 1 };
    const rig = new PoolRig(limits);
    await rig.lease(route('one'));
    const waiting = ['two', 'three', 'four'].map((name) => rig.lease(route(name)));
    await settled();
    expect(rig.opened).toHaveLength(1);
    limits.connections = 3;
    rig.pool.lookAgain();
    await Promise.all(waiting.slice(0, 2));
    await settled();
    expect(rig.users).toEqual(['drover@one:22', 'drover@two:22', 'drover@three:22']);
  });

  it('wakes the next when the one whose turn it would be has left', async () => {
    const rig = new PoolRig({ connections: 1 });
    const one = await rig.lease(route('one'));
    const leaving = new AbortController();
    const leaves = rig.lease(route('two'), leaving.signal);
    const stays = rig.lease(route('three'));
    await settled();
    leaving.abort(new Error('left'));
    await expect(leaves).rejects.toThrow('left');
    one.release();
    await stays;
    expect(rig.users).toEqual(['drover@one:22', 'drover@three:22']);
  });

  it('does not let those behind jump hosts wait for each other for ever', async () => {
    const rig = new PoolRig({ connections: 2 });
    const ran = await Promise.all(
      many(6, async (at) => {
        const lease = await rig.lease(route(`target${at}`, { hops: [`hop${at}`] }));
        await settled();
        lease.release();
        return lease.slot.index;
      }),
    );
    expect(ran).toEqual(many(6, () => 0));
  });

  it('is given back by what failed and by what died', async () => {
    const rig = new PoolRig({ connections: 1 });
    rig.failures = [new ReachFailure('unreachable', 'gone')];
    await expect(rig.lease(route('one'))).rejects.toThrow('gone');
    await rig.lease(route('two'));
    const waiting = rig.lease(route('three'));
    rig.fake(1).die('cut');
    await waiting;
    expect(rig.living).toBe(1);
  });
});

describe('an idle connection', () => {
  it('is closed after its time and not before, and its use counts anew', async () => {
    const rig = new PoolRig({ idleMs: 30 });
    const first = await rig.lease(route('web'));
    first.release();
    const again = await rig.lease(route('web'));
    expect(again.connection).toBe(first.connection);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(rig.fake(0).isOpen).toBe(true);
    again.release();
    await rig.fake(0).closed;
    await settled();
    expect((await rig.lease(route('web'))).connection).not.toBe(first.connection);
  });

  it('is not used any more once it has died', async () => {
    const rig = new PoolRig();
    (await rig.lease(route('web'))).release();
    rig.fake(0).die('cut');
    await settled();
    expect((await rig.lease(route('web'))).connection.isOpen).toBe(true);
    expect(rig.opened).toHaveLength(2);
  });
});

describe('a chain of jump hosts', () => {
  it('is shared by all behind it, and each is connected through the one before', async () => {
    const rig = new PoolRig();
    const chained = many(3, (at) => rig.lease(route(`web${at}`, { hops: ['outer', 'inner'] })));
    const direct = rig.lease(route('inner', { hops: ['outer'] }));
    await Promise.all([...chained, direct]);
    expect(rig.users.toSorted()).toEqual([
      'drover@inner:22',
      'drover@outer:22',
      'drover@web0:22',
      'drover@web1:22',
      'drover@web2:22',
    ]);
    expect(rig.fake(0).forwards).toEqual(['inner:22']);
    expect(rig.fake(1).forwards.toSorted()).toEqual(['web0:22', 'web1:22', 'web2:22']);
    expect((await direct).connection).toBe(rig.fake(1).real);
  });

  it('opens at most eight behind one jump host at once, however many targets there are', async () => {
    const rig = new PoolRig();
    const hop = await rig.lease(route('hop'));
    rig.isHeld = true;
    const all = many(30, (at) => rig.lease(route(`web${at}`, { hops: ['hop'] })));
    await settled();
    expect(rig.fake(0).forwards).toHaveLength(8);
    for (let at = 1; at <= 30; at += 1) {
      rig.opened[at]?.come();
      await settled();
    }
    await Promise.all(all);
    hop.release();
    expect(rig.opened).toHaveLength(31);
  });

  it('keeps the hop while something runs behind it, and lets it go afterwards', async () => {
    const rig = new PoolRig({ idleMs: 20 });
    const lease = await rig.lease(route('web', { hops: ['hop'] }));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(rig.living).toBe(2);
    lease.release();
    await rig.fake(1).closed;
    expect(rig.fake(0).isOpen).toBe(true);
    await rig.fake(0).closed;
    expect(rig.living).toBe(0);
  });

  it('ends what runs behind a hop when the hop dies', async () => {
    const rig = new PoolRig();
    const lease = await rig.lease(route('web', { hops: ['hop'] }));
    rig.fake(0).die('cut');
    expect(await lease.connection.closed).toBe('on the way: cut');
    lease.release();
    await rig.lease(route('web', { hops: ['hop'] }));
    expect(rig.opened).toHaveLength(4);
  });

  it('says on the way of what the hop has failed', async () => {
    const rig = new PoolRig();
    rig.failures = [new ReachFailure('auth-failed', 'hop port 22 refused the login')];
    await expect(rig.lease(route('web', { hops: ['hop'] }))).rejects.toMatchObject({
      reason: 'auth-failed',
      message: 'On the way: hop port 22 refused the login',
    });
  });

  it('gives up a way that the hop does not open in time, or that nobody waits for any more', async () => {
    const rig = new PoolRig({ connectMs: 30 });
    const hop = await rig.lease(route('hop'));
    const late: (() => void)[] = [];
    rig.fake(0).forward = (address) => {
      rig.fake(0).forwards.push(address);
      return new Promise((_, reject) => late.push(() => reject(new Error('late'))));
    };
    await expect(rig.lease(route('web', { hops: ['hop'] }))).rejects.toMatchObject({
      reason: 'unreachable',
      message: 'web port 22 cannot be reached from hop: no answer within 0.03 s',
    });
    const leaving = new AbortController();
    const leaves = rig.lease(route('web', { hops: ['hop'] }), leaving.signal);
    await settled();
    leaving.abort(new Error('left'));
    await expect(leaves).rejects.toThrow('left');
    late.forEach((fail) => fail());
    hop.release();
    expect(rig.opened).toHaveLength(1);
  });
});

describe('a pool that closes', () => {
  it('ends idle connections in good order, those behind a jump host before it', async () => {
    const rig = new PoolRig();
    const order: string[] = [];
    (await rig.lease(route('web', { hops: ['hop'] }))).release();
    rig.opened.forEach(({ opening, fake }) => void fake.closed.then(() => order.push(opening.stop.address)));
    await rig.pool.close();
    expect(order).toEqual(['web', 'hop']);
  });

  it('ends the others as well, gives up what is being opened, and keeps nothing that comes later', async () => {
    const rig = new PoolRig();
    const busy = await rig.lease(route('busy'));
    rig.isHeld = true;
    const opening = rig.lease(route('opening'));
    await settled();
    const closed = rig.pool.close();
    await expect(opening).rejects.toThrow();
    await closed;
    expect(busy.connection.isOpen).toBe(false);
    busy.release();
    rig.isHeld = false;
    (await rig.lease(route('late'))).release();
    await settled();
    expect(rig.living).toBe(0);
  });
});
