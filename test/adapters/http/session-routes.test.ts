import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { composeForTest } from '../../contract/compose-for-test.ts';
import { enter, serveHttp, type TestConsole, testNodeId } from '../../contract/serve-http.ts';

const engine = composeForTest();
let server: TestConsole;
beforeAll(async () => {
  server = await serveHttp(engine);
});
afterAll(() => server.close());

const minute = 60_000;
const hour = 60 * minute;

const post = (path: string, cookie: string, body = '{}'): Promise<Response> =>
  fetch(`${server.base}${path}`, { method: 'POST', body, headers: { cookie, 'content-type': 'application/json' } });
const statusWith = async (cookie: string): Promise<number> => (await post('/api/node.info', cookie)).status;
const newToken = (): string => engine.sessions.createLinkToken().token;

describe('a link', () => {
  it('is changed for a cookie that pages cannot read', async () => {
    const reply = await enter(server.base, newToken());
    expect(reply.status).toBe(200);
    expect(await reply.json()).toEqual({ ok: true, value: {} });
    const [cookie = '', ...attributes] = (reply.headers.getSetCookie()[0] ?? '').split('; ');
    expect(cookie).toMatch(new RegExp(`^drover-${testNodeId}=[A-Za-z0-9_-]{43}$`));
    const latest = new Date(engine.clock.now() + 7 * 24 * hour).toUTCString();
    expect(attributes.toSorted()).toEqual([`Expires=${latest}`, 'HttpOnly', 'Path=/', 'SameSite=Strict']);
    expect(await statusWith(cookie)).toBe(200);
  });

  it('opens one session only', async () => {
    const token = newToken();
    expect((await enter(server.base, token)).status).toBe(200);
    const again = await enter(server.base, token);
    expect(again.status).toBe(422);
    expect(again.headers.getSetCookie()).toEqual([]);
    expect(await again.json()).toMatchObject({ ok: false, error: { code: 'link-expired' } });
  });

  it('is of no use after ten minutes', async () => {
    const token = newToken();
    engine.clock.advance(10 * minute);
    expect(await (await enter(server.base, token)).json()).toMatchObject({ error: { code: 'link-expired' } });
  });

  it.each(['{}', '{"token":7}', '{"token":null}', `{"token":"${'x'.repeat(1_000)}"}`, '[]', 'null', '"text"'])(
    'as %.30s is bad input',
    async (body) => {
      engine.clock.advance(minute);
      expect(await (await post('/enter', '', body)).json()).toMatchObject({ error: { code: 'bad-input' } });
    },
  );

  it.each(['/enter', '/leave'])('is not looked for in a long body, which anybody may send to %s', async (path) => {
    engine.clock.advance(minute);
    const reply = await post(path, '', `{"token":"${'x'.repeat(1_100)}"}`);
    expect(reply.status).toBe(413);
    expect(await reply.json()).toMatchObject({ error: { code: 'too-large' } });
  });

  it('can be guessed at thirty times a minute', async () => {
    engine.clock.advance(minute);
    const tries = await Promise.all(Array.from({ length: 40 }, () => enter(server.base, 'a-guess')));
    expect(tries.filter((reply) => reply.status === 422)).toHaveLength(30);
    expect(tries.filter((reply) => reply.status === 429)).toHaveLength(10);
    const token = newToken();
    expect(await (await enter(server.base, token)).json()).toMatchObject({ error: { code: 'too-many-tries' } });
    engine.clock.advance(minute);
    expect((await enter(server.base, token)).status).toBe(200);
  });
});

describe('a session', () => {
  it('ends when it was not used for twelve hours', async () => {
    const cookie = await server.signIn();
    engine.clock.advance(11 * hour);
    expect(await statusWith(cookie)).toBe(200);
    engine.clock.advance(11 * hour);
    expect(await statusWith(cookie)).toBe(200);
    engine.clock.advance(12 * hour);
    expect(await statusWith(cookie)).toBe(401);
  });

  it('ends after seven days, however busy', async () => {
    const cookie = await server.signIn();
    const statuses = [];
    for (let hours = 0; hours < 7 * 24; hours += 6) {
      statuses.push(await statusWith(cookie));
      engine.clock.advance(6 * hour);
    }
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(await statusWith(cookie)).toBe(401);
  });

  it('ends by leaving, for the browser and on the node', async () => {
    const cookie = await server.signIn();
    const reply = await post('/leave', cookie);
    expect(reply.status).toBe(200);
    expect(reply.headers.getSetCookie()[0]).toMatch(/^drover-node-1=;.*Expires=Thu, 01 Jan 1970/);
    expect(await statusWith(cookie)).toBe(401);
    expect((await post('/leave', cookie)).status).toBe(200);
  });

  it('is listed and can be revoked by another one', async () => {
    const mine = await server.signIn();
    const other = await server.signIn();
    const { value } = (await (await post('/api/session.list', mine)).json()) as {
      value: { sessions: { id: string; current: boolean; agent: string }[] };
    };
    expect(value.sessions.filter((one) => one.current)).toHaveLength(1);
    expect(value.sessions[0]?.agent).toContain('node');
    for (const { id } of value.sessions.filter((one) => !one.current)) {
      expect((await post('/api/session.revoke', mine, JSON.stringify({ id }))).status).toBe(200);
    }
    expect(await statusWith(other)).toBe(401);
    expect(await statusWith(mine)).toBe(200);
  });

  it.each(['drover-node-1=guess', 'drover-node-1=', 'drover-node-2=x', 'drover-node-1=%00', 'other=1', ''])(
    'is not opened by the cookie %j',
    async (cookie) => {
      expect(await statusWith(cookie)).toBe(401);
    },
  );
});
