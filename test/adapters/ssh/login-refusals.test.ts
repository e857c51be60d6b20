import { describe, expect, it } from 'vitest';
import { LoginRefusals } from '#adapters/ssh/login-refusals';

const refuse = (refusals: LoginRefusals, times: number, run = 'run'): void => {
  for (let at = 0; at < times; at += 1) {
    refusals.note(run, 'p', false);
  }
};

describe('refusals of a login', () => {
  it('are enough after five of the same credential in the same run', () => {
    const refusals = new LoginRefusals();
    refuse(refusals, 4);
    expect(refusals.isExhausted('run', 'p')).toBe(false);
    refuse(refusals, 1);
    expect(refusals.isExhausted('run', 'p')).toBe(true);
    expect(refusals.isExhausted('run', 'other')).toBe(false);
    expect(refusals.isExhausted('other run', 'p')).toBe(false);
  });

  it('count no more in a run in which the credential was taken once', () => {
    const refusals = new LoginRefusals();
    refuse(refusals, 4);
    refusals.note('run', 'p', true);
    refuse(refusals, 20);
    expect(refusals.isExhausted('run', 'p')).toBe(false);
  });

  it('are forgotten of the oldest run only, after a thousand', () => {
    const refusals = new LoginRefusals();
    refuse(refusals, 5, 'first');
    refuse(refusals, 5, 'second');
    for (let at = 0; at < 999; at += 1) {
      refuse(refusals, 1, `run ${at}`);
    }
    expect(refusals.isExhausted('first', 'p')).toBe(false);
    expect(refusals.isExhausted('second', 'p')).toBe(true);
  });
});
