import { describe, expect, it } from 'vitest';
import { Connection, watchedWire } from '../../src-renderer/client/connection.ts';
import { FakeWire, Refused, settle } from './fake-wire.ts';
import { sampleNow } from './sample-runs.ts';

/** Time that stands still until it is moved. */
function stoppedTime() {
  let now = sampleNow;
  let timers: { at: number; act: () => void }[] = [];
  return {
    now: () => now,
    after(ms: number, act: () => void) {
      const timer = { at: now + ms, act };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    async pass(ms: number) {
      now += ms;
      const due = timers.filter((timer) => timer.at <= now);
      timers = timers.filter((timer) => timer.at > now);
      due.forEach((timer) => timer.act());
      await settle();
    },
  };
}

const node = { name: 'jump', now: sampleNow + 4_000 };

function connect() {
  const wire = new FakeWire();
  const time = stoppedTime();
  const connection = new Connection(() => wire.send('node.info', {}), time);
  const seen: string[] = [];
  connection.subscribe(() => seen.push(connection.state.phase));
  return { wire, time, connection, seen };
}

describe('the connection', () => {
  it('is online once the node has answered, and knows how far its clock is off', async () => {
    const { wire, connection } = connect();
    wire.answers = { 'node.info': () => node };
    connection.check();
    await settle();
    expect(connection.state).toMatchObject({ phase: 'online', clockOffsetMs: 4_000, attempt: 0 });
  });

  it('tries again at growing distances until somebody answers', async () => {
    const { wire, time, connection } = connect();
    connection.check();
    await settle();
    const waits: number[] = [];
    for (let round = 0; round < 7; round += 1) {
      const wait = (connection.state.nextTryAt ?? 0) - time.now();
      waits.push(wait);
      await time.pass(wait);
    }
    expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
    wire.answers = { 'node.info': () => node };
    await time.pass(10_000);
    expect(connection.state.phase).toBe('online');
  });

  it('is lost as soon as any call finds nobody, and asks at once when told to', async () => {
    const { wire, connection, seen } = connect();
    wire.answers = { 'node.info': () => node };
    connection.check();
    await settle();
    wire.answers = {};
    const watched = watchedWire(wire, connection);
    await watched.send('run.list', {});
    expect(connection.state).toMatchObject({ phase: 'lost', attempt: 1 });
    wire.answers = { 'node.info': () => node };
    connection.check();
    await settle();
    expect(seen).toEqual(['online', 'lost', 'online']);
  });

  it('keeps asking while it is online, so that a silent loss is noticed', async () => {
    const { wire, time, connection } = connect();
    wire.answers = { 'node.info': () => node };
    connection.check();
    await settle();
    wire.answers = {};
    await time.pass(15_000);
    expect(connection.state.phase).toBe('lost');
  });

  it('is signed out when the session has gone, whoever notices', async () => {
    const { wire, connection } = connect();
    wire.answers = { 'node.info': () => node, 'run.list': () => new Refused('not-signed-in') };
    connection.check();
    await settle();
    await watchedWire(wire, connection).send('run.list', {});
    expect(connection.state.phase).toBe('signed-out');
  });

  it('hears of failures from feeds as well', () => {
    const { wire, connection } = connect();
    const frames: unknown[] = [];
    watchedWire(wire, connection).open('run.changes', {}, (frame) => frames.push(frame));
    wire.lastFeed.end('not-signed-in');
    expect(connection.state.phase).toBe('signed-out');
    expect(frames.length).toBe(1);
  });

  it('turns a wire that throws into one that answers', async () => {
    const { wire, connection } = connect();
    wire.send = () => Promise.reject(new TypeError('broken'));
    const reply = await watchedWire(wire, connection).send('run.list', {});
    expect(reply).toMatchObject({ ok: false, error: { code: 'engine-unreachable' } });
  });

  it('says that the engine is stopping until another one answers', async () => {
    const { wire, connection } = connect();
    wire.answers = {
      'node.info': () => ({ ...node, startedAt: 1 }),
      'run.start': () => new Refused('engine-stopping'),
    };
    connection.check();
    await settle();
    await watchedWire(wire, connection).send('run.start', {});
    expect(connection.state).toMatchObject({ phase: 'lost', stopping: true });
    connection.check();
    await settle();
    expect(connection.state).toMatchObject({ phase: 'online', stopping: true });
    wire.answers = { 'node.info': () => ({ ...node, startedAt: 2 }) };
    connection.check();
    await settle();
    expect(connection.state).toMatchObject({ phase: 'online', stopping: false });
  });

  it('stays as it is when a call is refused for a reason of its own', async () => {
    const { wire, connection } = connect();
    wire.answers = { 'node.info': () => node, 'run.start': () => new Refused('queue-full') };
    connection.check();
    await settle();
    await watchedWire(wire, connection).send('run.start', {});
    expect(connection.state.phase).toBe('online');
  });
});
