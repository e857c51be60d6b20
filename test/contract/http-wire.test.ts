import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import type { Frame } from '#contract';
import { openResumingFeed, type WireState } from '#contract/resuming-feed';
import { formatFrame } from '#contract/sse';
import { httpWire } from '../../src-renderer/client/http-wire.ts';

/** A server whose answers a test writes itself, one for each request in turn. */
async function serve(...answers: RequestListener[]): Promise<AsyncDisposable & { base: string; asked: string[] }> {
  const asked: string[] = [];
  const server: Server = createServer((request, response) => {
    const answer = answers[Math.min(asked.length, answers.length - 1)];
    asked.push(String(request.headers['last-event-id'] ?? ''));
    answer?.(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    base,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const item = (seq: number, text = `item ${seq}`): string => formatFrame({ seq, item: { text } });
const stream =
  (...pieces: string[]): RequestListener =>
  (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    pieces.forEach((piece) => response.write(piece));
    response.end();
  };
const json =
  (status: number, body: string): RequestListener =>
  (_request, response) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(body);
const broken: RequestListener = (_request, response) => void response.destroy();
const end = formatFrame({ end: true });

function follow(base: string): { frames: Frame[]; states: WireState[]; ended: Promise<Frame[]>; close: () => void } {
  const frames: Frame[] = [];
  const states: WireState[] = [];
  const { promise: ended, resolve } = Promise.withResolvers<Frame[]>();
  const wire = httpWire(base, { onState: (state) => states.push(state) });
  const close = wire.open('run.output', { run: 1 }, (frame) => {
    frames.push(frame);
    if ('end' in frame) {
      resolve(frames);
    }
  });
  return { frames, states, ended, close };
}

const seqs = (frames: Frame[]): unknown[] => frames.map((frame) => ('seq' in frame ? frame.seq : frame));

describe('a feed over HTTP', () => {
  it('goes on after the last item when the connection breaks, in the middle of an item too', async () => {
    const cut = item(3).slice(0, 12);
    await using server = await serve(stream(item(1), item(2), cut), broken, stream(item(3), item(4), end));
    const { ended, states } = follow(server.base);
    expect(seqs(await ended)).toEqual([1, 2, 3, 4, { end: true }]);
    expect(server.asked).toEqual(['', '2', '2']);
    expect(states).toEqual(['online', 'lost', 'online']);
  });

  it('does not deliver the last item again when only the closing event was lost', async () => {
    await using server = await serve(stream(item(1), item(2)), stream(item(2), end));
    expect(seqs(await follow(server.base).ended)).toEqual([1, 2, { end: true }]);
  });

  it('keeps two different items of one number', async () => {
    await using server = await serve(stream(item(1), item(1, 'the end'), end));
    expect(seqs(await follow(server.base).ended)).toEqual([1, 1, { end: true }]);
  });

  it.each([
    ['an answer of something between', json(502, '<html>Bad gateway</html>')],
    ['an engine that stops', json(503, '{"ok":false,"error":{"code":"engine-stopping","message":"Stopping"}}')],
    ['an answer that is no feed', json(200, '{"hello":1}')],
  ])('is tried again after %s', async (_name, answer) => {
    await using server = await serve(answer, stream(item(1), end));
    expect(seqs(await follow(server.base).ended)).toEqual([1, { end: true }]);
  });

  it('ends with the error when it is refused, such as after the session has ended', async () => {
    const refused = json(401, '{"ok":false,"error":{"code":"not-signed-in","message":"Sign in first"}}');
    await using server = await serve(stream(item(1)), refused);
    const { ended } = follow(server.base);
    expect((await ended).at(-1)).toEqual({ end: true, error: { code: 'not-signed-in', message: 'Sign in first' } });
    expect(server.asked).toHaveLength(2);
  });

  it('is not tried again after it was closed', async () => {
    await using server = await serve(stream(item(1)), broken);
    const { close, frames, states } = follow(server.base);
    await vi.waitFor(() => expect(states).toContain('lost'));
    close();
    const asked = server.asked.length;
    await vi.waitFor(() => expect(frames).toHaveLength(1));
    expect(server.asked.length).toBe(asked);
  });
});

describe('a call over HTTP', () => {
  it.each([
    ['nobody listens', 'http://127.0.0.1:1'],
    ['the answer is not ours', undefined],
  ])('is engine-unreachable when %s', async (_name, base) => {
    await using server = await serve(json(502, '<html>'));
    const states: WireState[] = [];
    const wire = httpWire(base ?? server.base, { onState: (state) => states.push(state) });
    expect(await wire.send('node.info', {})).toMatchObject({ ok: false, error: { code: 'engine-unreachable' } });
    expect(states).toEqual(['lost']);
  });

  it('is not-signed-in when there is no session', async () => {
    await using server = await serve(json(401, '{"ok":false,"error":{"code":"not-signed-in","message":"Sign in"}}'));
    expect(await httpWire(server.base).send('node.info', {})).toMatchObject({ error: { code: 'not-signed-in' } });
  });
});

describe('a connection that breaks again and again', () => {
  type Timer = { ms: number; act: () => void; cancelled: boolean };
  const timers = (): { set: Timer[]; after: (ms: number, act: () => void) => () => void } => {
    const set: Timer[] = [];
    return {
      set,
      after(ms, act) {
        const timer = { ms, act, cancelled: false };
        set.push(timer);
        return () => {
          timer.cancelled = true;
        };
      },
    };
  };
  const silence = 45_000;

  it('is tried after 0.25 s, then twice as long up to 5 s, and from the beginning after success', async () => {
    const { set, after } = timers();
    let tries = 0;
    const close = openResumingFeed(
      () => {
        tries += 1;
        async function* once(): AsyncIterable<string> {
          yield item(1);
        }
        return tries === 8 ? Promise.resolve({ chunks: once() }) : Promise.reject(new Error('refused'));
      },
      { onFrame: () => undefined, after },
    );
    const waits = (): Timer[] => set.filter((timer) => timer.ms !== silence);
    for (let count = 1; count <= 10; count += 1) {
      await vi.waitFor(() => expect(waits()).toHaveLength(count));
      waits().at(-1)?.act();
    }
    expect(
      waits()
        .slice(0, 10)
        .map((timer) => timer.ms),
    ).toEqual([250, 500, 1_000, 2_000, 4_000, 5_000, 5_000, 250, 500, 1_000]);
    close();
  });

  it('is given up with engine-unreachable where that is wished', async () => {
    const { set, after } = timers();
    const frames: Frame[] = [];
    let tries = 0;
    openResumingFeed(
      () => {
        tries += 1;
        async function* once(): AsyncIterable<string> {
          yield item(1);
        }
        return tries === 1 ? Promise.resolve({ chunks: once() }) : Promise.reject(new Error('refused'));
      },
      { onFrame: (frame) => frames.push(frame), giveUpAfter: 3, after },
    );
    await vi.waitFor(() => {
      set.filter((timer) => timer.ms !== silence && !timer.cancelled).forEach((timer) => timer.act());
      expect(frames).toHaveLength(2);
    });
    expect(tries).toBe(4);
    expect(frames[1]).toMatchObject({ end: true, error: { code: 'engine-unreachable' } });
  });

  it('is left when it has been silent for three heartbeats', async () => {
    const { set, after } = timers();
    const signals: AbortSignal[] = [];
    const close = openResumingFeed(
      (_last, signal) => {
        signals.push(signal);
        return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
      },
      { onFrame: () => undefined, after },
    );
    expect(set.map((timer) => timer.ms)).toEqual([silence]);
    set[0]?.act();
    await vi.waitFor(() => expect(set.map((timer) => timer.ms)).toEqual([silence, 250]));
    expect(signals[0]?.aborted).toBe(true);
    close();
  });
});
