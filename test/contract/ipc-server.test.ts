import { describe, expect, it, vi } from 'vitest';
import { contract, type Frame } from '#contract';
import type { Refusal } from '#adapters/electron/ipc-server';
import { type Bridge, ipcWire } from '../../src-renderer/client/ipc-wire.ts';
import { composeForTest, endlessRun, unknownRun } from './compose-for-test.ts';
import { joinIpc } from './joined-ipc.ts';

const open = (): {
  engine: ReturnType<typeof composeForTest>;
  window: ReturnType<ReturnType<typeof joinIpc>['openWindow']>;
} => {
  const engine = composeForTest();
  return { engine, window: joinIpc(engine).openWindow() };
};
/** A page that does not keep to the types. */
const loose = (
  bridge: Bridge,
): { call: (...args: unknown[]) => Promise<unknown>; follow: (message: unknown) => void } => bridge as never;

describe('a message of a frame that is not ours', () => {
  it('is refused as a call and logged', async () => {
    const { engine, window } = open();
    expect(await window.foreign.call('node.info', {})).toMatchObject({ ok: false, error: { code: 'access-denied' } });
    expect(engine.seen.actors).toEqual([]);
    expect(engine.logged).toEqual([
      { message: 'message of an untrusted frame refused', fields: { channel: 'drover:call' } },
    ]);
  });

  it('opens, acknowledges and closes no feed', async () => {
    const { engine, window } = open();
    window.foreign.follow({ id: 'a', name: 'run.output', input: { run: 3 } });
    const frames: string[] = [];
    window.bridge.onFrame((id) => frames.push(id));
    window.bridge.follow({ id: 'b', name: 'run.output', input: { run: endlessRun } });
    window.foreign.unfollow('b');
    await vi.waitFor(() => expect(frames).toEqual(['b']));
    expect(engine.seen.stopped).toBe(0);
    expect(engine.logged.map((entry) => entry.fields?.['channel'])).toEqual(['drover:follow', 'drover:unfollow']);
  });
});

describe('a message of an unknown form', () => {
  it.each([
    [7, {}],
    [undefined, undefined],
    [{ toString: 'node.info' }, {}],
    ['x'.repeat(10_000), {}],
    ['node.info', new Date()],
    ['node.info', { at: new Map() }],
    ['node.info', undefined],
  ])('is refused as a call: %#', async (name, input) => {
    const { window } = open();
    expect(await loose(window.bridge).call(name, input)).toMatchObject({ ok: false, error: { code: 'bad-input' } });
  });

  it.each([undefined, null, 'text', 7, [], {}, { id: 7 }, { id: 'x'.repeat(10_000), name: 'run.output', input: {} }])(
    'is ignored as a feed and logged: %#',
    async (message) => {
      const { engine, window } = open();
      loose(window.bridge).follow(message);
      expect(engine.logged).toMatchObject([{ message: 'message of an unknown form ignored' }]);
      expect((await window.bridge.call('node.info', {})).ok).toBe(true);
    },
  );

  it.each([
    { id: 'a', name: 7, input: {} },
    { id: 'a', name: 'run.output', input: new Date() },
    { id: 'a', name: 'run.output' },
  ])('ends the feed with bad-input: %#', async (message) => {
    const { window } = open();
    const frames: Frame[] = [];
    window.bridge.onFrame((_id, frame) => frames.push(frame));
    loose(window.bridge).follow(message);
    await vi.waitFor(() => expect(frames).toMatchObject([{ end: true, error: { code: 'bad-input' } }]));
  });

  it('does not disturb a feed that has the same id', async () => {
    const { engine, window } = open();
    const frames: Frame[] = [];
    window.bridge.onFrame((_id, frame) => frames.push(frame));
    window.bridge.follow({ id: 'a', name: 'run.output', input: { run: endlessRun } });
    window.bridge.follow({ id: 'a', name: 'run.output', input: { run: 5 } });
    await vi.waitFor(() => expect(frames).toHaveLength(1));
    expect(engine.logged).toHaveLength(1);
  });
});

describe('a refused message', () => {
  const watched = (): { refusals: Refusal[]; window: ReturnType<ReturnType<typeof joinIpc>['openWindow']> } => {
    const refusals: Refusal[] = [];
    return { refusals, window: joinIpc(composeForTest(), (refusal) => refusals.push(refusal)).openWindow() };
  };
  const polluting: unknown = JSON.parse('{"__proto__": {"isAdmin": true}}');
  const names = Object.keys(contract);

  it('of a foreign frame is told of on each channel, with the origin and nothing that it said', async () => {
    const { refusals, window } = watched();
    await window.foreign.call('run.start', { secret: 'x' });
    window.foreign.follow({ id: 'a', name: 'run.output', input: {} });
    window.foreign.unfollow('a');
    const from = 'https://elsewhere.example';
    expect(refusals).toEqual(
      ['drover:call', 'drover:follow', 'drover:unfollow'].map((channel) => ({
        channel,
        name: null,
        code: 'access-denied',
        from,
      })),
    );
  });

  it.each([
    ['a name that is none', 'constructor', {}, null, 'not-found'],
    ['a name that is no text', 7, {}, null, 'bad-input'],
    ['a wrong type', 'run.get', { run: [] }, 'run.get', 'bad-input'],
    ['a key that reaches the prototype', 'run.list', polluting, 'run.list', 'bad-input'],
    ['a text of 10 MB', 'run.list', { status: 'x'.repeat(10_000_000) }, 'run.list', 'bad-input'],
    ['a text of 20 MB', 'run.list', { status: 'x'.repeat(20_000_000) }, 'run.list', 'too-large'],
  ] as const)('with %s is told of as a call and as a feed', async (...[, said, input, name, code]) => {
    const { refusals, window } = watched();
    const bridge = loose(window.bridge);
    expect(await bridge.call(said, input)).toMatchObject({ ok: false, error: { code } });
    expect(refusals).toEqual([{ channel: 'drover:call', name, code, from: 'our own page' }]);
    bridge.follow({ id: 'a', name: said, input });
    await vi.waitFor(() => expect(refusals).toHaveLength(2));
    expect(refusals[1]).toMatchObject({ channel: 'drover:follow', name: null });
    expect({}).not.toHaveProperty('isAdmin');
  });

  it.each(names)('of any name is refused to a foreign frame: %s', async (name) => {
    const { refusals, window } = watched();
    expect(await window.foreign.call(name, {})).toMatchObject({ ok: false, error: { code: 'access-denied' } });
    expect(refusals).toHaveLength(1);
  });

  it('that has no id or another form is told of', () => {
    const { refusals, window } = watched();
    const bridge = loose(window.bridge);
    bridge.follow({ id: 7 });
    (window.bridge.unfollow as (id: unknown) => void)({ id: 'a' });
    expect(refusals.map(({ channel, code }) => [channel, code])).toEqual([
      ['drover:follow', 'bad-input'],
      ['drover:unfollow', 'bad-input'],
    ]);
  });

  it('is not one that is answered about an object', async () => {
    const { refusals, window } = watched();
    expect(await window.bridge.call('run.get', { run: unknownRun })).toMatchObject({ ok: false });
    expect((await window.bridge.call('node.info', {})).ok).toBe(true);
    expect(refusals).toEqual([]);
  });
});

describe('the feeds of a window', () => {
  it.each(['navigate', 'destroy'] as const)('end when it does: %s', async (what) => {
    const { engine, window } = open();
    const frames: Frame[] = [];
    ipcWire(window.bridge).open('run.output', { run: endlessRun }, (frame) => frames.push(frame));
    await vi.waitFor(() => expect(frames).toHaveLength(1));
    window[what]();
    await vi.waitFor(() => expect(engine.seen.stopped).toBe(1));
    expect(frames).toHaveLength(1);
    expect(engine.logged).toEqual([]);
  });

  it('can be opened again after a navigation', async () => {
    const { window } = open();
    const frames: Frame[] = [];
    const wire = ipcWire(window.bridge);
    wire.open('run.output', { run: endlessRun }, () => undefined);
    window.navigate();
    wire.open('run.output', { run: 2 }, (frame) => frames.push(frame));
    await vi.waitFor(() => expect(frames.at(-1)).toEqual({ end: true }));
  });

  it('of two windows may have the same id', async () => {
    const engine = composeForTest();
    const ipc = joinIpc(engine);
    const windows = [ipc.openWindow(), ipc.openWindow()];
    const frames = windows.map(({ bridge }) => {
      const seen: Frame[] = [];
      bridge.onFrame((_id, frame) => seen.push(frame));
      bridge.follow({ id: 'same', name: 'run.output', input: { run: endlessRun } });
      return seen;
    });
    await vi.waitFor(() => expect(frames.map((seen) => seen.length)).toEqual([1, 1]));
    windows[0]?.bridge.unfollow('same');
    await vi.waitFor(() => expect(engine.seen.stopped).toBe(1));
  });

  it('wait for a page that hangs instead of filling the memory', async () => {
    const { engine, window } = open();
    window.hang();
    const close = ipcWire(window.bridge).open('run.output', { run: 5_000 }, () => undefined);
    await vi.waitFor(() => expect(window.sent()).toBe(128));
    expect(engine.seen.produced).toBeLessThanOrEqual(129);
    close();
    await vi.waitFor(() => expect(engine.logged).toEqual([]));
    expect(window.sent()).toBe(128);
  });
});
