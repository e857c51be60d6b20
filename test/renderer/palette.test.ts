import { describe, expect, it } from 'vitest';
import { fitOf, type PaletteEntry, ranked, typedNumber } from '../../src-renderer/app/palette-entries.ts';
import { keepChoice, recentChoices } from '../../src-renderer/app/palette-recent.ts';

const entry = (text: string, rest: Partial<PaletteEntry> = {}): PaletteEntry => ({
  id: text,
  kind: 'command',
  text,
  act: () => {},
  ...rest,
});

const order = (entries: readonly PaletteEntry[], typed: string, recent: readonly string[] = []) =>
  ranked(entries, typed, recent).map(({ text }) => text);

describe('the palette', () => {
  it('takes a number with or without its sign', () => {
    expect(['12', '#12', ' 12 ', '0', '12a', ''].map(typedNumber)).toEqual([12, 12, 12, null, null, null]);
  });

  it('puts the beginning of the text before the beginning of a word, before the middle of one, before single letters', () => {
    const texts = ['Prune logs', 'Sign out', 'Show runs', 'Runs', 'Rich untold news'].map((text) => entry(text));
    expect(order(texts, 'run')).toEqual(['Runs', 'Show runs', 'Prune logs', 'Rich untold news']);
  });

  it('finds by the beginning of a word in what is not shown, and by nothing less', () => {
    const setting = entry('Kill after', {
      kind: 'setting',
      words: 'Before a process is killed, it keeps backups in place',
    });
    expect(['process', 'back', 'kill backups'].map((typed) => fitOf(setting, typed) > 0)).toEqual([true, true, true]);
    expect(['bckp', 'ocess', 'rocess place'].map((typed) => fitOf(setting, typed))).toEqual([0, 0, 0]);
  });

  it('finds an entry only when every word stands somewhere, also in what is shown beside it', () => {
    const target = entry('web1', { kind: 'target', detail: '10.0.0.7' });
    expect(fitOf(target, 'web 10.0')).toBeGreaterThan(0);
    expect(fitOf(target, 'web 11.0')).toBe(0);
    expect(fitOf(target, '.*')).toBe(0);
  });

  it('leads with what was chosen lately when nothing is typed, and with pages after that', () => {
    const entries = [entry('Dark'), entry('Runs', { kind: 'page' }), entry('Keys'), entry('#3', { kind: 'run' })];
    expect(order(entries, '', ['#3', 'Keys'])).toEqual(['#3', 'Keys', 'Runs', 'Dark']);
  });

  it('keeps what the engine has found even where the words are not in sight', () => {
    expect(order([entry('#7 deploy', { kind: 'run', isFound: true })], 'nginx')).toEqual(['#7 deploy']);
  });

  it('shows a dozen of many', () => {
    expect(
      order(
        Array.from({ length: 99 }, (_, at) => entry(`run ${at}`)),
        'run',
      ),
    ).toHaveLength(12);
  });
});

describe('recent choices', () => {
  const storeOf = (held: Record<string, string>) => ({
    getItem: (key: string) => held[key] ?? null,
    setItem: (key: string, value: string) => void (held[key] = value),
  });

  it('keeps the last six, each once, the latest first', () => {
    const store = storeOf({});
    for (const id of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'c']) {
      keepChoice(store, id);
    }
    expect(recentChoices(store)).toEqual(['c', 'g', 'f', 'e', 'd', 'b']);
  });

  it('takes what somebody has scribbled into the store for nothing', () => {
    expect(recentChoices(storeOf({ 'drover-palette-recent': '{"a":1}' }))).toEqual([]);
    expect(recentChoices(storeOf({ 'drover-palette-recent': 'not json' }))).toEqual([]);
    expect(recentChoices(storeOf({ 'drover-palette-recent': '[1,"run:2"]' }))).toEqual(['run:2']);
  });
});
