import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DroverClient } from '#contract/client';
import type { HostRow, Run, RunChange } from '#contract/run';
import { RunHosts } from '../../src-renderer/client/run-hosts.ts';
import { FakeWire, Refused } from './fake-wire.ts';
import { detailOf, runOf } from './sample-runs.ts';
import { hostOf } from './sample-hosts.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const rowsOf = (count: number): HostRow[] => Array.from({ length: count }, (_, host) => hostOf(host));

function opened(rows: readonly HostRow[], run: Partial<Run> = { rev: 40 }) {
  const wire = new FakeWire();
  wire.answers = {
    'run.get': () => detailOf({ run }),
    'run.hosts': ({ after, limit }: { after: number; limit: number }) => {
      const hosts = rows.slice(after + 1, after + 1 + limit);
      return { hosts, next: hosts.length === limit ? (hosts.at(-1)?.host ?? null) : null };
    },
  };
  const heard: RunChange[] = [];
  const gate = { open: () => Promise.resolve(), onClose: () => () => {} };
  const store = new RunHosts(1, { client: new DroverClient(wire), gate, onChange: (change) => heard.push(change) });
  const told = vi.fn<() => void>();
  store.subscribe(told);
  const done = store.start();
  return { wire, store, heard, told, done };
}

const settled = () => vi.advanceTimersByTimeAsync(0);

describe('the targets of a run', () => {
  it('are read by pages, the first one small, and shown as they come', async () => {
    const { store, wire, told } = opened(rowsOf(5_700));
    await settled();
    const pages = wire.sent.filter(({ name }) => name === 'run.hosts').map(({ input }) => input);
    expect(pages).toEqual([
      { run: 1, after: -1, limit: 500 },
      { run: 1, after: 499, limit: 5_000 },
      { run: 1, after: 5_499, limit: 5_000 },
    ]);
    expect(store.state).toMatchObject({ isWhole: true, error: null });
    expect(store.state.rows.map(({ host }) => host)).toEqual(Array.from({ length: 5_700 }, (_, host) => host));
    expect(told.mock.calls.length).toBeGreaterThanOrEqual(3);
    store.stop();
  });

  it('are followed from the revision the run had before they were read, and are never asked for again', async () => {
    const { wire, store } = opened(rowsOf(3));
    await settled();
    expect(wire.lastFeed).toMatchObject({ name: 'run.changes', input: { run: 1, after: 40 } });
    const asked = wire.sent.length;
    for (let rev = 41; rev < 141; rev += 1) {
      wire.lastFeed.give(rev, { kind: 'hosts', runId: 'r', hosts: [hostOf(rev % 3, { exitCode: rev })] });
    }
    await vi.advanceTimersByTimeAsync(1_000);
    expect(store.state.rows.map(({ exitCode }) => exitCode)).toEqual([138, 139, 140]);
    expect(wire.sent.length).toBe(asked);
    store.stop();
  });

  it('change together, however fast the feed is', async () => {
    const { wire, store, told } = opened(rowsOf(3));
    await settled();
    told.mockClear();
    const before = store.state.rows;
    for (let rev = 41; rev < 61; rev += 1) {
      wire.lastFeed.give(rev, { kind: 'hosts', runId: 'r', hosts: [hostOf(1, { exitCode: rev })] });
      await vi.advanceTimersByTimeAsync(50);
    }
    expect(told.mock.calls.length).toBeLessThan(8);
    expect(store.state.rows).not.toBe(before);
    expect(store.state.rows[0]).toBe(before[0]);
    store.stop();
  });

  it('go on after a lost connection where they were', async () => {
    const { wire, store } = opened(rowsOf(2));
    await settled();
    wire.lastFeed.give(57, { kind: 'hosts', runId: 'r', hosts: [hostOf(1, { status: 'success' })] });
    wire.lastFeed.end('engine-unreachable');
    await settled();
    expect(wire.feeds.map(({ input }) => input)).toEqual([
      { run: 1, after: 40 },
      { run: 1, after: 57 },
    ]);
    wire.lastFeed.give(58, { kind: 'hosts', runId: 'r', hosts: [hostOf(0, { status: 'failed' })] });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(store.state.rows.map(({ status }) => status)).toEqual(['failed', 'success']);
    store.stop();
  });

  it('give the feed back when the run has ended, with every last row taken', async () => {
    const { wire, store, heard, done } = opened(rowsOf(2));
    await settled();
    const { lastFeed } = wire;
    lastFeed.give(60, { kind: 'hosts', runId: 'r', hosts: [hostOf(1, { status: 'failed' })] });
    lastFeed.give(61, { kind: 'run', run: runOf({ status: 'failed', rev: 61 }) });
    await done;
    expect(lastFeed.closed).toBe(true);
    expect(store.state.rows[1]?.status).toBe('failed');
    expect(heard).toMatchObject([{ kind: 'run', run: { status: 'failed' } }]);
  });

  it('of an ended run are read and not followed', async () => {
    const { wire, store, done } = opened(rowsOf(2), { status: 'success', rev: 40 });
    await done;
    expect(store.state.rows.length).toBe(2);
    expect(wire.feeds).toEqual([]);
  });

  it('are asked for again when the engine was away, and say what else went wrong', async () => {
    const { wire, store } = opened(rowsOf(1));
    wire.answers['run.get'] = vi
      .fn()
      .mockReturnValueOnce(new Refused('engine-unreachable'))
      .mockReturnValue(detailOf({ run: { status: 'success' } }));
    await settled();
    expect(store.state).toMatchObject({ isWhole: true, error: null });
    const other = opened([]);
    other.wire.answers['run.hosts'] = () => new Refused('not-found');
    await other.done;
    expect(other.store.state.error?.code).toBe('not-found');
  });

  it('are let go of when nobody looks any more', async () => {
    const { wire, store, told } = opened(rowsOf(1));
    await settled();
    const { lastFeed } = wire;
    lastFeed.give(41, { kind: 'hosts', runId: 'r', hosts: [hostOf(0)] });
    told.mockClear();
    store.stop();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(lastFeed.closed).toBe(true);
    expect(told).not.toHaveBeenCalled();
  });
});
