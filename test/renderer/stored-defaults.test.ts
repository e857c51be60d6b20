import { describe, expect, it } from 'vitest';
import type { Setting } from '#contract/settings';
import { emptyDraft } from '../../src-renderer/features/quick/draft.ts';
import { beginnings, quickSettings } from '../../src-renderer/features/quick/stored-defaults.ts';

const setting = (name: Setting['name'], value: Setting['value']): Setting => ({
  name,
  unit: 'count',
  value,
  default: value,
  min: null,
  max: null,
  effect: 'next-form',
  source: { from: 'default' },
  rev: 0,
});

describe('what Quick execute begins with', () => {
  const known = quickSettings([
    setting('quick.timeoutS', 60),
    setting('quick.stopAfter', '10%'),
    setting('quick.typedFrom', 5),
  ]);

  it('is what the administrators have set, and the built-in value where nothing is known', () => {
    expect(known).toEqual({ timeoutS: '60', concurrency: '64', stopAfter: '10%', typedNumberFrom: 5 });
    expect(quickSettings([]).typedNumberFrom).toBe(20);
  });

  it('fills an empty form and leaves alone what somebody wrote or brought back', () => {
    expect(beginnings(emptyDraft, known)).toEqual({ timeoutS: '60', stopAfter: '10%' });
    expect(beginnings({ ...emptyDraft, timeoutS: '5' }, known)).toEqual({ stopAfter: '10%' });
    expect(beginnings({ ...emptyDraft, text: 'uptime' }, known)).toEqual({});
  });
});
