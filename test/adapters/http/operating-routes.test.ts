import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import type { Ailment, Operating } from '#core/ports-operating';
import { composeForTest } from '../../contract/compose-for-test.ts';
import { serveControl, serveHttp, type TestConsole } from '../../contract/serve-http.ts';

const right = 'drover_metrics_right';

function operatingWith(state: { ailment: Ailment | null }): Operating {
  return {
    ailment: () => state.ailment,
    metrics: {
      isToken: (token) => token === right,
      text: async () => ({ contentType: 'text/plain; version=0.0.4; charset=utf-8', text: 'drover_healthy 1\n' }),
    },
  };
}

async function bench() {
  const engine = composeForTest();
  const state: { ailment: Ailment | null } = { ailment: null };
  const server = await serveHttp(engine, { operating: operatingWith(state) });
  return { engine, state, server, [Symbol.asyncDispose]: () => server.close() };
}

const metrics = (server: TestConsole, authorization?: string): Promise<Response> =>
  fetch(`${server.base}/metrics`, { headers: authorization === undefined ? {} : { authorization } });

describe('/healthz', () => {
  it('says without any credential that all is well, or what kind of thing is not, and no more', async () => {
    await using made = await bench();
    const well = await fetch(`${made.server.base}/healthz`);
    expect(well.status).toBe(200);
    expect(well.headers.get('cache-control')).toBe('no-store');
    expect(await well.text()).toBe('{"ok":true}');
    for (const code of ['archive-read-only', 'engine-stopping', 'no-space'] as const) {
      made.state.ailment = code;
      const ill = await fetch(`${made.server.base}/healthz`);
      expect(ill.status).toBe(503);
      const answer = (await ill.json()) as { ok: boolean; error: { message: string } };
      expect(answer).toMatchObject({ ok: false, error: { code } });
      // Neither folders nor numbers.
      expect(answer.error.message).toMatch(/^[A-Za-z ]+$/);
      expect(Object.keys(answer.error)).toEqual(['code', 'message']);
    }
  });

  it('is not answered under a name that is not the node’s', async () => {
    await using made = await bench();
    const asked = request({ port: made.server.port, path: '/healthz', headers: { host: 'evil.example' } }).end();
    const reply = await new Promise<IncomingMessage>((resolve) => asked.once('response', resolve));
    expect(reply.statusCode).toBe(403);
    expect(await text(reply)).toContain('foreign-origin');
  });
});

describe('/metrics', () => {
  it('wants the token, and no cookie in its place', async () => {
    await using made = await bench();
    const refused = [
      await metrics(made.server),
      await metrics(made.server, `Bearer ${right}x`),
      await metrics(made.server, `Basic ${right}`),
      await metrics(made.server, 'Bearer '),
      await fetch(`${made.server.base}/metrics`, { headers: { cookie: await made.server.signIn() } }),
      await fetch(`${made.server.base}/metrics?token=${right}`),
    ];
    for (const reply of refused) {
      expect(reply.status).toBe(401);
      expect(reply.headers.get('www-authenticate')).toContain('Bearer');
      expect(await reply.text()).not.toContain('drover_healthy');
    }
    const reply = await metrics(made.server, `Bearer ${right}`);
    expect(reply.status).toBe(200);
    expect(reply.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(await reply.text()).toBe('drover_healthy 1\n');
  });

  it('can be guessed at thirty times a minute, while the token goes on working', async () => {
    await using made = await bench();
    const tries = await Promise.all(Array.from({ length: 40 }, () => metrics(made.server, 'Bearer guess')));
    expect(tries.filter(({ status }) => status === 401)).toHaveLength(30);
    expect(tries.filter(({ status }) => status === 429)).toHaveLength(10);
    expect((await metrics(made.server, `Bearer ${right}`)).status).toBe(200);
    made.engine.clock.advance(60_000);
    expect((await metrics(made.server, 'Bearer guess')).status).toBe(401);
  });

  it('needs no token on the control socket, which only its owner can open', async () => {
    await using control = await serveControl(composeForTest());
    const asked = request({ socketPath: control.path, path: '/metrics', headers: { host: 'localhost' } }).end();
    const reply = await new Promise<IncomingMessage>((resolve) => asked.once('response', resolve));
    expect(reply.statusCode).toBe(200);
    expect(await text(reply)).toBe('drover_healthy 1\n');
  });
});
