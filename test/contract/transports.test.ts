import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Frame, Wire } from '#contract';
import { DroverClient } from '#contract/client';
import { composeForTest, endlessRun, failingRun, unknownRun } from './compose-for-test.ts';
import { transports } from './connections.ts';

describe.each(transports)('over %s', (_name, connect) => {
  const engine = composeForTest();
  let connection: Awaited<ReturnType<typeof connect>>;
  let client: DroverClient;
  beforeAll(async () => {
    connection = await connect(engine);
    client = new DroverClient(connection.wire);
  });
  afterAll(() => connection.close());

  const follow = async (run: number, after = 0): Promise<{ seqs: number[]; texts: string[]; ended: number }> => {
    const seen = { seqs: [] as number[], texts: [] as string[], ended: 0 };
    await client.follow(
      'run.output',
      { run, after },
      {
        onItem(item, seq) {
          if (item.kind === 'final') {
            seen.ended += 1;
            return;
          }
          seen.seqs.push(seq);
          seen.texts.push(...item.lines.map((line) => line.text));
        },
      },
    );
    return seen;
  };

  it('answers a call', async () => {
    const info = await client.call('node.info', {});
    expect(info).toMatchObject({ nodeId: 'n1', now: 2, trouble: null, actor: { name: 'Ada' } });
  });

  it('fills in what the caller left out', async () => {
    expect(await client.call('run.hosts', { run: 1 })).toEqual({ hosts: [], next: 1_000 });
  });

  it('carries an expected error with its code, message and detail', async () => {
    const refused = client.call('run.get', { run: unknownRun });
    await expect(refused).rejects.toMatchObject({
      name: 'DroverError',
      code: 'not-found',
      message: `No run ${unknownRun}`,
      detail: { run: unknownRun, known: ['a', 'b'] },
    });
  });

  it('carries a bug as internal without its message', async () => {
    const reply = await connection.wire.send('run.lines', { run: 1 });
    expect(reply).toMatchObject({ ok: false, error: { code: 'internal' } });
    expect(JSON.stringify(reply)).not.toContain('secret');
  });

  it.each(['no.such', 'toString', '__proto__', 'constructor', 'run.output', '../node.info', 'a b?c=d&e', 'ü'])(
    'has no call %s',
    async (name) => {
      const reply = await connection.wire.send(name, {});
      expect(reply).toMatchObject({ ok: false, error: { code: 'not-found' } });
    },
  );

  it('refuses bad input by field and never quotes the value', async () => {
    const reply = await connection.wire.send('run.get', { run: 'hunter2 is my password' });
    expect(reply).toMatchObject({ ok: false, error: { code: 'bad-input', detail: { issues: [{ path: 'run' }] } } });
    expect(JSON.stringify(reply)).not.toContain('hunter2');
  });

  it.each([null, [], 'text', 7, { unknown: 1 }, { run: null }, { run: {} }])(
    'refuses %j as the input of a call',
    async (input) => {
      const reply = await connection.wire.send('run.get', input ?? { run: [] });
      expect(reply).toMatchObject({ ok: false, error: { code: 'bad-input' } });
    },
  );

  it.each([
    '{"__proto__":{"polluted":true}}',
    '{"run":1,"__proto__":{"polluted":true}}',
    '{"run":{"__proto__":{"polluted":true}}}',
    '{"constructor":{"prototype":{"polluted":true}}}',
    '{"run":1,"x":[{"constructor":{"prototype":{"polluted":true}}}]}',
  ])('refuses %s in calls and feeds', async (text) => {
    const reply = await connection.wire.send('run.get', JSON.parse(text));
    expect(reply).toMatchObject({ ok: false, error: { code: 'bad-input' } });
    const frames = await framesOf(connection.wire, 'run.output', JSON.parse(text));
    expect(frames).toMatchObject([{ end: true, error: { code: 'bad-input' } }]);
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect('polluted' in {}).toBe(false);
  });

  it('follows a feed in order to its end', async () => {
    const seen = await follow(500);
    expect(seen.seqs).toEqual(Array.from({ length: 500 }, (_, index) => index + 1));
    expect(seen.texts[499]).toBe('line 500');
    expect(seen.ended).toBe(1);
  });

  it('resumes after a number, without gap or double', async () => {
    const seen = await follow(20, 15);
    expect(seen.seqs).toEqual([16, 17, 18, 19, 20]);
  });

  it('ends a feed at once that is refused', async () => {
    await expect(follow(unknownRun)).rejects.toMatchObject({ code: 'not-found' });
    expect(await framesOf(connection.wire, 'no.such', {})).toMatchObject([{ end: true, error: { code: 'not-found' } }]);
    expect(await framesOf(connection.wire, 'node.info', {})).toMatchObject([
      { end: true, error: { code: 'not-found' } },
    ]);
    expect(await framesOf(connection.wire, 'run.output', { run: 1, after: -1 })).toMatchObject([
      { end: true, error: { code: 'bad-input' } },
    ]);
  });

  it('delivers the items before an error, then the error as the end', async () => {
    const frames = await framesOf(connection.wire, 'run.output', { run: failingRun });
    expect(frames).toMatchObject([
      { seq: 1, item: { kind: 'lines' } },
      { seq: 2, item: { kind: 'lines' } },
      { end: true, error: { code: 'no-space', message: 'The disk is full', detail: { free: 0 } } },
    ]);
  });

  it('stops the handler when the follower leaves, and delivers nothing more', async () => {
    const before = engine.seen.stopped;
    const frames: Frame[] = [];
    const close = connection.wire.open('run.output', { run: endlessRun }, (frame) => frames.push(frame));
    await vi.waitFor(() => expect(frames).toHaveLength(1));
    close();
    await vi.waitFor(() => expect(engine.seen.stopped).toBe(before + 1));
    expect(frames).toHaveLength(1);
  });

  it('carries an argument and a reply of 2 MB unchanged', async () => {
    const text = 'äöü\n"\\\u0000\u2028'.repeat(250_000);
    const preview = await client.call('run.preview', { task: { type: 'script', text }, targets: 'local' });
    expect(preview.finalText === text).toBe(true);
  });

  it('refuses an argument above 16 MB', async () => {
    const task = { type: 'script', text: 'x'.repeat(17 * 1024 * 1024) };
    const reply = await connection.wire.send('run.preview', { task, targets: 'local' });
    expect(reply).toMatchObject({ ok: false, error: { code: 'too-large' } });
  });

  it('answers 200 calls at once, each its own', async () => {
    const limits = Array.from({ length: 200 }, (_, index) => index + 1);
    const replies = await Promise.all(limits.map((limit) => client.call('run.hosts', { run: 1, limit })));
    expect(replies.map((reply) => reply.next)).toEqual(limits);
  });

  it('delivers a feed of 50 000 items complete', async () => {
    const seen = await follow(50_000);
    expect(seen.seqs).toHaveLength(50_000);
    expect(seen.seqs.every((seq, index) => seq === index + 1)).toBe(true);
    expect(seen.ended).toBe(1);
  });

  it('serves a second feed while a first is silent', async () => {
    const close = connection.wire.open('run.output', { run: endlessRun }, () => undefined);
    expect((await follow(3)).seqs).toEqual([1, 2, 3]);
    close();
  });
});

function framesOf(wire: Wire, name: string, input: unknown): Promise<Frame[]> {
  return new Promise((resolve) => {
    const frames: Frame[] = [];
    wire.open(name, input, (frame) => {
      frames.push(frame);
      if ('end' in frame) {
        resolve(frames);
      }
    });
  });
}
