import { describe, expect, it } from 'vitest';
import { type Target, TargetFields } from '#contract/target';
import {
  changeOf,
  circlesThrough,
  draftOfTarget,
  draftProblems,
  draftValueText,
  emptyHop,
  emptyTargetDraft,
  fieldsOfDraft,
  mergeTheirs,
  movesSecret,
  type TargetDraft,
} from '../../src-renderer/features/targets/target-draft.ts';

const base: Target = {
  ...TargetFields.parse({
    name: 'web1',
    address: '10.0.0.1',
    user: 'ada',
    credentialId: 'c1',
    jump: [{ address: 'bastion', user: 'hop' }],
    become: { user: 'root' },
    tags: ['web', 'eu'],
    attributes: { site: 'berlin=mitte', note: 'two\nlines' },
  }),
  id: 'id-1',
  no: 1,
  facts: {},
  lastReach: null,
  createdAt: 1,
  updatedAt: 1,
  rev: 3,
};
const form = draftOfTarget(base);
const edited = (change: Partial<TargetDraft>): TargetDraft => ({ ...form, ...change });

describe('the form of a target', () => {
  it('says what the target says, and nothing is lost on the way there and back', () => {
    const { id, no, facts, lastReach, createdAt, updatedAt, rev, ...fields } = base;
    expect([id, no, facts, lastReach, createdAt, updatedAt, rev]).toHaveLength(7);
    expect(fieldsOfDraft(form, base)).toEqual(fields);
    expect(changeOf(form, base, false)).toEqual({});
  });

  it('reads what people type', () => {
    const typed = {
      ...emptyTargetDraft,
      name: ' db1 ',
      address: '[fd00::1]',
      port: '',
      tags: 'a, b，a\nc',
      attributes: 'site=x\n\nrack = 7',
    };
    expect(fieldsOfDraft(typed, null)).toMatchObject({
      name: 'db1',
      address: 'fd00::1',
      port: 22,
      user: null,
      credentialId: null,
      become: null,
      tags: ['a', 'b', 'c'],
      attributes: { site: 'x', rack: ' 7' },
    });
  });

  it.each<[Partial<TargetDraft>, string[]]>([
    [{ name: '<b>x</b>' }, ['name']],
    [{ name: 'أهلا' }, ['name']],
    [{ name: '🐑' }, ['name']],
    [{ name: 'x'.repeat(10_000) }, ['name']],
    [{ address: 'ada@web1' }, ['address']],
    [{ address: '' }, ['address']],
    [{ port: '0' }, ['port']],
    [{ port: '22a' }, ['port']],
    [{ user: '-oProxyCommand=x' }, ['user']],
    [{ become: 'r t' }, ['become']],
    [{ jump: [emptyHop] }, ['jump']],
    [{ jump: Array.from({ length: 9 }, (_, n) => ({ ...emptyHop, address: `h${n}` })) }, ['jump']],
    [{ tags: 'a;b' }, ['tags']],
    [{ attributes: 'no equals sign' }, ['attributes']],
    [{ attributes: `x=${'y'.repeat(1_001)}` }, ['attributes']],
    [{}, []],
  ])('names the fields that the engine would refuse: %o', (change, wrong) => {
    expect(Object.keys(draftProblems(edited(change)))).toEqual(wrong);
  });

  it('finds a way that is a circle', () => {
    const hop = (address: string, port = '22') => ({ ...emptyHop, address, port });
    expect(circlesThrough(form)).toBeNull();
    expect(circlesThrough(edited({ jump: [hop('A'), hop('b'), hop('a')] }))).toBe('a:22');
    expect(circlesThrough(edited({ jump: [hop('10.0.0.1')] }))).toBe('10.0.0.1:22');
    expect(circlesThrough(edited({ jump: [hop('10.0.0.1', '2222'), hop(''), hop('')] }))).toBeNull();
  });
});

describe('a change of a target', () => {
  it('sends what was changed and nothing else', () => {
    expect(changeOf(edited({ tags: 'web', port: '2222' }), base, false)).toEqual({ tags: ['web'], port: 2222 });
    expect(changeOf(edited({ attributes: '' }), base, false)).toEqual({ attributes: { note: 'two\nlines' } });
  });

  it('warns before a stored secret is let go of, and keeps it when told', () => {
    for (const change of [{ address: '10.0.0.2' }, { port: '23' }, { jump: [] }]) {
      expect(movesSecret(edited(change), base)).toBe(true);
    }
    expect(movesSecret(edited({ name: 'other' }), base)).toBe(false);
    expect(movesSecret(edited({ address: '10.0.0.2', credentialId: 'c2' }), base)).toBe(false);
    expect(movesSecret(edited({ address: '10.0.0.2' }), { ...base, credentialId: null })).toBe(false);
    expect(changeOf(edited({ port: '23' }), base, true)).toEqual({ port: 23, credentialId: 'c1' });
  });
});

describe('two people who change one target', () => {
  const theirs: Target = { ...base, rev: 4, port: 2222, tags: ['web'], user: 'bob' };

  it('lose nothing: what the other has changed joins, what was typed here stays', () => {
    const { draft, taken, both } = mergeTheirs(edited({ user: 'eve', name: 'web2' }), base, theirs);
    expect(taken).toEqual(['port', 'tags']);
    expect(both).toEqual(['user']);
    expect(draft).toMatchObject({ name: 'web2', user: 'eve', port: '2222', tags: 'web' });
    expect(changeOf(draft, theirs, false)).toEqual({ name: 'web2', user: 'eve' });
  });

  it('do not differ where both have typed the same', () => {
    expect(mergeTheirs(edited({ user: 'bob' }), base, theirs).both).toEqual([]);
  });

  it('see the values in words', () => {
    expect([draftValueText(form.jump), draftValueText(form.port), draftValueText(true)]).toEqual([
      'hop@bastion:22',
      '22',
      'true',
    ]);
  });
});
