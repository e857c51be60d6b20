import { expect, it, onTestFinished, vi } from 'vitest';
import { watchLoop } from '#adapters/system/loop-watch';

type Told = { readonly level: string; readonly message: string; readonly fields: Record<string, unknown> | undefined };

function bench(by: { name: string; ms: number }[]) {
  const told: Told[] = [];
  const at =
    (level: string) =>
    (message: string, fields?: Record<string, unknown>): void =>
      void told.push({ level, message, fields });
  onTestFinished(watchLoop({ log: { warn: at('warn'), debug: at('debug') }, take: () => by }));
  return told;
}

/** Lets nothing else through. */
function hold(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until) {
    // Busy.
  }
}

it('tells how long the main loop was blocked, and by whom', async () => {
  const told = bench([{ name: 'run.list', ms: 400 }]);
  await new Promise((resolve) => setTimeout(resolve, 60));
  hold(400);
  await vi.waitFor(() => expect(told.some(({ fields }) => Number(fields?.['ms']) > 300)).toBe(true), {
    timeout: 5_000,
  });
  expect(told.find(({ fields }) => Number(fields?.['ms']) > 300)).toMatchObject({
    level: 'warn',
    message: 'the main loop was blocked',
    fields: { by: [{ name: 'run.list', ms: 400 }] },
  });
});

it('makes no noise about what it has no name for', async () => {
  const told = bench([{ name: 'node.info', ms: 2 }]);
  await new Promise((resolve) => setTimeout(resolve, 60));
  hold(400);
  await vi.waitFor(() => expect(told.length).toBeGreaterThan(0), { timeout: 5_000 });
  expect(told.filter(({ level }) => level === 'warn')).toEqual([]);
});
