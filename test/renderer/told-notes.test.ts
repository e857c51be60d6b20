import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ToldNotes } from '../../src-renderer/ui/told-notes.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('what is said in passing', () => {
  it('goes by itself, but not while somebody points at it', () => {
    const notes = new ToldNotes();
    notes.tell({ message: 'Copied' });
    notes.hold();
    vi.advanceTimersByTime(60_000);
    expect(notes.brief?.message).toBe('Copied');
    notes.release();
    vi.advanceTimersByTime(4_000);
    expect(notes.brief).toBeNull();
  });

  it('keeps errors until they are closed, each once, the newest first', () => {
    const notes = new ToldNotes();
    notes.tell({ kind: 'error', message: 'one' });
    notes.tell({ kind: 'error', message: 'two' });
    notes.tell({ kind: 'error', message: 'one' });
    vi.advanceTimersByTime(3_600_000);
    expect(notes.errors.map(({ message }) => message)).toEqual(['one', 'two']);
    notes.close(notes.errors[0]?.id ?? 0);
    expect(notes.errors.map(({ message }) => message)).toEqual(['two']);
  });

  it('gives the next brief note its whole time', () => {
    const notes = new ToldNotes();
    notes.tell({ message: 'one' });
    vi.advanceTimersByTime(3_000);
    notes.tell({ message: 'two' });
    vi.advanceTimersByTime(3_000);
    expect(notes.brief?.message).toBe('two');
  });
});
