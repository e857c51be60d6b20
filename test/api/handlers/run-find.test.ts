import { describe, expect, it } from 'vitest';
import type { FindFrame, FindQuery } from '#contract/run-find';
import { runFind } from '#api/handlers/run-find';
import { anna } from '../../support/fakes/engine-rig.ts';
import { settled } from '../../support/fakes/fake-clock.ts';
import { FeedBench, Follower } from '../../support/fakes/feed-bench.ts';

const usual = { caseSensitive: false, regex: false, limit: 100, after: 0 };

const follow = (bench: FeedBench, run: string, query: Partial<FindQuery> & { text: string }): Follower<FindFrame> =>
  new Follower((signal) => runFind(bench.services, { ...usual, run, ...query }, { actor: anna, signal }));

const framesOf = (follower: Follower<FindFrame>) =>
  follower.items.flatMap(({ item }) => (item.kind === 'scanned' ? [item] : []));
const hitsOf = (follower: Follower<FindFrame>) => framesOf(follower).flatMap(({ hits }) => hits.map(({ seq }) => seq));

describe('the search of a run', () => {
  it('searches what is stored, then what comes, and ends with the sums', async () => {
    const bench = new FeedBench();
    const id = bench.working();
    bench.append(id, 12);
    const search = follow(bench, id, { text: 'out 1' });
    await settled();
    expect(hitsOf(search)).toEqual([1, 10, 11, 12]);
    expect(search.items.at(-1)).toMatchObject({ seq: 12, item: { caughtUp: true, through: 12, lastSeq: 12 } });
    bench.append(id, 1, [1, 'out']);
    await bench.clock.until(() => hitsOf(search).length === 5);
    expect(hitsOf(search)).toEqual([1, 10, 11, 12, 13]);
    bench.finish(id);
    await bench.clock.until(() => search.ended);
    expect(search.items.at(-1)).toEqual({
      seq: 13,
      item: { kind: 'done', after: 0, hits: 5, hosts: 2, lines: 13, bytes: expect.any(Number) },
    });
  });

  it('says at once that there is nothing yet', async () => {
    const bench = new FeedBench();
    const search = follow(bench, bench.working(), { text: 'x' });
    await settled();
    expect(search.items).toMatchObject([{ seq: 0, item: { kind: 'scanned', caughtUp: true, hits: [] } }]);
    search.stop();
  });

  it('goes on after the last frame somebody has seen, without a gap or a double', async () => {
    const bench = new FeedBench();
    const id = bench.working();
    bench.append(id, 30);
    bench.finish(id);
    const search = follow(bench, id, { text: '0 out 2', after: 20 });
    await settled();
    expect([hitsOf(search), search.ended]).toEqual([[20 + 1, 22, 23, 24, 25, 26, 27, 28, 29], true]);
  });

  it('looks at one target and one stream alone', async () => {
    const bench = new FeedBench();
    const id = bench.working();
    bench.append(id, 2, [0, 'out']);
    bench.append(id, 2, [1, 'err']);
    bench.append(id, 2, [1, 'out']);
    bench.finish(id);
    const search = follow(bench, id, { text: '1', host: 1, stream: 'out' });
    await settled();
    expect(hitsOf(search)).toEqual([5, 6]);
  });

  it('stops where it is when nobody follows any more', async () => {
    const bench = new FeedBench();
    const id = bench.working();
    for (let page = 0; page < 5; page += 1) {
      bench.append(id, 1);
    }
    let reads = 0;
    const read = bench.archive.getRaw;
    bench.archive.getRaw = (run, range) => {
      reads += 1;
      return read(run, range).slice(0, 1);
    };
    const search = follow(bench, id, { text: 'nothing' });
    search.stop();
    await settled();
    expect([search.ended, reads]).toEqual([true, 1]);
  });

  it('refuses an expression that is none', async () => {
    const bench = new FeedBench();
    const search = follow(bench, bench.working(), { text: '(', regex: true });
    await settled();
    expect(search.error).toMatchObject({ code: 'bad-input' });
  });
});
