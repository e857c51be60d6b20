import { afterAll, beforeAll, expect, it } from 'vitest';
import { composeForTest } from '../../contract/compose-for-test.ts';
import { serveHttp, type TestConsole } from '../../contract/serve-http.ts';
import { rawRequest, requestText } from './raw-request.ts';

let server: TestConsole;
beforeAll(async () => {
  server = await serveHttp(composeForTest());
});
afterAll(() => server.close());

/** `secret.txt` lies beside the folder of the pages; the others are where such attempts usually aim. */
const targets = ['secret.txt', 'etc/passwd'];
const climbs = [
  '../', '../../../../../../', '..%2f', '..%2f..%2f..%2f', '%2e%2e/', '%2e%2e%2f', '%2E%2E%2F', '.%2e/', '%2e./',
  '..%5c', '..\\', '..\\..\\', '%2e%2e%5c', '....//', '..././', '..;/', '.././', './../', '//../', '/%2e%2e//',
  '%252e%252e%252f', '..%252f', '%c0%ae%c0%ae/', '%uff0e%uff0e/', 'assets/../../', 'assets/..%2f..%2f', 'index.html/../../',
]; // prettier-ignore
const absolute = [
  '/etc/passwd', '//etc/passwd', '///etc/passwd', '/%2fetc/passwd', '/file:///etc/passwd', '/C:/Windows/win.ini',
  '/C:%5cWindows%5cwin.ini', '/%5c%5cserver%5cshare', '//server/share/x', '/\\\\?\\C:\\x', '/secret.txt%00.html',
  '/assets/%00', '/index.html%00../../secret.txt', '/renderer/../secret.txt', '/./../secret.txt', '/~/secret.txt',
  '/%2e%2e', '/..', '/.', '/...', '/assets/..', '/?file=../secret.txt',
]; // prettier-ignore
const attempts = [...targets.flatMap((target) => climbs.map((climb) => `/${climb}${target}`)), ...absolute];

it('knows at least fifty ways to climb out', () => {
  expect(attempts.length).toBeGreaterThanOrEqual(50);
});

it.each(attempts)('serves nothing from outside at %s', async (path) => {
  const reply = await rawRequest(server.port, requestText(`GET ${path}`, { host: 'localhost' }));
  expect(reply.body).not.toContain('TOP-SECRET');
  expect(reply.body).not.toContain('root:');
  if (!path.startsWith('/?')) {
    expect([400, 404]).toContain(reply.status);
    expect(JSON.parse(reply.body)).toMatchObject({ ok: false });
  }
});
