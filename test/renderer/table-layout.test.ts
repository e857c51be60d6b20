import { describe, expect, it } from 'vitest';
import { compareCells, hiddenColumns, isColumnShown } from '../../src-renderer/ui/table-layout.ts';

describe('the columns of a table', () => {
  const columns = [{ id: 'name', isName: true }, { id: 'status' }, { id: 'size', isExtra: true }] as const;
  const shown = (hidden: Record<string, boolean>) =>
    columns.filter((column) => isColumnShown(column, { hidden })).map(({ id }) => id);

  it('stand as they are made until somebody chooses', () => {
    expect(shown({})).toEqual(['name', 'status']);
  });

  it('are there or not as they were chosen, but a name always', () => {
    expect(shown({ name: true, status: true, size: false })).toEqual(['name', 'size']);
    expect(shown({ gone: true })).toEqual(['name', 'status']);
  });

  it('keep a choice as it was made', () => {
    const hidden = hiddenColumns(columns, { name: true, status: false, size: true });
    expect(hidden).toEqual({ name: false, status: true, size: false });
    expect(shown(hidden)).toEqual(['name', 'size']);
  });
});

describe('the order of cells', () => {
  it('takes numbers by size and names by the numbers in them, in any case', () => {
    expect([10, 9, 100].toSorted(compareCells)).toEqual([9, 10, 100]);
    expect(['web10', 'Web2', 'db'].toSorted(compareCells)).toEqual(['db', 'Web2', 'web10']);
    expect(compareCells('Web', 'web')).toBe(0);
  });
});
