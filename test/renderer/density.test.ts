import { describe, expect, it } from 'vitest';
import { rowHeights } from '../../src-renderer/app/density.ts';

describe('heights of rows', () => {
  it('grow with the font size of the browser and never shrink below their usual height', () => {
    expect(rowHeights('compact', 16)).toEqual({ head: 28, wide: 32, narrow: 56 });
    expect(rowHeights('compact', 24).wide).toBe(48);
    expect(rowHeights('compact', 9).wide).toBe(32);
    expect(rowHeights('comfortable', 16).wide).toBeGreaterThan(32);
  });
});
