import { describe, expect, it } from 'vitest';
import { DroverClient } from '#contract/client';
import type { FindFrame } from '#contract/run-find';
import { noSearch, RunSearch, type SearchInfo, withFrame } from '../../src-renderer/features/run/run-search.ts';
import { FakeWire, settle } from './fake-wire.ts';

type Scanned = Extract<FindFrame, { kind: 'scanned' }>;

const scanned = (change: Partial<Scanned>): Scanned => ({
  kind: 'scanned',
  through: 0,
  lastSeq: 0,
  lines: 0,
  bytes: 0,
  hits: [],
  hosts: [],
  caughtUp: false,
  ...change,
});
const hit = (seq: number, host = 0) => ({ seq, n: seq, host, stream: 'out' as const });

async function search() {
  const wire = new FakeWire();
  let info: SearchInfo = noSearch;
  const made = new RunSearch(
    { run: 7, text: 'error', caseSensitive: false, regex: false },
    {
      client: new DroverClient(wire),
      gate: { open: () => Promise.resolve(), onClose: () => () => {} },
      onInfo: (told) => {
        info = told;
      },
    },
  );
  await settle();
  return { wire, made, info: () => info };
}

describe('a search through a run', () => {
  it('adds up what the frames tell', () => {
    const first = withFrame(
      noSearch,
      scanned({ through: 50, lastSeq: 200, bytes: 10, hits: [hit(3)], hosts: [{ host: 0, count: 2, first: 3 }] }),
    );
    expect(first).toMatchObject({ total: 2, share: 0.25, bytes: 10, state: 'searching' });
    const hosts = [
      { host: 0, count: 1, first: 60 },
      { host: 4, count: 5, first: 61 },
    ];
    const second = withFrame(first, scanned({ through: 200, lastSeq: 200, bytes: 5, hosts, caughtUp: true }));
    expect(second).toMatchObject({ total: 8, share: 1, bytes: 15, state: 'live', hits: [hit(3)] });
    expect([...second.byHost]).toEqual([
      [0, 3],
      [4, 5],
    ]);
  });

  it('keeps the hits in the order of the lines, also those that are told last', () => {
    const first = withFrame(noSearch, scanned({ hits: [hit(3), hit(9)] }));
    expect(withFrame(first, scanned({ hits: [hit(5)] })).hits.map(({ seq }) => seq)).toEqual([3, 5, 9]);
  });

  it('goes on after the last frame when the engine was away', async () => {
    const { wire, info } = await search();
    expect(wire.lastFeed).toMatchObject({ name: 'run.find', input: { run: 7, text: 'error' } });
    wire.lastFeed.give(40, scanned({ through: 40, lastSeq: 80, hits: [hit(1)] }));
    wire.lastFeed.end('engine-unreachable');
    await settle();
    expect(wire.lastFeed.input).toMatchObject({ after: 40 });
    wire.lastFeed.give(80, { kind: 'done', after: 40, hits: 0, hosts: 0, lines: 40, bytes: 1 });
    expect(info()).toMatchObject({ state: 'done', hits: [hit(1)] });
  });

  it('keeps what was found when it is stopped, and hears of nothing more', async () => {
    const { wire, made, info } = await search();
    wire.lastFeed.give(40, scanned({ through: 40, lastSeq: 80, hits: [hit(1)] }));
    made.stop();
    await settle();
    expect([info().state, info().hits.length, wire.lastFeed.closed]).toEqual(['stopped', 1, true]);
  });

  it('says what is wrong with the words', async () => {
    const { wire, info } = await search();
    wire.lastFeed.end('bad-input');
    await settle();
    expect(info()).toMatchObject({ state: 'stopped', error: { code: 'bad-input' } });
  });
});
