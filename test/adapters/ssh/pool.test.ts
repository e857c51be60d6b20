import { describe, expect, it } from 'vitest';
import { ReachFailure } from '#adapters/ssh/reach-failure';
import { many, PoolRig, route, settled, type Some, watchRejections } from './fault-bench.ts';

watchRejections();

describe('a pool of connections', () => {
  it('shares a connection under the same route and secrets, whatever the case of the name', async () => {
    const rig = new PoolRig();
    const leases = [await rig.lease(route('web')), await rig.lease(route('WEB', { policy: 'accept-new' }))];
    expect(rig.opened).toHaveLength(1);
    expect(leases.map(({ slot }) => slot.index)).toEqual([0, 1]);
  });

  it('never shares it across users, secrets, ports, machines on the way or weak algorithms', async () => {
    const rig = new PoolRig();
    const others: Some[] = [
      {},
      { user: 'root' },
      { port: 2222 },
      { print: 'other' },
      { weak: true },
      { hops: ['hop'] },
      { hops: ['hop'], weak: true },
    ];
    const leases = await Promise.all(others.map((some) => rig.lease(route('web', some))));
    expect(new Set(leases.map(({ connection }) => connection)).size).toBe(others.length);
    // What the target is allowed the machine on the way is not, so that one is the same.
    expect(rig.users.filter((user) => user.includes('@hop:'))).toHaveLength(1);
  });

  it('takes another connection when the places of one are taken, and the first again when one is free', async () => {
    const rig = new PoolRig();
    const leases = await Promise.all(many(9, () => rig.lease(route('web'))));
    expect(rig.opened).toHaveLength(2);
    leases[3]?.release();
    const next = await rig.lease(route('web'));
    expect(next.connection).toBe(leases[0]?.connection);
    expect(next.slot.index).toBe(3);
    expect(rig.opened).toHaveLength(2);
  });

  it('tells later leases the login shell that an earlier one has learned', async () => {
    const rig = new PoolRig();
    const first = await rig.lease(route('web'));
    expect(first.loginShell).toBe(undefined);
    first.learn('/bin/bash');
    first.release();
    expect((await rig.lease(route('web'))).loginShell).toBe('/bin/bash');
    expect((await rig.lease(route('other'))).loginShell).toBe(undefined);
  });

  it('opens further connections as narrow as the first has turned out to be', async () => {
    const rig = new PoolRig({ sessionsPerConnection: 3 });
    const leases = await Promise.all(many(3, () => rig.lease(route('web'))));
    leases.slice(1).forEach((lease) => lease.narrow());
    await Promise.all(many(3, () => rig.lease(route('web'))));
    expect(rig.opened).toHaveLength(4);
  });

  it('opens one connection for twenty who ask in the same moment, and eight at a time on one machine', async () => {
    const rig = new PoolRig({ sessionsPerConnection: 20 });
    rig.isHeld = true;
    const all = many(20, () => rig.lease(route('web')));
    await settled();
    expect(rig.opened).toHaveLength(1);
    const others = many(20, (at) => rig.lease(route('web', { print: `login ${at}` })));
    await settled();
    expect(rig.opened).toHaveLength(8);
    for (let at = 0; at < 21; at += 1) {
      rig.opened[at]?.come();
      await settled();
    }
    expect(rig.opened).toHaveLength(21);
    expect(await Promise.all([...all, ...others])).toHaveLength(40);
  });
});

describe('a connection that cannot be opened', () => {
  it('is told to all who wait for it, and the next one tries anew', async () => {
    const rig = new PoolRig();
    rig.failures = [new ReachFailure('auth-failed', 'wrong')];
    const ran = await Promise.allSettled(many(5, () => rig.lease(route('web'))));
    expect(ran.map((one) => one.status === 'rejected' && (one.reason as Error).message)).toEqual(
      many(5, () => 'wrong'),
    );
    expect(rig.opened).toHaveLength(1);
    await rig.lease(route('web'));
    expect(rig.opened).toHaveLength(2);
  });

  it('is tried at most three times more when it was reset before the key exchange', async () => {
    const reset = new ReachFailure('unreachable', 'reset', { isReset: true });
    const rig = new PoolRig();
    rig.failures = [reset];
    await rig.lease(route('web'));
    expect(rig.opened).toHaveLength(2);
    rig.failures = [reset, reset, reset, reset, reset];
    await expect(rig.lease(route('db'))).rejects.toBe(reset);
    expect(rig.opened).toHaveLength(2 + 4);
  });

  it('is not tried again for any other reason', async () => {
    const rig = new PoolRig();
    for (const reason of ['auth-failed', 'unreachable', 'refused-connection', 'host-key'] as const) {
      rig.failures = [new ReachFailure(reason, reason)];
      await expect(rig.lease(route(reason))).rejects.toThrow(reason);
    }
    expect(rig.opened).toHaveLength(4);
  });

  it('is not opened when its own run says, in its turn, that it must not be tried', async () => {
    const rig = new PoolRig();
    const refused = new ReachFailure('auth-failed', 'Not tried');
    const beforeLogin = (): void => {
      throw refused;
    };
    await expect(rig.lease({ ...route('web', { hops: ['hop'] }), beforeLogin })).rejects.toBe(refused);
    expect(rig.users).toEqual(['drover@hop:22']);
    expect(rig.fake(0).forwards).toEqual([]);
  });
});

describe('somebody who leaves', () => {
  it('does not hurt the others who wait for the same connection', async () => {
    const rig = new PoolRig();
    rig.isHeld = true;
    const leaving = new AbortController();
    const stays = rig.lease(route('web'));
    const leaves = rig.lease(route('web'), leaving.signal);
    leaving.abort(new Error('left'));
    await expect(leaves).rejects.toThrow('left');
    rig.opened[0]?.come();
    expect((await stays).connection.isOpen).toBe(true);
    expect(rig.opened).toHaveLength(1);
  });

  it('ends the attempt when nobody else waits, and the next one opens anew', async () => {
    const rig = new PoolRig();
    rig.isHeld = true;
    const leaving = new AbortController();
    const leaves = rig.lease(route('web'), leaving.signal);
    await settled();
    leaving.abort(new Error('left'));
    await expect(leaves).rejects.toThrow('left');
    expect(rig.opened[0]?.opening.signal.aborted).toBe(true);
    rig.isHeld = false;
    await rig.lease(route('web'));
    expect(rig.opened).toHaveLength(2);
  });

  it('leaves no connection behind that opens in the very moment', async () => {
    const rig = new PoolRig({ idleMs: 20 });
    rig.isHeld = true;
    const leaving = new AbortController();
    const leaves = rig.lease(route('web'), leaving.signal);
    await settled();
    rig.opened[0]?.come();
    leaving.abort(new Error('left'));
    await expect(leaves).rejects.toThrow('left');
    await rig.fake(0).closed;
    expect(rig.living).toBe(0);
  });

  it('leaves no hole in the queue of a machine', async () => {
    const rig = new PoolRig({ unauthenticated: 1 });
    rig.isHeld = true;
    const leaving = new AbortController();
    const first = rig.lease(route('web', { print: 'a' }));
    const leaves = rig.lease(route('web', { print: 'b' }), leaving.signal);
    const last = rig.lease(route('web', { print: 'c' }));
    await settled();
    leaving.abort(new Error('left'));
    await expect(leaves).rejects.toThrow('left');
    rig.opened[0]?.come();
    await first;
    await settled();
    rig.opened[1]?.come();
    await last;
    expect(rig.opened).toHaveLength(2);
  });
});
