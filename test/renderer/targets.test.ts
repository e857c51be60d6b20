import { beforeAll, describe, expect, it } from 'vitest';
import { DroverClient } from '#contract/client';
import { type Target, TargetFields } from '#contract/target';
import { addTexts, startI18n } from '../../src-renderer/app/i18n.ts';
import { en } from '../../src-renderer/app/messages/en.ts';
import { callAsCurl, commandLine, copyTextOf } from '../../src-renderer/features/targets/copy-targets.ts';
import {
  countKinds,
  emptyImport,
  type ImportDraft,
  importOf,
  importProblems,
} from '../../src-renderer/features/targets/import-draft.ts';
import { readTargetSearch } from '../../src-renderer/features/targets/target-query.ts';
import { TargetListing } from '../../src-renderer/features/targets/target-listing.ts';
import { queryOfNames, selectorOf } from '../../src-renderer/features/targets/target-selector.ts';
import { addressText, jumpText, reachRank, reachText } from '../../src-renderer/features/targets/target-words.ts';
import { countReasons, TestRound } from '../../src-renderer/features/targets/test-round.ts';
import { FakeWire, Refused, settle } from './fake-wire.ts';

beforeAll(() => {
  startI18n();
  addTexts(en);
});

const targetOf = (change: Partial<Target> = {}): Target => ({
  ...TargetFields.parse({ name: 'web1', address: '10.0.0.1' }),
  id: 'id-1',
  no: 1,
  facts: {},
  lastReach: null,
  createdAt: 1,
  updatedAt: 1,
  rev: 1,
  ...change,
});

describe('the search in the address', () => {
  it('is taken as somebody typed it, and an empty one is none', () => {
    expect(readTargetSearch({ q: 'tag:web !x' })).toEqual({ q: 'tag:web !x' });
    expect(readTargetSearch({ q: 10 })).toEqual({ q: '10' });
    expect([{ q: ' ' }, { q: ['a'] }, {}].map(readTargetSearch)).toEqual([{}, {}, {}]);
  });
});

describe('targets in words', () => {
  it('write an IPv6 address so that its port can be told from it', () => {
    expect(addressText({ address: '10.0.0.1', port: 22 })).toBe('10.0.0.1:22');
    expect(addressText({ address: 'fd00::1', port: 2222 })).toBe('[fd00::1]:2222');
    expect(
      jumpText([
        { address: 'a', port: 22, user: 'ada', credentialId: null },
        { address: 'b', port: 23, user: null, credentialId: null },
      ]),
    ).toBe('ada@a:22 → b:23');
  });

  it('say why a target was not reached, also for a reason of a newer engine', () => {
    const reach = (reason: string | null) => reachText({ at: 1, ok: false, reason, message: '' });
    expect(reachText(null)).toBe('never contacted');
    expect(reachText({ at: 1, ok: true, reason: null, message: '' })).toBe('reached');
    expect(['auth-failed', 'brand-new', null].map(reach)).toEqual(['refused the login', 'brand-new', 'not reached']);
  });

  it('put trouble first', () => {
    const failed = targetOf({ lastReach: { at: 1, ok: false, reason: null, message: '' } });
    const fine = targetOf({ lastReach: { at: 1, ok: true, reason: null, message: '' } });
    const ranks = [targetOf({ connection: 'local' }), fine, targetOf(), failed].map(reachRank);
    expect(ranks.toSorted((a, b) => a - b)).toEqual(ranks.toReversed());
  });
});

describe('names as a selector', () => {
  it('quotes what the grammar would read as something else, and refuses what is too long', () => {
    expect(selectorOf([targetOf(), targetOf({ name: 'db 1' }), targetOf({ name: '10.0.0.1' })])).toBe(
      'web1,"db 1","10.0.0.1"',
    );
    expect(selectorOf(Array.from({ length: 1_000 }, () => targetOf({ name: 'x'.repeat(128) })))).toBeNull();
    expect(queryOfNames(['web1', 'db 1'])).toBe('name:web1,"db 1"');
    expect([queryOfNames([]), queryOfNames(Array.from({ length: 5_000 }, () => 'name'))]).toEqual([null, null]);
  });
});

describe('a copied list', () => {
  const targets = [targetOf({ user: 'ada', tags: ['web', 'eu'] }), targetOf({ name: 'local', connection: 'local' })];

  it('has the form that was asked for', () => {
    const copied = (['names', 'addresses', 'logins', 'selector'] as const).map((form) =>
      copyTextOf(form, targets, 's'),
    );
    expect(copied).toEqual(['web1\nlocal', '10.0.0.1\nlocal', 'ada@10.0.0.1:22\nlocal', 's']);
  });

  it('is CSV that no spreadsheet takes for a formula', () => {
    const hostile = targetOf({ name: '=1+1', tags: ['a,b'], user: 'x"y' });
    const [, line] = copyTextOf('csv', [hostile], '').split('\n');
    expect(line).toBe(`'=1+1,10.0.0.1,22,Agentless,linux,"x""y",,,"a,b",no,never contacted,`);
  });

  it('can be asked for on the command line and by curl, whatever stands in it', () => {
    expect(commandLine('/data', ['targets', 'ls', "tag:web 'x"])).toBe(
      String.raw`drover targets ls 'tag:web '\''x' --data /data`,
    );
    expect(callAsCurl('/my data', 'target.list', { query: 'web' })).toBe(
      `curl --unix-socket '/my data/control.sock' -H 'content-type: application/json' -d '{"query":"web"}' http://localhost/api/target.list`,
    );
  });
});

describe('the list of targets', () => {
  const engine = (count: number) => {
    const wire = new FakeWire();
    const all = Array.from({ length: count }, (_, n) => targetOf({ id: `id-${n + 1}`, no: n + 1, name: `t${n + 1}` }));
    wire.answers['target.list'] = ({ after, limit, query }: { after: number; limit: number; query: string }) => {
      if (query === 'bad:') {
        return new Refused('bad-selector');
      }
      const rest = all.filter(({ no }) => no > after);
      const targets = rest.slice(0, limit);
      return { targets, total: count, next: rest.length > limit ? targets.at(-1)?.no : null };
    };
    return { wire, listing: new TargetListing(new DroverClient(wire)) };
  };

  it('shows the first page at once and the rest when all of it has come', async () => {
    const { listing } = engine(6_000);
    const lengths: number[] = [];
    listing.subscribe(() => lengths.push(listing.state.rows.length));
    listing.ask('');
    await settle();
    expect([...new Set(lengths)]).toEqual([500, 6_000]);
    expect(listing.state).toMatchObject({ total: 6_000, phase: 'ready', error: null });
  });

  it('keeps its rows while a search cannot be read, and says why', async () => {
    const { listing } = engine(3);
    listing.ask('');
    await settle();
    listing.ask('bad:');
    await settle();
    expect(listing.state).toMatchObject({ phase: 'ready', error: { code: 'bad-selector' } });
    expect(listing.state.rows).toHaveLength(3);
    listing.ask('t');
    await settle();
    expect(listing.state).toMatchObject({ query: 't', error: null });
  });

  it('shows the answer to the last question only', async () => {
    const { wire, listing } = engine(3);
    listing.ask('one');
    listing.ask('two');
    await settle();
    expect(listing.state.query).toBe('two');
    listing.ask('three');
    listing.stop();
    await settle();
    expect(listing.state.query).toBe('two');
    expect(wire.sent.length).toBe(3);
  });
});

describe('a test of many targets', () => {
  const ids = Array.from({ length: 40 }, (_, n) => `id-${n}`);
  const answer = ({ ids: asked }: { ids: string[] }) => ({
    tests: asked.map((id) => ({ id, name: id, address: '', ok: true, reason: null, message: '', durationMs: 1 })),
  });

  it('asks in lots that the engine takes, and tells each of them', async () => {
    const wire = new FakeWire();
    wire.answers['target.test'] = answer;
    const round = new TestRound(new DroverClient(wire), ids);
    const told: number[] = [];
    round.subscribe(() => told.push(round.state.tests.length));
    await round.run();
    expect(wire.sent.map(({ input }) => (input as { ids: string[] }).ids.length)).toEqual([16, 16, 8]);
    expect(told).toEqual([16, 32, 40, 40]);
    expect(round.state).toMatchObject({ phase: 'done', total: 40 });
  });

  it('begins nothing more after a cancel, and still tells what was under way', async () => {
    const wire = new FakeWire();
    wire.answers['target.test'] = answer;
    const round = new TestRound(new DroverClient(wire), ids);
    const done = round.run();
    round.cancel();
    await done;
    expect(round.state).toMatchObject({ phase: 'cancelled', error: null });
    expect(round.state.tests).toHaveLength(32);
  });

  it('ends with the refusal of the engine', async () => {
    const wire = new FakeWire();
    wire.answers['target.test'] = () => new Refused('access-denied');
    const round = new TestRound(new DroverClient(wire), ids);
    await round.run();
    expect(round.state).toMatchObject({ phase: 'cancelled', tests: [], error: { code: 'access-denied' } });
  });

  it('counts reasons, the most frequent first', () => {
    const test = (reason: string | null) => ({ ...answer({ ids: ['a'] }).tests[0], ok: reason === null, reason });
    const tests = ['auth-failed', null, null].map(test) as Parameters<typeof countReasons>[0];
    expect(countReasons(tests)).toEqual([
      { reason: null, count: 2 },
      { reason: 'auth-failed', count: 1 },
    ]);
  });
});

describe('the form of an import', () => {
  const draft = (change: Partial<ImportDraft>): ImportDraft => ({ ...emptyImport, text: 'web1', ...change });

  it('sends only the defaults that were given', () => {
    expect(importOf(draft({}), false)).toEqual({ text: 'web1', format: 'auto', defaults: {}, apply: false });
    const given = draft({
      user: ' ada ',
      port: '2222',
      tags: 'a, b a',
      become: 'root',
      jump: 'ada@bastion:2222,[fd00::1]',
    });
    expect(importOf(given, true).defaults).toEqual({
      user: 'ada',
      port: 2222,
      tags: ['a', 'b'],
      become: { user: 'root' },
      jump: [
        { address: 'bastion', port: 2222, user: 'ada', credentialId: null },
        { address: 'fd00::1', port: 22, user: null, credentialId: null },
      ],
    });
    expect(importProblems(given)).toEqual([]);
  });

  it('names the defaults that cannot be', () => {
    const wrong = draft({ user: '-x', port: '99999', tags: 'a;b', become: 'r t', jump: 'a:b:c' });
    expect(importProblems(wrong)).toEqual(['user', 'port', 'become', 'tags', 'jump']);
  });

  it('counts rows by kind', () => {
    const row = { line: 1, name: '', address: '', user: null, become: null, message: '' };
    expect(
      countKinds([
        { ...row, kind: 'new' },
        { ...row, kind: 'invalid' },
        { ...row, kind: 'new' },
      ]),
    ).toEqual({
      new: 2,
      changed: 0,
      same: 0,
      invalid: 1,
    });
  });
});
