import i18next from 'i18next';
import { describe, expect, it } from 'vitest';
import type { Setting } from '#contract/settings';
import { addTexts, startI18n } from '../../src-renderer/app/i18n.ts';
import { en } from '../../src-renderer/app/messages/en.ts';
import { browserOf } from '../../src-renderer/features/settings/browser-of.ts';
import { changeOf, creationOf, fieldsOf, isComplete } from '../../src-renderer/features/settings/credential-fields.ts';
import { findPlaces, placesOf, sections } from '../../src-renderer/features/settings/sections.ts';
import { changesOf, fieldState } from '../../src-renderer/features/settings/setting-drafts.ts';

startI18n();
addTexts(en);

const runsAtOnce: Setting = {
  name: 'limits.runsAtOnce',
  unit: 'count',
  value: 200,
  default: 200,
  min: 1,
  max: 10_000,
  effect: 'at-once',
  source: { from: 'default' },
  rev: 3,
};

describe('the search of the settings', () => {
  const titlesOf = (typed: string) => findPlaces(placesOf(i18next.t), typed).map(({ title }) => title);

  it('finds a field by its name, its hint and the name of the command line', () => {
    expect(titlesOf('runs at once')).toContain('Runs at once');
    expect(titlesOf('jump host')).toEqual(['Logins at once']);
    expect(titlesOf('LIMITS.killAfterS')).toEqual(['Kill after']);
  });

  it('finds sections, and nothing for what is nowhere', () => {
    expect(titlesOf('host keys')).toContain('Host keys');
    expect(titlesOf('x'.repeat(10_000))).toEqual([]);
    expect(new Set(placesOf(i18next.t).map(({ section }) => section))).toEqual(new Set(sections));
  });
});

describe('a field of the settings', () => {
  it('shows the value until somebody types, and is unsaved only when the value differs', () => {
    expect(fieldState(runsAtOnce, {})).toMatchObject({ text: '200', isChanged: false });
    expect(fieldState(runsAtOnce, { 'limits.runsAtOnce': { text: ' 200 ', rev: 3 } }).isChanged).toBe(false);
    expect(fieldState(runsAtOnce, { 'limits.runsAtOnce': { text: '50', rev: 3 } })).toMatchObject({
      isChanged: true,
      isStale: false,
    });
  });

  it('is wrong rather than saved when the text is no value', () => {
    const drafts = { 'limits.runsAtOnce': { text: '<b>9</b>', rev: 3 } };
    expect(fieldState(runsAtOnce, drafts).isWrong).toBe(true);
    expect(changesOf([runsAtOnce], drafts)).toEqual([]);
  });

  it('tells that somebody else changed it, and is then saved over what was shown', () => {
    const drafts = { 'limits.runsAtOnce': { text: '50', rev: 2 } };
    expect(fieldState(runsAtOnce, drafts).isStale).toBe(true);
    expect(changesOf([runsAtOnce], drafts)).toEqual([{ name: 'limits.runsAtOnce', value: 50, rev: 3 }]);
  });
});

describe('the form of a credential', () => {
  const fields = { ...fieldsOf(null), name: ' deploy ', privateKey: 'KEY\n\n', user: ' ' };

  it('sends what was typed and nothing else', () => {
    expect(creationOf(fields)).toEqual({
      name: 'deploy',
      user: null,
      become: null,
      kind: 'key',
      secret: { privateKey: 'KEY\n' },
    });
    expect(changeOf({ ...fields, privateKey: '' })).toEqual({ name: 'deploy', user: null, become: null });
  });

  it('needs a name, and a new one its secret', () => {
    expect(isComplete(fields, true)).toBe(true);
    expect(isComplete({ ...fields, privateKey: '  ' }, true)).toBe(false);
    expect(isComplete({ ...fields, privateKey: '' }, false)).toBe(true);
    expect(isComplete({ ...fields, name: '' }, false)).toBe(false);
  });
});

describe('the name of a browser', () => {
  it.each([
    [
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/156.0 Safari/537.36',
      'Chromium 156 on Linux',
    ],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox 140 on Linux'],
    ['Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/150.0 Safari/537.36 Edg/150.0', 'Edge 150 on Windows'],
    ['curl/8.5.0', 'curl'],
    ['', '–'],
  ])('%s', (agent, name) => {
    expect(browserOf(agent)).toBe(name);
  });
});
