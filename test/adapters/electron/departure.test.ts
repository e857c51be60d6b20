import { EventEmitter } from 'node:events';
import type { MessageBoxOptions } from 'electron';
import { describe, expect, it } from 'vitest';
import { Departure } from '#adapters/electron/departure';
import { DroverClient } from '#contract/client';
import { CollectingLog } from '../../support/fakes/collecting-log.ts';
import { FakeClock, settled } from '../../support/fakes/fake-clock.ts';
import { runOf } from '../../renderer/sample-runs.ts';

const answers = { keep: 0, wait: 1, cancel: 2, back: 3 };
type Answer = keyof typeof answers;

/** A desktop on which `live` runs go on until they are told to have ended. */
function rig({ live = 0 }: { live?: number } = {}) {
  const did: string[] = [];
  const asked: MessageBoxOptions[] = [];
  const idle = new Set<() => void>();
  const log = new CollectingLog();
  const clock = new FakeClock();
  let liveCount = live;
  let answer: (answer: Answer) => void = () => undefined;
  const app = Object.assign(new EventEmitter(), {
    quit: () => {
      const event = { stopped: false, preventDefault: () => (event.stopped = true) };
      app.emit('before-quit', event);
      did.push(event.stopped ? 'quit held' : 'quit');
    },
    exit: (code: number) => did.push(`exit ${code}`),
  });
  const departure = new Departure({
    app: app as never,
    clock,
    log,
    dialog: {
      showMessageBox: (async (...given: unknown[]) => {
        asked.push(given.at(-1) as MessageBoxOptions);
        return new Promise((resolve) => {
          answer = (word) => resolve({ response: answers[word], checkboxChecked: false });
        });
      }) as never,
    },
    client: new DroverClient({
      send: async () => ({ ok: true, value: { runs: [runOf({ no: 12, name: 'deploy' })], next: null } }),
      open: () => () => undefined,
    }),
    runs: {
      get liveCount() {
        return liveCount;
      },
      idle: () => new Promise((resolve) => (liveCount === 0 ? resolve() : idle.add(resolve))),
      close: () => did.push('closed to new runs'),
      cancelAll: () => did.push('cancelled'),
    },
    window: { current: undefined, hide: () => did.push('hidden') },
    onLeaving: (leaving) => did.push(`leaving: ${leaving}`),
    close: async () => void did.push('engine closed'),
  });
  return {
    app,
    departure,
    did,
    asked,
    log,
    clock,
    answer: async (word: Answer) => {
      await settled();
      answer(word);
      await settled();
    },
    end: async () => {
      liveCount = 0;
      idle.forEach((resolve) => resolve());
      await settled();
    },
  };
}

describe('quitting while nothing runs', () => {
  it('closes the engine before the program ends, and asks nothing', async () => {
    const { app, did, asked, departure } = rig();
    app.quit();
    await settled();
    expect(did).toEqual(['leaving: ending', 'closed to new runs', 'quit held', 'engine closed', 'quit']);
    expect(asked).toEqual([]);
    expect(departure.isGone).toBe(true);
  });
});

describe('quitting while runs live', () => {
  it('names them and offers to keep, to wait, to cancel and not to quit', async () => {
    const { app, asked } = rig({ live: 3 });
    app.quit();
    await settled();
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ message: '3 runs are still in progress', defaultId: 0, cancelId: 3 });
    expect(asked[0]?.detail).toContain('#12 deploy');
    expect(asked[0]?.detail).toContain('and 2 more');
    expect(asked[0]?.buttons).toEqual([
      'Keep in the tray',
      'Quit when they have ended',
      'Cancel them and quit',
      'Do not quit',
    ]);
  });

  it('asks once, however often Quit is chosen', async () => {
    const { app, asked } = rig({ live: 1 });
    app.quit();
    app.quit();
    await settled();
    app.quit();
    expect(asked).toHaveLength(1);
  });

  it('does nothing at all when the person goes back', async () => {
    const { app, did, answer } = rig({ live: 1 });
    app.quit();
    await answer('back');
    expect(did).toEqual(['quit held']);
  });

  it('keeps everything in the tray', async () => {
    const { app, did, answer, departure } = rig({ live: 1 });
    app.quit();
    await answer('keep');
    expect(did).toEqual(['quit held', 'hidden']);
    expect(departure.isGone).toBe(false);
  });

  it('waits for their end and quits then', async () => {
    const { app, did, answer, end } = rig({ live: 1 });
    app.quit();
    await answer('wait');
    expect(did).toEqual(['quit held', 'leaving: waiting']);
    await end();
    expect(did.slice(2)).toEqual(['leaving: ending', 'closed to new runs', 'engine closed', 'quit']);
  });

  it('lets the waiting be taken back, and does not quit then', async () => {
    const { app, did, answer, end, departure } = rig({ live: 1 });
    app.quit();
    await answer('wait');
    departure.stay();
    await end();
    expect(did).toEqual(['quit held', 'leaving: waiting', 'leaving: no']);
  });

  it.each(['wait', 'back'] as const)('still quits after a second question was answered by %s', async (word) => {
    const { app, did, answer, end } = rig({ live: 1 });
    app.quit();
    await answer('wait');
    app.quit();
    await settled();
    // The runs end while the question stands.
    await end();
    expect(did).not.toContain('quit');
    await answer(word);
    expect(did.at(-1)).toBe('quit');
    expect(did.filter((step) => step === 'engine closed')).toHaveLength(1);
  });

  it('cancels those that wait in the queue too, before it takes nothing new, and ends when they have stopped', async () => {
    const { app, did, answer, end } = rig({ live: 1 });
    app.quit();
    await answer('cancel');
    expect(did.slice(1)).toEqual(['cancelled', 'leaving: ending', 'closed to new runs']);
    await end();
    expect(did.slice(-2)).toEqual(['engine closed', 'quit']);
  });
});

describe('the end of the session', () => {
  it('asks nobody, keeps the queue for the next start, and records what stops in time', async () => {
    const { departure, did, asked, end, app } = rig({ live: 1 });
    departure.endNow('SIGTERM', 4_000);
    expect(did).toEqual(['leaving: ending', 'closed to new runs', 'cancelled']);
    app.quit();
    departure.endNow('shutdown', 4_000);
    await end();
    expect(did.slice(3)).toEqual(['quit held', 'engine closed', 'quit']);
    expect(asked).toEqual([]);
  });

  it('does not wait for a target that does not answer, and says so in the log', async () => {
    const { departure, did, clock, log } = rig({ live: 1 });
    departure.endNow('SIGTERM', 4_000);
    await clock.advance(4_000);
    expect(did.at(-1)).toBe('exit 0');
    expect(log.messages('warn')).toEqual(['ended before every target had answered']);
  });

  it('wins over a question that stands', async () => {
    const { app, departure, did, answer, end } = rig({ live: 1 });
    app.quit();
    await settled();
    departure.endNow('SIGTERM', 4_000);
    await end();
    expect(did.at(-1)).toBe('quit');
    const before = [...did];
    await answer('keep');
    expect(did).toEqual(before);
  });
});
