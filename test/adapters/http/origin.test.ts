import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refuseOrigin } from '#adapters/http/host-guard';
import { composeForTest } from '../../contract/compose-for-test.ts';
import { serveHttp, type TestConsole } from '../../contract/serve-http.ts';
import { rawRequest, requestText } from './raw-request.ts';

const engine = composeForTest();
let server: TestConsole;
let cookie: string;
beforeAll(async () => {
  server = await serveHttp(engine);
  cookie = await server.signIn();
});
afterAll(() => server.close());

const call = (headers: Record<string, string>): Promise<{ status: number; head: string; body: string }> =>
  rawRequest(
    server.port,
    requestText(
      'POST /api/node.info',
      { host: 'localhost', cookie, 'content-type': 'application/json', ...headers },
      '{}',
    ),
  );

describe('the Host header', () => {
  it.each([
    'localhost',
    'localhost:7070',
    'LOCALHOST:1',
    '127.0.0.1',
    '127.0.0.1:65535',
    '[::1]',
    '[::1]:7070',
    'console.example.com',
    'Console.Example.com:443',
  ])('may be %s', async (host) => {
    expect((await call({ host })).status).toBe(200);
  });

  it.each([
    'evil.example',
    'evil.example:7070',
    'localhost.evil.example',
    'evil.example#localhost',
    'localhost@evil.example',
    'localhost.',
    '127.0.0.1.nip.io',
    '127.0.0.2',
    '0.0.0.0',
    '0',
    '2130706433',
    '0x7f000001',
    '127.1',
    '[::]',
    '[::ffff:127.0.0.1]',
    '::1',
    '192.168.1.10:7070',
    'sub.console.example.com',
    'localhost:99999999',
    'localhost:x',
    'localhost, evil.example',
    '',
  ])('may not be %j', async (host) => {
    const before = engine.seen.actors.length;
    const reply = await call({ host });
    expect(reply.status).toBe(403);
    expect(JSON.parse(reply.body)).toMatchObject({ ok: false, error: { code: 'foreign-origin' } });
    expect(engine.seen.actors).toHaveLength(before);
  });

  it('must be there, and in the request line nobody else may stand', async () => {
    const without = await rawRequest(server.port, `GET / HTTP/1.0\r\n\r\n`);
    expect(without.status).toBe(403);
    const absolute = requestText('GET http://evil.example/api/node.info', { host: 'localhost', cookie });
    expect((await rawRequest(server.port, absolute)).status).toBeGreaterThanOrEqual(400);
  });

  it('is judged for pages and links as for calls', async () => {
    const lines = ['GET /', 'GET /assets/index-a1b2c3.js', 'POST /enter', 'GET /api/run.output?q=%7B%22run%22:1%7D'];
    for (const line of lines) {
      const headers = { host: 'evil.example', cookie, 'content-type': 'application/json' };
      const reply = await rawRequest(server.port, requestText(line, headers));
      expect([line, reply.status]).toEqual([line, 403]);
      expect(reply.body).not.toContain('<title>');
    }
  });
});

describe('the Origin header', () => {
  it.each([
    ['localhost:7070', 'http://localhost:7070'],
    ['127.0.0.1:5', 'http://127.0.0.1:5'],
    ['[::1]:7070', 'http://[::1]:7070'],
    ['Localhost:7070', 'http://localhost:7070'],
  ])('passes on %s when it is %s', async (host, origin) => {
    expect((await call({ host, origin })).status).toBe(200);
  });

  it.each([
    'http://evil.example',
    'https://localhost:7070',
    'http://localhost',
    'http://localhost:3000',
    'http://127.0.0.1:7070',
    'http://localhost:7070.evil.example',
    'http://localhost:7070/',
    'null',
    'file://',
    'chrome-extension://abc',
    '',
  ])('is refused on localhost:7070 when it is %j', async (origin) => {
    const before = engine.seen.actors.length;
    const reply = await call({ host: 'localhost:7070', origin });
    expect(reply.status).toBe(403);
    expect(engine.seen.actors).toHaveLength(before);
  });

  it('is never answered with permission to read', async () => {
    const preflight = await rawRequest(
      server.port,
      requestText('OPTIONS /api/run.start', {
        host: 'localhost:7070',
        origin: 'http://localhost:7070',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      }),
    );
    expect(preflight.status).toBe(404);
    const own = await call({ host: 'localhost:7070', origin: 'http://localhost:7070' });
    const foreign = await call({ host: 'localhost:7070', origin: 'http://evil.example' });
    for (const reply of [preflight, own, foreign]) {
      expect(reply.head).not.toContain('access-control-');
    }
  });
});

describe('a page of another origin', () => {
  it.each([
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/plain',
    'text/plain; application/json',
    'application/jsonp',
    'application/json-patch+json',
    '',
  ])('cannot send a call as %j', async (type) => {
    const before = engine.seen.actors.length;
    const reply = await call({ 'content-type': type });
    expect(reply.status).toBe(415);
    expect(JSON.parse(reply.body)).toMatchObject({ ok: false, error: { code: 'bad-input' } });
    expect(engine.seen.actors).toHaveLength(before);
  });

  it('cannot send a call without a body or a content type', async () => {
    const before = engine.seen.actors.length;
    const reply = await rawRequest(server.port, requestText('POST /api/node.info', { host: 'localhost', cookie }));
    expect(reply.status).toBe(415);
    expect(engine.seen.actors).toHaveLength(before);
  });

  it.each(['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'QUERY'])(
    'cannot make a call by %s',
    async (method) => {
      const before = engine.seen.actors.length;
      const headers = { host: 'localhost', cookie, 'content-type': 'application/json' };
      const reply = await rawRequest(server.port, requestText(`${method} /api/node.info`, headers));
      expect(reply.status).toBe(404);
      expect(engine.seen.actors).toHaveLength(before);
    },
  );

  it('cannot open a feed or file by HEAD', async () => {
    for (const name of ['run.output', 'run.download']) {
      const line = `HEAD /api/${name}?q=%7B%22run%22:1%7D`;
      expect((await rawRequest(server.port, requestText(line, { host: 'localhost', cookie }))).status).toBe(404);
    }
  });

  it.each(['same-site', 'cross-site'])('cannot load a feed or file as %s', async (site) => {
    const headers = { host: 'localhost', cookie, 'sec-fetch-site': site };
    for (const name of ['run.output', 'run.download']) {
      const reply = await rawRequest(server.port, requestText(`GET /api/${name}?q=%7B%22run%22:1%7D`, headers));
      expect(reply.status).toBe(403);
    }
  });

  it('may link to the console', async () => {
    const headers = { host: 'localhost', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
    expect((await rawRequest(server.port, requestText('GET /', headers))).status).toBe(200);
  });

  it('cannot upgrade to a WebSocket', async () => {
    const headers = {
      host: 'localhost',
      cookie,
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
    };
    const reply = await rawRequest(
      server.port,
      requestText('GET /api/run.changes', headers).replace('connection: close', 'connection: upgrade, close'),
    );
    expect(reply.status).not.toBe(101);
  });
});

describe('X-Forwarded headers', () => {
  const forwarded = { 'x-forwarded-host': 'console.example.com', 'x-forwarded-proto': 'https' };

  it('are ignored without a trusted proxy', async () => {
    const reply = await call({ ...forwarded, host: 'localhost', origin: 'https://console.example.com' });
    expect(reply.status).toBe(403);
    const enough = await call({ ...forwarded, 'x-forwarded-for': '203.0.113.9' });
    expect(enough.status).toBe(200);
    expect(engine.seen.actors.at(-1)?.origin.address).toBe('127.0.0.1');
  });

  it('are believed one hop far behind a trusted proxy', async () => {
    await using behind = await serveHttp(engine, { trustProxy: true });
    const token = engine.sessions.createLinkToken().token;
    const headers = { ...forwarded, host: 'localhost', 'content-type': 'application/json' };
    const entered = await rawRequest(
      behind.port,
      requestText(
        'POST /enter',
        { ...headers, origin: 'https://console.example.com', 'x-forwarded-for': '198.51.100.1, 203.0.113.9' },
        JSON.stringify({ token }),
      ),
    );
    expect(entered.status).toBe(200);
    expect(entered.head).toContain('; secure');
    const session = engine.sessions.list(engine.owner('control')).find((one) => one.address === '203.0.113.9');
    expect(session).toBeDefined();
  });

  it('cannot make a foreign Host look like ours behind a trusted proxy', async () => {
    await using behind = await serveHttp(engine, { trustProxy: true });
    const headers = { ...forwarded, host: 'evil.example' };
    expect((await rawRequest(behind.port, requestText('GET /', headers))).status).toBe(403);
    const other = { host: 'localhost', 'x-forwarded-host': 'evil.example' };
    expect((await rawRequest(behind.port, requestText('GET /', other))).status).toBe(403);
  });
});

it('allows no name but those of this machine when none is configured', () => {
  const request = { visibleScheme: 'http', origin: undefined, site: undefined };
  expect(refuseOrigin({ ...request, host: 'a.example', visibleHost: 'a.example' }, [])).toBe('host');
  expect(refuseOrigin({ ...request, host: 'a.example', visibleHost: 'a.example' }, ['A.example'])).toBeUndefined();
});

describe('a stranger', () => {
  it.each(['/api/run.download', '/%61pi/run.download', '/ap%69/run.download'])(
    'on another port of this machine is refused at %s',
    async (path) => {
      const request = requestText(`GET ${path}`, { host: 'localhost', cookie, 'sec-fetch-site': 'same-site' }, '');
      const { status, body } = await rawRequest(server.port, request);
      expect(status).toBe(403);
      expect(body).toContain('foreign-origin');
    },
  );

  it('fills the log with no more than thirty short lines a minute', async () => {
    engine.clock.advance(60_000);
    const before = engine.logged.length;
    const origin = `http://${'e'.repeat(5_000)}.example`;
    for (let count = 0; count < 40; count += 1) {
      expect((await call({ origin })).status).toBe(403);
    }
    const lines = engine.logged.slice(before);
    expect(lines).toHaveLength(30);
    expect(JSON.stringify(lines[0]).length).toBeLessThan(500);
  });

  it('has no body parsed at an address that is not there', async () => {
    const request = requestText('POST /nothing', { host: 'localhost', 'content-type': 'application/json' }, 'not JSON');
    expect((await rawRequest(server.port, request)).status).toBe(404);
  });
});
