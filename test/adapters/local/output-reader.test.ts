import { describe, expect, it } from 'vitest';
import { hasAll, type Progress } from '#adapters/local/output-reader';

const progress = (more: Partial<Progress>): Progress => ({
  ended: false,
  waiting: false,
  silentMs: 0,
  readyMs: 0,
  reads: 0,
  ...more,
});

describe('an output that stays open after the end of its script', () => {
  it.each<[string, Partial<Progress>, { sinceEndMs: number; isRead: boolean }]>([
    ['has ended', { ended: true }, { sinceEndMs: 0, isRead: true }],
    ['was heard of just now', { silentMs: 499, readyMs: 4_000 }, { sinceEndMs: 4_000, isRead: false }],
    ['is silent', { silentMs: 500 }, { sinceEndMs: 500, isRead: true }],
    ['waits for its sink', { silentMs: 9_000, waiting: true }, { sinceEndMs: 9_000, isRead: false }],
    ['goes on for five seconds', { readyMs: 5_000, reads: 99 }, { sinceEndMs: 5_000, isRead: true }],
    ['goes on for less', { readyMs: 4_999, reads: 99 }, { sinceEndMs: 4_999, isRead: false }],
    ['is taken so slowly that much is unread', { readyMs: 10, reads: 5 }, { sinceEndMs: 9_000, isRead: false }],
    ['is taken slowly but often', { readyMs: 10, reads: 20, waiting: true }, { sinceEndMs: 9_000, isRead: true }],
  ])('is read or not when it %s', (_, state, { sinceEndMs, isRead }) => {
    expect(hasAll(progress(state), sinceEndMs)).toBe(isRead);
  });
});
