import { describe, expect, it } from 'vitest';
import { en } from '../../src-renderer/app/messages/en.ts';
import { pageAt, pages } from '../../src-renderer/app/pages.ts';
import { keyGroups, keyRows } from '../../src-renderer/ui/key-rows.ts';

describe('the list of pages', () => {
  it('gives every page a name, an address and keys of its own', () => {
    for (const { key } of pages) {
      expect(en.pages[key]).not.toBe('');
    }
    for (const part of ['key', 'path', 'keys'] as const) {
      expect(new Set(pages.map((page) => page[part])).size).toBe(pages.length);
    }
  });

  it('knows the page of an address below it, and of no address that only begins alike', () => {
    expect(pageAt('/runs/12')?.key).toBe('runs');
    expect(pageAt('/runs')?.key).toBe('runs');
    expect(pageAt('/runsome')).toBeUndefined();
  });
});

describe('the list of keys', () => {
  const everywhere = { title: 'Everywhere', bindings: { '?': { does: 'help' }, '/': { does: 'nothing' } } };
  const page = { title: null, bindings: { '/': { does: 'search' } } };
  const list = { title: 'In a list', bindings: { j: { does: 'next' }, down: { does: 'next' } } };

  it('shows a key that two layers want as what the later one does, and keys that do the same together', () => {
    expect(keyRows([everywhere, page, list])).toEqual([
      { title: 'In a list', keys: ['j', 'down'], does: 'next' },
      { title: null, keys: ['/'], does: 'search' },
      { title: 'Everywhere', keys: ['?'], does: 'help' },
    ]);
  });

  it('begins with the page and ends with what holds everywhere, and leaves empty groups out', () => {
    const groups = keyGroups(keyRows([everywhere, list, page]), { page: 'Runs', last: 'Everywhere' });
    expect(groups.map(({ title }) => title)).toEqual(['Runs', 'In a list', 'Everywhere']);
    const bare = keyGroups(keyRows([everywhere]), { page: 'Runs', last: 'Everywhere' });
    expect(bare.map(({ title }) => title)).toEqual(['Everywhere']);
  });
});
