import { setImmediate } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import type { Frame } from '#contract';
import type { Dispatcher } from '#api/dispatcher';
import {
  composeForTest,
  endlessRun,
  failingRun,
  heavyLines,
  heavyRun,
  type TestEngine,
} from '../../contract/compose-for-test.ts';
import { serveHttp, type TestConsole } from '../../contract/serve-http.ts';
import { rawRequest, rawStream, requestText } from './raw-request.ts';
import { settled } from './settled.ts';

const feed = (input: object): string => `GET /api/run.output?q=${encodeURIComponent(JSON.stringify(input))}`;
async function open(
  engine: TestEngine = composeForTest(),
  heartbeatMs = 15_000,
): Promise<TestConsole & { headers: Record<string, string> }> {
  const server = await serveHttp(engine, { heartbeatMs });
  return Object.assign(server, { headers: { host: 'localhost', cookie: await server.signIn() } });
}

describe('a feed on the wire', () => {
  it('is an event per item with id, event and data, and a last event named end', async () => {
    await using server = await open();
    // Without chunks, as HTTP/1.1 would cut the body into.
    const request = requestText(feed({ run: 2 }), server.headers).replace('HTTP/1.1', 'HTTP/1.0');
    const reply = await rawRequest(server.port, request);
    expect(reply.status).toBe(200);
    expect(reply.head).toContain('content-type: text/event-stream\r\n');
    expect(reply.head).toContain('cache-control: no-store\r\n');
    const line = '"n":1,"host":0,"stream":"out","at":1001,"text":"line 1","open":false';
    expect(reply.body.split('\n\n').slice(0, 2)).toEqual([
      'retry: 1000',
      `id: 1\nevent: lines\ndata: {"kind":"lines","lines":[{"seq":1,${line}}]}`,
    ]);
    const events = reply.body.split('\n\n').map((event) => event.split('\n').slice(0, 2));
    expect(events).toEqual([
      ['retry: 1000'],
      ['id: 1', 'event: lines'],
      ['id: 2', 'event: lines'],
      ['id: 2', 'event: final'],
      ['event: end', 'data: {}'],
      [''],
    ]);
  });

  it('has an error as the data of its last event', async () => {
    await using server = await open();
    const reply = await rawRequest(server.port, requestText(feed({ run: failingRun }), server.headers));
    const last = 'event: end\ndata: {"error":{"code":"no-space","message":"The disk is full","detail":{"free":0}}}\n\n';
    expect(reply.body).toContain(last);
  });

  it.each([
    [{ run: 6 }, '4', [5, 6]],
    [{ run: 6, after: 1 }, '4', [5, 6]],
    [{ run: 6, after: 5 }, '3', [4, 5, 6]],
    [{ run: 6, tail: 1 }, '4', [5, 6]],
    [{ run: 6, after: 4 }, '', [5, 6]],
  ])('with the input %j and Last-Event-ID %j begins at the right item', async (input, id, seqs) => {
    await using server = await open();
    const reply = await rawRequest(server.port, requestText(feed(input), { ...server.headers, 'last-event-id': id }));
    expect([...reply.body.matchAll(/^id: (\d+)\r?\nevent: lines/gm)].map((match) => Number(match[1]))).toEqual(seqs);
  });

  it.each(['x', '-1', '1.5', '1e3', '99999999999999999999'])('refuses the Last-Event-ID %j', async (id) => {
    await using server = await open();
    const headers = { ...server.headers, 'last-event-id': id };
    const reply = await rawRequest(server.port, requestText(feed({ run: 6 }), headers));
    expect(reply.status).toBe(400);
  });

  it('sends headers and a heartbeat while there is nothing to say', async () => {
    await using server = await open(composeForTest(), 20);
    using stream = rawStream(server.port, requestText(feed({ run: endlessRun }), server.headers));
    await vi.waitFor(() => expect(stream.received().match(/^: heartbeat$/gm)?.length).toBeGreaterThan(2));
    expect(stream.received()).toContain('HTTP/1.1 200 OK');
    expect(stream.received()).toContain('id: 1\n');
  });
});

describe('the reader', () => {
  it('who is slow makes the handler wait instead of filling the memory', async () => {
    const engine = composeForTest();
    await using server = await open(engine);
    using stream = rawStream(server.port, requestText(feed({ run: heavyRun }), server.headers));
    stream.socket.pause();
    const produced = await settled(() => engine.seen.produced);
    expect(produced).toBeGreaterThan(0);
    expect(produced).toBeLessThan(heavyLines / 5);
    stream.socket.resume();
    await vi.waitFor(() => expect(engine.seen.produced).toBe(heavyLines), { timeout: 20_000 });
    await vi.waitFor(() => expect(stream.received().slice(-100)).toContain('event: end\ndata: {}'), {
      timeout: 20_000,
    });
  });

  it('who leaves stops the handler', async () => {
    const engine = composeForTest();
    await using server = await open(engine);
    const stream = rawStream(server.port, requestText(feed({ run: endlessRun }), server.headers));
    await vi.waitFor(() => expect(stream.received()).toContain('id: 1\n'));
    expect(engine.seen.stopped).toBe(0);
    stream.socket.destroy();
    await vi.waitFor(() => expect(engine.seen.stopped).toBe(1));
  });

  it('whose session has ended is told so at the next heartbeat', async () => {
    const engine = composeForTest();
    await using server = await open(engine, 20);
    using stream = rawStream(server.port, requestText(feed({ run: endlessRun }), server.headers));
    await vi.waitFor(() => expect(stream.received()).toContain('id: 1\n'));
    const owner = engine.owner('control');
    engine.sessions.list(owner).forEach(({ id }) => engine.sessions.revoke(owner, id));
    await vi.waitFor(() => expect(stream.received()).toContain('event: end\ndata: {"error":{"code":"not-signed-in"'));
    await vi.waitFor(() => expect(engine.seen.stopped).toBe(1));
  });

  it('whose session has ended is told so within a second or two, however far the next heartbeat', async () => {
    const engine = composeForTest();
    await using server = await open(engine, 60_000);
    using stream = rawStream(server.port, requestText(feed({ run: endlessRun }), server.headers));
    await vi.waitFor(() => expect(stream.received()).toContain('id: 1\n'));
    const owner = engine.owner('control');
    engine.sessions.list(owner).forEach(({ id }) => engine.sessions.revoke(owner, id));
    await vi.waitFor(() => expect(stream.received()).toContain('event: end\ndata: {"error":{"code":"not-signed-in"'), {
      timeout: 5_000,
    });
    await vi.waitFor(() => expect(engine.seen.stopped).toBe(1));
  });
});

describe('closing the server', () => {
  it('ends streams at once and without a closing event, so that the reader comes again', async () => {
    const engine = composeForTest();
    const server = await open(engine);
    using first = rawStream(server.port, requestText(feed({ run: endlessRun }), server.headers));
    using second = rawStream(server.port, requestText(feed({ run: heavyRun }), server.headers));
    second.socket.pause();
    await vi.waitFor(() => expect(first.received()).toContain('id: 1\n'));
    await settled(() => engine.seen.produced);
    const began = performance.now();
    await server.close();
    expect(performance.now() - began).toBeLessThan(2_000);
    await vi.waitFor(() => expect(first.closed()).toBe(true));
    expect(first.received()).not.toContain('event: end');
    expect(first.received().endsWith('\r\n0\r\n\r\n')).toBe(true);
    await vi.waitFor(() => expect(engine.seen.stopped).toBe(1));
    second.socket.resume();
    await vi.waitFor(() => expect(second.closed()).toBe(true));
  });

  it('does not wait for a handler that does not listen', async () => {
    const server = await open(
      withFeed(async function* () {
        yield { seq: 1, item: {} };
        await new Promise(() => undefined);
      }),
    );
    using stream = rawStream(server.port, requestText(feed({ run: 1 }), server.headers));
    await vi.waitFor(() => expect(stream.received()).toContain('id: 1\nevent: item\n'));
    await server.close();
    await vi.waitFor(() => expect(stream.closed()).toBe(true));
  });

  it('asks a handler that does not listen for nothing more', async () => {
    let produced = 0;
    const server = await open(
      withFeed(async function* () {
        for (;;) {
          await setImmediate();
          produced += 1;
          yield { seq: produced, item: {} };
        }
      }),
    );
    using stream = rawStream(server.port, requestText(feed({ run: 1 }), server.headers));
    await vi.waitFor(() => expect(stream.received()).toContain('id: 100\n'));
    await server.close();
    expect(await settled(() => produced)).toBeGreaterThan(99);
  });
});

function withFeed(follow: () => AsyncIterable<Frame>): TestEngine {
  const engine = composeForTest();
  const dispatcher: Dispatcher = { ...engine.dispatcher, follow };
  return { ...engine, dispatcher };
}
