import { describe, expect, it } from 'vitest';
import { StartRun } from '#contract/run';

const accepts = (change: { task?: object; options?: object }): boolean =>
  StartRun.safeParse({
    targets: 'local',
    task: { type: 'script', text: 'true', ...change.task },
    options: { ...change.options },
  }).success;

describe('a request to start a run', () => {
  it.each(['DROVER_RUN', 'drover_t', 'Drover_x'])('may not set %s, which is Drover’s own', (name) => {
    expect(accepts({ task: { environment: { [name]: 'x' } } })).toBe(false);
    expect(accepts({ task: { environment: { [`X${name}`]: 'x' } } })).toBe(true);
  });

  it.each(['0', '0%', '0.0%'])('has no batch of %s, though so many may fail', (size) => {
    expect(accepts({ options: { batches: ['1', size] } })).toBe(false);
    expect(accepts({ options: { tolerate: size } })).toBe(true);
    expect(accepts({ options: { batches: ['1', '0.5%'] } })).toBe(true);
  });
});
