import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createAppProtocol } from '#adapters/electron/app-protocol';
import type { Dispatcher, Handlers } from '#api/dispatcher';
import type { Actor } from '#core/ports';

const folder = mkdtempSync(join(tmpdir(), 'drover-app-'));
const pages = join(folder, 'renderer');
mkdirSync(join(pages, 'assets'), { recursive: true });
writeFileSync(join(pages, 'index.html'), '<p>page</p>');
writeFileSync(join(pages, 'assets', 'a.js'), 'export {}');
writeFileSync(join(folder, 'secret.txt'), 'secret');
afterAll(() => rmSync(folder, { recursive: true }));

const actor: Actor = {
  userId: 'u',
  name: 'kim',
  role: 'owner',
  teamId: 't',
  team: 'default',
  origin: { transport: 'ipc', address: '' },
  sessionId: null,
};

type Asked = { name: string; input: unknown; actor: Actor | undefined };
const asked: Asked[] = [];

const dispatcher: Pick<Dispatcher, 'download'> = {
  download: async (request) => {
    asked.push(request);
    if (request.name !== ('run.download' satisfies keyof Handlers)) {
      return { ok: false, error: { code: 'not-found', message: 'no such download' } };
    }
    async function* body(): AsyncGenerator<Uint8Array> {
      yield new TextEncoder().encode('line 1\n');
      yield new TextEncoder().encode('line 2\n');
    }
    return { ok: true, file: { name: 'run "1".log', contentType: 'application/octet-stream', body: body() } };
  },
};

const answer = createAppProtocol({ rendererDir: pages, dispatcher: dispatcher as Dispatcher, actor });
const get = (url: string, init?: RequestInit) => answer(new Request(url, init));

describe('the pages of the window', () => {
  it('are served with the policy that forbids everything foreign', async () => {
    const page = await get('app://drover/index.html');
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await page.text()).toBe('<p>page</p>');
    expect((await get('app://drover/')).status).toBe(200);
    expect((await get('app://drover/assets/a.js')).headers.get('content-type')).toContain('text/javascript');
  });

  it.each([
    'app://drover/../secret.txt',
    'app://drover/..%2fsecret.txt',
    'app://drover/%2e%2e/secret.txt',
    'app://drover/..%5csecret.txt',
    'app://drover/assets/..%2f..%2fsecret.txt',
    'app://drover//secret.txt',
    'app://drover/./../secret.txt',
    'app://drover/assets/%00a.js',
    'app://drover/C:/secret.txt',
    'app://drover/C:%5csecret.txt',
    'app://drover/%5c%5chost%5cshare',
    'app://drover/file:///etc/passwd',
    'app://drover/assets',
    'app://drover/assets/',
    'app://drover/INDEX.HTML',
    'app://drover/index.html%20',
    'app://drover/index.html.',
    'app://drover/index.html::$DATA',
    'app://drover/....//secret.txt',
    'app://drover/..%252fsecret.txt',
    'app://drover/..%c0%afsecret.txt',
    'app://drover/.%2e/secret.txt',
    'app://drover/assets/../../../../etc/passwd',
    'app://drover/etc/passwd',
    'app://drover///etc/passwd',
    'app://drover/%2fetc%2fpasswd',
    'app://drover/index.html/../../secret.txt',
    'app://drover/index.html/',
    'app://drover/index.html%00.js',
    'app://drover/index.html%0a',
    'app://drover/.git/config',
    'app://drover/package.json',
    'app://drover/NUL',
    'app://drover/CON.html',
    'app://drover/%5c%5c.%5cC:%5csecret.txt',
    'app://drover/assets/a.js.map',
    'app://drover/__proto__',
    'app://drover/constructor',
    'app://drover/toString',
    'app://drover/~root/secret.txt',
    'app://drover/secret.txt',
    'app://drover/%ff',
    'app://drover/%',
  ])('never leave their folder: %s', async (url) => {
    const reply = await get(url);
    expect(reply.status).toBe(404);
    expect(await reply.text()).toBe('');
  });

  it.each(['app://other/index.html', 'http://drover/index.html', 'file:///etc/passwd', 'drover://drover/index.html'])(
    'are not served under another name: %s',
    async (url) => {
      expect((await get(url)).status).toBe(403);
    },
  );

  it('are only read, never posted to', async () => {
    expect((await get('app://drover/index.html', { method: 'POST', body: 'x' })).status).toBe(403);
  });
});

describe('downloads of the window', () => {
  it('carry the bytes under a name that is no path', async () => {
    const reply = await get('app://drover/api/run.download?q=%7B%22run%22%3A1%7D');
    expect(await reply.text()).toBe('line 1\nline 2\n');
    expect(reply.headers.get('content-disposition')).toMatch(/^attachment; filename="run _1_\.log"/);
    expect(asked.at(-1)).toEqual({ name: 'run.download', input: { run: 1 }, actor });
  });

  it('refuse what is not JSON, what reaches for a prototype and what is unknown', async () => {
    for (const query of ['%7Boops', '%7B%22__proto__%22%3A%7B%7D%7D']) {
      const reply = await get(`app://drover/api/run.download?q=${query}`);
      expect(reply.status).toBe(400);
      expect(await reply.json()).toMatchObject({ ok: false, error: { code: 'bad-input' } });
    }
    expect(await (await get('app://drover/api/run.start')).json()).toMatchObject({ error: { code: 'not-found' } });
  });
});
