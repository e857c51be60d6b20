import { describe, expect, it } from 'vitest';
import type { InputOf } from '#contract';
import { runPreviewContract } from '#contract/run-preview';
import { RunLogin } from '#contract/run';
import type { Target } from '#contract/target';
import { createPreviewHandlers } from '#api/handlers/run-preview';
import { renderParameters } from '#core/parameter/render-parameters';
import { gatherHosts } from '#core/run/gather-hosts';
import type { TargetService } from '#core/target/target-service';
import { taskTypes } from '#task-types';
import { anna, EngineRig, plainAccount, refusalOf, requestFor } from '../../support/fakes/engine-rig.ts';
import { nodeDigest } from '../../support/fakes/node-digest.ts';

const script = taskTypes.get('script');

/** Handlers over targets t0, t1, …, which may be changed, and over the runs of a rig. */
function bench(count: number) {
  const rig = new EngineRig({ targets: count });
  const all = (): readonly Target[] => rig.targets;
  const handlers = createPreviewHandlers({
    archive: rig.archive,
    hosts: gatherHosts({ targets: all, credentials: () => [], account: plainAccount }),
    targetService: { all } satisfies Pick<TargetService, 'all'>,
    digest: nodeDigest,
    prepare: (task, hosts) => {
      if (!script) {
        throw new Error('no task type');
      }
      return script.prepare(task, hosts, renderParameters);
    },
  });
  return {
    rig,
    preview: async (some: Partial<InputOf<'run.preview'>>) =>
      handlers['run.preview'](
        runPreviewContract['run.preview'].input.parse({ task: requestFor(1).task, targets: '*', card: true, ...some }),
        anna,
      ),
    resolve: (some: Partial<InputOf<'run.resolve'>>) =>
      handlers['run.resolve'](runPreviewContract['run.resolve'].input.parse({ targets: '*', ...some }), anna),
  };
}

describe('the card of a start', () => {
  it('binds what a start then freezes: a start that expects it is taken', async () => {
    const { rig, preview } = bench(3);
    const { card } = await preview({ targets: 't0,t2' });
    if (!card) {
      throw new Error('no card');
    }
    const { planSha256, textSha256 } = card;
    const { id } = rig.runs.start({ ...requestFor('t0,t2'), expect: { planSha256, textSha256 } }, anna);
    expect(rig.archive.getDetail(id)).toMatchObject({ planSha256, textSha256 });
  });

  it.each([
    ['a target more', (target: Target, n: number) => (n === 2 ? { ...target, tags: ['web'] } : target)],
    ['another account', (target: Target) => ({ ...target, user: 'ada' })],
    ['another address', (target: Target) => ({ ...target, address: '10.9.9.9' })],
  ])('refuses a start after %s', async (_what, change) => {
    const { rig, preview } = bench(3);
    rig.targets = rig.targets.map((target, n) => ({ ...target, tags: n < 2 ? ['web'] : [] }));
    const { card } = await preview({ targets: 'tag:web' });
    rig.targets = rig.targets.map(change);
    const expect_ = { planSha256: card?.planSha256 ?? '', textSha256: card?.textSha256 ?? '' };
    const refusal = refusalOf(() => rig.runs.start({ ...requestFor('tag:web'), expect: expect_ }, anna));
    expect(refusal).toMatchObject({ code: 'changed-meanwhile', detail: { targets: true, text: false } });
    expect(rig.archive.countAll()).toBe(0);
  });

  it('is the same after what changes nothing about where the text runs', async () => {
    const { rig, preview } = bench(2);
    const before = await preview({});
    const lastReach = { at: 1, ok: false, reason: 'unreachable', message: '' };
    rig.targets = rig.targets.map((target) => ({ ...target, lastReach, tags: ['new'], rev: 9 }));
    const after = await preview({});
    expect(after.card?.planSha256).toBe(before.card?.planSha256);
    expect([before.targets.unreachable, after.targets.unreachable]).toEqual([0, 2]);
  });

  it('knows a login that will be given by its outline, without the secrets', async () => {
    const { rig, preview } = bench(2);
    const outline = { user: 'ada', hasSecrets: true, become: { user: 'www' } };
    const { card } = await preview({ targets: 't0', login: outline });
    expect(card?.logins).toEqual([{ user: 'ada', by: 'given', credential: null, count: 1 }]);
    expect(card?.runAs).toEqual([{ user: 'www', count: 1 }]);
    const login = RunLogin.parse({ user: 'ada', password: 'canary', become: { user: 'www' } });
    const expected = { planSha256: card?.planSha256 ?? '', textSha256: card?.textSha256 ?? '' };
    expect(() => rig.runs.start({ ...requestFor('t0'), login, expect: expected }, anna)).not.toThrow();
  });

  it('tells how long runs of the same text took, and of no other', async () => {
    const { rig, preview } = bench(2);
    expect((await preview({})).card?.earlier).toBeNull();
    const { id } = rig.runs.start(requestFor('t0'), anna);
    const { durationMs } = await rig.end(id);
    expect((await preview({})).card?.earlier).toEqual({ runs: 1, durationMs });
    expect((await preview({ task: { ...requestFor(1).task, text: 'other\n' } })).card?.earlier).toBeNull();
  });

  it('is not made unless it is asked for, nor for what cannot start', async () => {
    const { preview } = bench(2);
    expect((await preview({ card: false })).card).toBeNull();
    expect(await preview({ targets: 't9' })).toMatchObject({ card: null, refusal: { code: 'unknown-target' } });
    const missing = { ...requestFor(1).task, text: 'echo {{ who }}' };
    expect(await preview({ task: missing })).toMatchObject({ card: null, refusal: { code: 'bad-parameter' } });
    const empty = { ...requestFor(1).task, text: '' };
    expect(await preview({ task: empty })).toMatchObject({ card: null, refusal: { code: 'script-empty' } });
  });

  it('is made of 10 000 targets in no more than the time of ten digests of their list, and in few bytes', async () => {
    const { rig, preview } = bench(10_000);
    const hosts = rig.targets.map((target, host) => ({ host, ...target, reach: null }));
    const answer = await preview({});
    expect(answer.targets.total).toBe(10_000);
    expect(JSON.stringify(answer).length).toBeLessThan(4_000);
    const times = { digest: Number.POSITIVE_INFINITY, preview: Number.POSITIVE_INFINITY };
    for (let n = 0; n < 7; n += 1) {
      const begun = performance.now();
      nodeDigest.of(JSON.stringify(hosts));
      const between = performance.now();
      await preview({});
      times.digest = Math.min(times.digest, between - begun);
      times.preview = Math.min(times.preview, performance.now() - between);
    }
    expect(times.preview / times.digest).toBeLessThan(10);
  });
});

describe('the addresses of a start', () => {
  it('are told one by one where they cannot be read, with their lines', async () => {
    const { preview } = bench(1);
    const { addresses, refusal } = await preview({ targets: '', addresses: '10.0.0.1\n10.0.0.999\nweb1:0, ok1\n@' });
    expect(addresses.problems.map(({ line }) => line)).toEqual([2, 3, 4]);
    expect(addresses.more).toBe(false);
    expect(refusal?.code).toBe('bad-input');
  });

  it('are not read to the end when too much is wrong', async () => {
    const { preview } = bench(1);
    const { addresses } = await preview({
      addresses: Array.from({ length: 5_000 }, (_, n) => `10.0.0.${n}x:0`).join('\n'),
    });
    expect(addresses.problems).toHaveLength(20);
    expect(addresses.more).toBe(true);
  });

  it('may be 5 000 at once', async () => {
    const { preview } = bench(1);
    const list = Array.from({ length: 5_000 }, (_, n) => `10.1.${Math.floor(n / 250)}.${n % 250}`).join('\n');
    const answer = await preview({ targets: '', addresses: list });
    expect(answer.targets.total).toBe(5_000);
    expect(answer.refusal).toBeNull();
  });
});

describe('the list of resolved targets', () => {
  it('comes in pages, in the order of the plan', async () => {
    const { resolve } = bench(5);
    const first = await resolve({ limit: 2 });
    expect(first.targets.map(({ name }) => name)).toEqual(['t0', 't1']);
    expect(first).toMatchObject({ next: 1, total: 5 });
    expect((await resolve({ limit: 2, after: 3 })).next).toBeNull();
  });

  it('shows those that were not reached last, and finds by a part of name or address', async () => {
    const { rig, resolve } = bench(5);
    const lastReach = { at: 7, ok: false, reason: 'auth-failed', message: 'no' };
    rig.targets = rig.targets.map((target, n) => (n === 3 ? { ...target, lastReach } : target));
    const failed = await resolve({ only: 'unreachable' });
    expect(failed).toMatchObject({ total: 1, unreachable: 1, targets: [{ name: 't3', lastReach }] });
    expect((await resolve({ text: '0.0.4' })).targets.map(({ name }) => name)).toEqual(['t4']);
    expect((await resolve({ text: 'T2' })).targets.map(({ name }) => name)).toEqual(['t2']);
    expect((await resolve({ only: 'maintenance' })).total).toBe(0);
  });

  it('tells which targets stand there because of the addresses', async () => {
    const { resolve } = bench(3);
    const { targets } = await resolve({ targets: 't0', addresses: '10.0.0.1, 10.9.9.9' });
    expect(targets.map(({ name, byAddress }) => [name, byAddress])).toEqual([
      ['t0', false],
      ['t1', true],
      ['10.9.9.9', true],
    ]);
  });

  it('is refused as a start would be', () => {
    const { resolve } = bench(1);
    expect(refusalOf(() => resolve({ targets: 'nobody' })).code).toBe('unknown-target');
  });
});
