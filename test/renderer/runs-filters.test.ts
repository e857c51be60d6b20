import { describe, expect, it } from 'vitest';
import {
  isSaved,
  readSavedFilters,
  renamedFilter,
  withFilter,
  withoutFilter,
} from '../../src-renderer/features/runs/saved-filters.ts';
import { withTerm } from '../../src-renderer/features/runs/with-term.ts';

describe('saved filters', () => {
  const night = { name: 'Night', filter: { text: 'nightly', status: 'failed' } };
  const all = { name: 'All', filter: { window: 'all' } as const };

  it('are read as they were saved; what nobody could have saved is left out', () => {
    expect(readSavedFilters([night, all])).toEqual([night, all]);
    const odd = [null, 7, { name: ' ', filter: {} }, { name: 'x' }, { name: 'y', filter: { status: 'broken' } }];
    expect(readSavedFilters(odd)).toEqual([{ name: 'y', filter: {} }]);
    expect(readSavedFilters('nonsense')).toEqual([]);
  });

  it('take the place of one of their name', () => {
    expect(withFilter([night, all], { name: ' night ', filter: {} })).toEqual([all, { name: 'night', filter: {} }]);
    expect(withFilter([night], { name: '  ', filter: {} })).toEqual([night]);
    expect(isSaved([night], 'NIGHT ')).toBe(true);
    expect(withoutFilter([night, all], 'night')).toEqual([all]);
  });

  it('keep their place when they are renamed', () => {
    expect(renamedFilter([night, all], { from: 'Night', to: 'Nights' })).toEqual([{ ...night, name: 'Nights' }, all]);
    expect(renamedFilter([night, all], { from: 'Night', to: 'all' })).toEqual([{ ...night, name: 'all' }]);
    expect(renamedFilter([night], { from: 'Night', to: ' ' })).toEqual([night]);
  });
});

describe('a search', () => {
  it('gets a further term behind what is typed', () => {
    expect([withTerm('', '#1'), withTerm('web ', '#1')]).toEqual(['#1', 'web #1']);
  });
});
