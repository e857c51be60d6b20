import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { composeForTest } from '../../contract/compose-for-test.ts';
import { serveHttp } from '../../contract/serve-http.ts';

type Asked = { readonly port: number; readonly ca: string; readonly path: string; readonly headers?: object };

function post(
  { port, ca, path, headers }: Asked,
  body: object,
): Promise<{ cookie: string; status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', servername: 'localhost', port, ca, path, method: 'POST', agent: false };
    const all = { host: `localhost:${port}`, 'content-type': 'application/json', ...headers };
    const asked = request({ ...options, headers: all }, (response) => {
      const cookie = response.headers['set-cookie']?.[0] ?? '';
      text(response).then((read) => resolve({ cookie, status: response.statusCode ?? 0, body: read }), reject);
    });
    asked.on('error', reject);
    asked.end(JSON.stringify(body));
  });
}

it('serves the console over TLS with a cookie that is never sent in the clear', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'drover-tls-'));
  const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const what = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-days', '1', '-nodes'];
  const files = ['-keyout', keyFile, '-out', certFile];
  await promisify(execFile)('openssl', [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    ...what,
    ...files,
  ]);
  const [key, ca] = [readFileSync(keyFile, 'utf8'), readFileSync(certFile, 'utf8')];
  rmSync(folder, { recursive: true });

  const engine = composeForTest();
  await using server = await serveHttp(engine, { tls: { key, cert: ca } });
  const { port } = server;
  const { token } = engine.sessions.createLinkToken();
  const origin = `https://localhost:${port}`;
  const entered = await post({ port, ca, path: '/enter', headers: { origin } }, { token });
  expect(entered.status).toBe(200);
  expect(entered.cookie).toContain('; Secure');
  const cookie = entered.cookie.split(';')[0] ?? '';
  expect((await post({ port, ca, path: '/api/node.info', headers: { cookie, origin } }, {})).status).toBe(200);
  const plain = { cookie, origin: `http://localhost:${port}` };
  expect((await post({ port, ca, path: '/api/node.info', headers: plain }, {})).status).toBe(403);
});
