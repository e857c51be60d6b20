import { describe, expect, it } from 'vitest';
import { StartRun } from '#contract/run';
import { LoginOutline, type ResolvedTarget } from '#contract/run-preview';
import { parseAddresses } from '#core/target/parse-addresses';
import { type Draft, draftProblem, emptyDraft, optionsOf, startOf } from '../../src-renderer/features/quick/draft.ts';
import { excludeTarget } from '../../src-renderer/features/quick/exclude-target.ts';
import { planChange } from '../../src-renderer/features/quick/plan-change.ts';
import { recentSelections } from '../../src-renderer/features/quick/recent-selections.ts';
import { loginOf, noSecrets, outlineOf } from '../../src-renderer/features/quick/run-secrets.ts';
import { languageOf, readScript } from '../../src-renderer/features/quick/script-file.ts';
import { SecretStore } from '../../src-renderer/features/quick/use-secrets.ts';
import { namesIn, withoutName } from '../../src-renderer/ui/where-of.ts';
import { runOf } from './sample-runs.ts';

const draft = (change: Partial<Draft> = {}): Draft => ({ ...emptyDraft, text: 'uptime', ...change });

const row = (name: string, more: Partial<ResolvedTarget> = {}): ResolvedTarget => ({
  host: 0,
  targetId: `id of ${name}`,
  name,
  address: '10.0.0.1',
  user: 'root',
  maintenance: false,
  lastReach: null,
  byAddress: false,
  ...more,
});

describe('how a draft is rolled out', () => {
  it('is sent as the engine takes it', () => {
    const filled = draft({ concurrency: '8', batches: '1, 10%;100%', pauseS: '30', stopAfter: ' 2 ', tolerate: '5%' });
    expect(StartRun.parse(startOf(filled, [])).options).toEqual({
      timeoutS: 600,
      deadlineS: 0,
      concurrency: 8,
      batches: ['1', '10%', '100%'],
      pauseS: 30,
      stopAfter: '2',
      tolerate: '5%',
    });
  });

  it('says nothing of a pause without batches', () => {
    expect(optionsOf(draft({ pauseS: '30' }))).not.toHaveProperty('pauseS');
  });

  it.each([
    [{ concurrency: '0' }, 'concurrency'],
    [{ concurrency: '1001' }, 'concurrency'],
    [{ batches: 'ten' }, 'batches'],
    [{ batches: '0' }, 'batches'],
    [{ batches: '0%' }, 'batches'],
    [{ batches: '101%' }, 'batches'],
    [{ batches: Array.from({ length: 51 }, () => '1').join(',') }, 'batches'],
    [{ stopAfter: 'never' }, 'stopAfter'],
    [{ tolerate: '' }, 'tolerate'],
    [{ pauseS: '-1' }, 'pauseS'],
    [{ user: 'ada; rm' }, 'user'],
    [{ runAs: '-root' }, 'runAs'],
  ])('is not started when it cannot be read: %j', (change, wrong) => {
    expect(draftProblem(draft(change))).toEqual({ field: wrong });
    expect(StartRun.safeParse(startOf(draft(), [])).success).toBe(true);
  });
});

describe('the secrets of a start', () => {
  const secrets = { ...noSecrets, password: 'canary', becomePassword: 'canary2' };

  it('go with the start, and only their outline before it', () => {
    const accounts = { user: ' ada ', runAs: 'www' };
    expect(StartRun.shape.login.parse(loginOf(accounts, secrets))).toMatchObject({
      user: 'ada',
      password: 'canary',
      become: { user: 'www', password: 'canary2' },
    });
    const outline = LoginOutline.parse(outlineOf(accounts, secrets));
    expect(outline).toMatchObject({ user: 'ada', hasSecrets: true, become: { user: 'www' } });
    expect(JSON.stringify(outline)).not.toContain('canary');
  });

  it('are nothing at all when nothing was said', () => {
    expect(loginOf({ user: ' ', runAs: '' }, noSecrets)).toBeUndefined();
    expect(outlineOf({ user: '', runAs: '' }, noSecrets)).toBeUndefined();
  });

  it('are gone after the start, which is told, and only then', () => {
    const store = new SecretStore();
    store.spend();
    expect(store.current.areSpent).toBe(false);
    store.change({ password: 'canary' });
    store.spend();
    expect(store.current).toEqual({ secrets: noSecrets, areSpent: true });
  });
});

describe('leaving a target out', () => {
  const where = (targets: string, addresses = '') => ({ targets, addresses });

  it.each([
    ['tag:web', 'web1', 'tag:web !web1'],
    ['*', 'db server 1', '* !"db server 1"'],
    ['web1,web2', 'web2', 'web1'],
    ['web1', 'web1', 'web1 !web1'],
    ['web*, ', 'web1', 'web* !web1'],
    ['tag:web !web2', 'web1', 'tag:web !web2 !web1'],
  ])('%j without %j is %j', (targets, name, result) => {
    expect(excludeTarget(where(targets), row(name))).toEqual(where(result));
  });

  it('takes an address out of the list as it was pasted, and no other', () => {
    const list = 'ada@10.0.0.1:22, 10.0.0.10; 10.0.0.1\n10.0.0.2';
    const named = row('10.0.0.1', { targetId: null, byAddress: true });
    const rest = excludeTarget(where('', list), named);
    expect(parseAddresses(rest?.addresses ?? '').map(({ user, address }) => [user, address])).toEqual([
      ['ada', '10.0.0.1'],
      [null, '10.0.0.10'],
      [null, '10.0.0.2'],
    ]);
  });

  it('is for a person where the address stands in a range', () => {
    expect(excludeTarget(where('', '10.0.0.[1-9]'), row('10.0.0.3', { targetId: null, byAddress: true }))).toBeNull();
  });

  it('knows names in quotes', () => {
    expect(namesIn('web1,"db server 1"')).toEqual(['web1', 'db server 1']);
    expect(namesIn('tag:web')).toEqual([]);
    expect(withoutName('web1,"db server 1"', 'db server 1')).toBe('web1');
    expect(withoutName('tag:web', 'web')).toBe('tag:web');
  });
});

describe('what has changed since a card was shown', () => {
  it('names targets that are gone, new, or reached in another way', () => {
    const before = { total: 3, rows: [row('a'), row('b'), row('c')] };
    const after = { total: 3, rows: [row('a'), row('c', { user: 'ada' }), row('d')] };
    expect(planChange(before, after)).toEqual({ before: 3, after: 3, added: ['d'], gone: ['b'], altered: ['c'] });
  });

  it('counts alone where the rows are only a part', () => {
    const part = { total: 5_000, rows: [row('a')] };
    expect(planChange(part, { total: 4_999, rows: [row('b')] })).toMatchObject({ added: [], gone: [], after: 4_999 });
  });
});

describe('recent selections', () => {
  it('stand once each, the newest first, without the present one', () => {
    const runs = ['tag:web', 'local', 'tag:web', 'db1'].map((selector) => runOf({ selector }));
    expect(recentSelections(runs, ' local ').map(({ selector }) => selector)).toEqual(['tag:web', 'db1']);
  });
});

describe('a file as the script', () => {
  it.each([
    ['a.py', '', 'python'],
    ['A.PS1', '', 'powershell'],
    ['x.cmd', '', 'bat'],
    ['deploy', '#!/bin/bash -eu\n', 'shell'],
    ['deploy', '#!/usr/bin/env python3\n', 'python'],
    ['deploy.txt', '#!/usr/bin/perl -w\n', 'perl'],
    ['notes.txt', 'hello', 'bat'],
    ['a.py', '#!/bin/sh\n', 'python'],
  ] as const)('%s with %j is %s', (name, text, language) => {
    expect(languageOf(name, text, 'bat')).toBe(language);
  });

  it('is refused when it is too large or no text', async () => {
    expect(await readScript(new File(['echo hi\n'], 'a.sh'), 'bat')).toEqual({
      name: 'a.sh',
      language: 'shell',
      text: 'echo hi\n',
    });
    expect(await readScript(new File(['x'.repeat(5 * 1024 * 1024 + 1)], 'a.sh'), 'bat')).toBe('too-large');
    expect(await readScript(new File([new Uint8Array([0xff, 0xfe, 0])], 'a.sh'), 'bat')).toBe('not-text');
    expect(await readScript(new File(['a\0b'], 'a.sh'), 'bat')).toBe('not-text');
  });
});
