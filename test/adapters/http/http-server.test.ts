import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { composeForTest, failingRun, unknownRun } from '../../contract/compose-for-test.ts';
import { serveHttp, type TestConsole } from '../../contract/serve-http.ts';
import { rawRequest, requestText } from './raw-request.ts';
import { settled } from './settled.ts';

const engine = composeForTest();
let server: TestConsole;
let cookie: string;
beforeAll(async () => {
  server = await serveHttp(engine);
  cookie = await server.signIn();
});
afterAll(() => server.close());

const post = (path: string, body: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${server.base}${path}`, {
    method: 'POST',
    body,
    headers: { cookie, 'content-type': 'application/json', ...headers },
  });
const get = (path: string): Promise<Response> => fetch(`${server.base}${path}`, { headers: { cookie } });

describe('a call', () => {
  it('is answered with the reply as it is', async () => {
    const reply = await post('/api/run.hosts', '{"run":1,"limit":3}');
    expect(reply.headers.get('content-type')).toContain('application/json');
    expect(reply.headers.get('cache-control')).toBe('no-store');
    expect(await reply.json()).toEqual({ ok: true, value: { hosts: [], next: 3 } });
  });

  it('may have an empty body, which is an empty object', async () => {
    expect((await post('/api/node.info', '')).status).toBe(200);
  });

  it('may name a character set', async () => {
    expect((await post('/api/node.info', '{}', { 'content-type': 'application/json; charset=utf-8' })).status).toBe(
      200,
    );
  });

  it.each([
    ['/api/run.get', '{"run":"?"}', 400, 'bad-input'],
    ['/api/run.get', `{"run":${unknownRun}}`, 404, 'not-found'],
    ['/api/no.such', '{}', 404, 'not-found'],
    ['/api/session.link', '{}', 403, 'access-denied'],
    ['/api/run.lines', '{"run":1}', 500, 'internal'],
    ['/nowhere', '{}', 404, 'not-found'],
  ])('to %s with %s has the status of its error: %i', async (path, body, ...[status, code]) => {
    const reply = await post(path, body);
    expect(reply.status).toBe(status);
    expect(await reply.json()).toMatchObject({ ok: false, error: { code } });
  });

  it.each(['{oops', '{"run":1}}', "{'run':1}", 'undefined', 'NaN', '{"run":1', '\u0000', '{"a":1}{"b":2}'])(
    'with the body %j is bad input and the body is not quoted',
    async (body) => {
      const reply = await post('/api/run.get', body);
      expect(reply.status).toBe(400);
      expect(await reply.json()).toEqual({ ok: false, error: { code: 'bad-input', message: 'The input is not JSON' } });
    },
  );

  it('nested a million deep is refused and the server lives', async () => {
    const reply = await post('/api/run.get', `${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`);
    expect(reply.status).toBe(400);
    expect((await post('/api/node.info', '{}')).status).toBe(200);
  });

  it('above 16 MB is refused in the same envelope', async () => {
    const reply = await post('/api/run.get', `{"run":"${'x'.repeat(17 * 1024 * 1024)}"}`);
    expect(reply.status).toBe(413);
    expect(await reply.json()).toMatchObject({ ok: false, error: { code: 'too-large' } });
  });

  it('without a session is refused before its body is looked at', async () => {
    const reply = await post('/api/run.get', '{oops', { cookie: '' });
    expect(reply.status).toBe(401);
    expect(await reply.json()).toMatchObject({ ok: false, error: { code: 'not-signed-in' } });
  });
});

describe('a download', () => {
  it('is a file with a safe name, byte for byte', async () => {
    const reply = await get('/api/run.download?q=%7B%22run%22%3A20%7D');
    expect(reply.status).toBe(200);
    expect(reply.headers.get('content-disposition')).toBe(
      `attachment; filename="run _20_.log"; filename*=UTF-8''run%20_20_.log`,
    );
    expect(reply.headers.get('x-content-type-options')).toBe('nosniff');
    const bytes = new Uint8Array(await reply.arrayBuffer());
    expect(bytes).toHaveLength(20 * 65_536);
    expect(bytes.every((byte, index) => byte === Math.floor(index / 65_536))).toBe(true);
  });

  it('waits for a slow reader and stops when the reader leaves', async () => {
    const before = engine.seen.produced;
    const reply = await get('/api/run.download?q=%7B%22run%22%3A100000%7D');
    const reader = reply.body?.getReader();
    await reader?.read();
    const count = await settled(() => engine.seen.produced);
    expect(count - before).toBeLessThan(1_000);
    await reader?.cancel();
    expect(await settled(() => engine.seen.produced)).toBeLessThan(count + 1_000);
  });

  it.each([
    ['/api/run.download?q=%7B%22run%22%3A%22%3F%22%7D', 400, 'bad-input'],
    ['/api/run.download?q={oops', 400, 'bad-input'],
    ['/api/run.download?q=1&q=2', 400, 'bad-input'],
    ['/api/run.download?q=%7B%22__proto__%22%3A1%7D', 400, 'bad-input'],
    ['/api/run.download', 400, 'bad-input'],
    [`/api/run.download?q=%7B%22run%22%3A${failingRun}%7D`, 507, 'no-space'],
    ['/api/node.info', 404, 'not-found'],
  ])('at %s is refused as JSON: %i', async (path, status, code) => {
    const reply = await get(path);
    expect(reply.status).toBe(status);
    expect(reply.headers.get('content-disposition')).toBeNull();
    expect(await reply.json()).toMatchObject({ ok: false, error: { code } });
  });
});

describe('a feed that is refused', () => {
  it.each([
    ['%7B%22run%22%3A%22%3F%22%7D', 400, 'bad-input'],
    [`%7B%22run%22%3A${unknownRun}%7D`, 404, 'not-found'],
  ])('with q=%s has a status instead of a stream: %i', async (q, status, code) => {
    const reply = await get(`/api/run.output?q=${q}`);
    expect(reply.status).toBe(status);
    expect(await reply.json()).toMatchObject({ ok: false, error: { code } });
  });

  it('without a session is 401', async () => {
    expect((await fetch(`${server.base}/api/run.output?q=%7B%22run%22%3A1%7D`)).status).toBe(401);
  });
});

describe('the pages', () => {
  it('are the index, never kept, and assets, kept for ever', async () => {
    const index = await get('/');
    expect(await index.text()).toContain('<title>Drover');
    expect(index.headers.get('content-type')).toContain('text/html');
    expect(index.headers.get('cache-control')).toBe('no-store');
    const asset = await get('/assets/index-a1b2c3.js');
    expect(asset.headers.get('content-type')).toContain('javascript');
    expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  });

  it('are those that were there at the start', async () => {
    writeFileSync(join(server.rendererDir, 'late.html'), 'late');
    expect((await get('/late.html')).status).toBe(404);
  });

  it.each(['/nowhere', '/assets', '/assets/', '/assets/no.js', '/index.html/', '//', '/%', '/%zz', '/api'])(
    'have no %s',
    async (path) => {
      const reply = await rawRequest(server.port, requestText(`GET ${path}`, { host: 'localhost' }));
      expect([400, 404]).toContain(reply.status);
      expect(JSON.parse(reply.body)).toMatchObject({ ok: false });
    },
  );
});

const policy =
  "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

it.each([
  ['GET / HTTP/1.1\r\nhost: localhost', 200],
  ['GET /assets/index-a1b2c3.js HTTP/1.1\r\nhost: localhost', 200],
  ['HEAD / HTTP/1.1\r\nhost: localhost', 200],
  ['GET /nowhere HTTP/1.1\r\nhost: localhost', 404],
  ['GET /%zz HTTP/1.1\r\nhost: localhost', 400],
  [`GET /api/${'x'.repeat(200)} HTTP/1.1\r\nhost: localhost`, 414],
  ['GET / HTTP/1.1\r\nhost: evil.example', 403],
  ['POST /api/node.info HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json', 401],
  ['POST /api/node.info HTTP/1.1\r\nhost: localhost\r\ncontent-type: text/plain', 415],
  ['PUT /enter HTTP/1.1\r\nhost: localhost', 404],
  ['this is not HTTP', 400],
  [`GET / HTTP/1.1\r\nhost: localhost\r\nx: ${'x'.repeat(20_000)}`, 400],
])('%.40s… is answered with the security headers', async (request, status) => {
  const reply = await rawRequest(server.port, `${request}\r\nconnection: close\r\n\r\n`);
  expect(reply.status).toBe(status);
  expect(reply.head).toContain(`content-security-policy: ${policy}\r\n`);
  expect(reply.head).toContain('x-content-type-options: nosniff\r\n');
  expect(reply.head).toContain('referrer-policy: no-referrer\r\n');
  expect(reply.head).toContain('cross-origin-opener-policy: same-origin\r\n');
  expect(reply.head).toContain('cross-origin-resource-policy: same-origin\r\n');
  expect(reply.head).not.toContain('access-control-');
});

it('puts the security headers on streams and files, too', async () => {
  for (const path of [`/api/run.output?q={"run":${failingRun}}`, '/api/run.download?q={"run":1}']) {
    const reply = await get(path);
    expect(reply.headers.get('content-security-policy')).toBe(policy);
    expect(reply.headers.get('cross-origin-resource-policy')).toBe('same-origin');
    await reply.body?.cancel();
  }
});
