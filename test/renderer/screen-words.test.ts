import i18next from 'i18next';
import { beforeAll, describe, expect, it } from 'vitest';
import { DroverError, errorCodes } from '#contract/errors';
import { HostReason, RunPhase, runSources, scriptTypes, HostStatus } from '#contract/run';
import { addTexts, startI18n } from '../../src-renderer/app/i18n.ts';
import { en } from '../../src-renderer/app/messages/en.ts';
import { exchangeToken } from '../../src-renderer/features/enter/exchange-token.ts';
import { chordOf, isPlainChord, KeySequence, type KeyPress } from '../../src-renderer/ui/key-sequence.ts';
import { errorWords } from '../../src-renderer/ui/error-text.ts';
import { durationText, relativeTime, sizeText, timeBeside } from '../../src-renderer/ui/time-text.ts';
import { filesBelow, textOf } from '../hygiene/source-tree.ts';
import { sampleNow } from './sample-runs.ts';

beforeAll(() => {
  startI18n();
  addTexts(en);
});

describe('the catalogue', () => {
  it('has words for everything the contract can say', () => {
    expect(Object.keys(en.errors).toSorted()).toEqual([...errorCodes].toSorted());
    expect(Object.keys(en.phase).toSorted()).toEqual([...RunPhase.options].toSorted());
    expect(Object.keys(en.status).toSorted()).toEqual([...HostStatus.options].toSorted());
    expect(Object.keys(en.hostReason).toSorted()).toEqual([...HostReason.options].toSorted());
    expect(Object.keys(en.source)).toEqual([...runSources]);
    expect(Object.keys(en.language)).toEqual([...scriptTypes]);
  });

  it('says what happened, what the engine says of it, and what to do next', () => {
    const words = errorWords(new DroverError('queue-full', '1000 runs wait'), i18next);
    expect(words).toEqual({
      what: en.errors['queue-full'].what,
      detail: '1000 runs wait',
      next: en.errors['queue-full'].next,
    });
  });

  it('has words for a code of a newer engine as well', () => {
    const words = errorWords({ code: 'brand-new' as 'internal', message: 'Something new' }, i18next);
    expect(words).toMatchObject({ what: en.errors.internal.what, detail: 'Something new' });
  });

  it('holds no text that no screen shows', () => {
    const sources = filesBelow('src-renderer').filter((path) => /\.tsx?$/.test(path) && !path.includes('/messages/'));
    const code = sources.map(textOf).join('\n');
    const flat = (texts: object, path: string): string[] =>
      Object.entries(texts).flatMap(([key, text]) =>
        typeof text === 'string'
          ? [path + key.replace(/_(zero|one|other)$/, '')]
          : flat(text as object, `${path}${key}.`),
      );
    const patterns = [...code.matchAll(/`([\w.]+\.)\$\{[^}`]*\}([\w.]*)`/g)].map(([, begin = '', end = '']) => ({
      begin,
      end,
    }));
    const unused = flat(en, '').filter(
      (key) =>
        !code.includes(`'${key}'`) &&
        !patterns.some(({ begin, end }) => key.startsWith(begin) && key.endsWith(end)) &&
        !key.startsWith('errors.'),
    );
    expect(unused).toEqual([]);
  });

  it('counts in English', () => {
    expect([0, 1, 2].map((count) => i18next.t('frame.running', { count }))).toEqual([
      'Nothing runs',
      '1 run live',
      '2 runs live',
    ]);
  });
});

describe('times on screen', () => {
  it.each([
    [3_000, 'now'],
    [45_000, '40 sec. ago'],
    [90_000, '1 min. ago'],
    [3 * 3_600_000, '3 hr. ago'],
    [2 * 86_400_000, '2 days ago'],
    [20 * 86_400_000, '2 wk. ago'],
  ])('says how long ago %d ms are', (ms, text) => {
    expect(relativeTime(sampleNow - ms, sampleNow, 'en')).toBe(text);
  });

  it.each([
    [0, '0 ms'],
    [999, '999 ms'],
    [3_290, '3.2 s'],
    [59_900, '59 s'],
    [245_000, '4 min 05 s'],
    [7_620_000, '2 h 07 min'],
  ])('writes %d ms as a duration', (ms, text) => {
    expect(durationText(ms)).toBe(text);
  });

  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1_400_000, '1.4 MB'],
    [250_000_000, '250 MB'],
  ])('writes %d bytes as a size', (bytes, text) => {
    expect(sizeText(bytes)).toBe(text);
  });

  it('leaves the date out on the same day, and always names the zone', () => {
    expect(timeBeside(sampleNow, sampleNow, 'en')).toMatch(/^\d\d:\d\d:\d\d \S+/);
    expect(timeBeside(sampleNow, sampleNow - 3 * 86_400_000, 'en')).toMatch(/2026, \d\d:\d\d:\d\d \S+/);
  });
});

describe('keys', () => {
  const press = (key: string, change: Partial<KeyPress> = {}): string =>
    chordOf({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...change });

  it('have one name on every system', () => {
    expect([press('k', { ctrlKey: true }), press('K', { metaKey: true })]).toEqual(['mod+k', 'mod+k']);
    expect([press('?', { shiftKey: true }), press('ArrowUp'), press('F3', { shiftKey: true }), press('Enter')]).toEqual(
      ['?', 'up', 'shift+f3', 'enter'],
    );
  });

  it('are left to somebody who types, unless no text can be meant', () => {
    expect(['g', '/', 'enter', 'up'].every(isPlainChord)).toBe(true);
    expect(['mod+k', 'f8', 'shift+f3', 'mod+enter'].some(isPlainChord)).toBe(false);
  });

  it('make a sequence when they follow each other soon', () => {
    const wanted = new Set(['g q', 'q', '?']);
    const keys = new KeySequence();
    expect([keys.press('g', 0, wanted), keys.press('q', 500, wanted)]).toEqual([null, 'g q']);
    expect([keys.press('g', 1_000, wanted), keys.press('q', 3_000, wanted)]).toEqual([null, 'q']);
    keys.press('g', 4_000, wanted);
    keys.forget();
    expect(keys.press('q', 4_100, wanted)).toBe('q');
  });
});

describe('exchanging a link', () => {
  const answer = (status: number) => exchangeToken('t', () => Promise.resolve(new Response('{}', { status })));

  it('tells a used link from an engine that did not answer', async () => {
    expect(await Promise.all([200, 401, 422, 403, 429, 502].map(answer))).toEqual([
      'entered',
      'refused',
      'refused',
      'refused',
      'wait',
      'unreachable',
    ]);
    expect(await exchangeToken('t', () => Promise.reject(new TypeError('down')))).toBe('unreachable');
  });

  it('sends the token in the body and nowhere else', async () => {
    let asked: [string, { body: string }] = ['', { body: '' }];
    await exchangeToken('secret-token', (url, init) => {
      asked = [url, init];
      return Promise.resolve(new Response('{}'));
    });
    expect(asked[0]).toBe('/enter');
    expect(JSON.parse(asked[1].body)).toEqual({ token: 'secret-token' });
  });
});
