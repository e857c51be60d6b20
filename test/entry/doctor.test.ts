import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Finding } from '../../src-main/cli/host.ts';
import { type DroverSite, type StartOptions, testSite } from '../support/drover-process.ts';

/** What the doctor finds, by check, and its exit code. */
async function look(site: DroverSite, env: StartOptions['env'] = {}) {
  const { code, out, err } = await site.run(['doctor', '--json'], { env: { HOME: site.folder, ...env } });
  expect(err).toBe('');
  const findings = out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Finding);
  const of = (check: string): Finding => findings.find((one) => one.check === check) ?? expect.fail(`no ${check}`);
  return { code, findings, of };
}

it('the doctor finds nothing to mend where nobody has worked yet, and leaves nothing there', async () => {
  const site = testSite();
  const { code, findings, of } = await look(site);
  expect(findings.filter(({ state }) => state === 'fail')).toEqual([]);
  expect(code).toBe(0);
  expect(of('data-folder').seen).toContain('not there yet');
  expect(of('bus').seen).toContain('None is configured');
  expect(statSync(site.data, { throwIfNoEntry: false })).toBeUndefined();
});

it('the doctor looks at a node that works, and at the same one when it has ended', async () => {
  const site = testSite();
  const engine = await site.serve();
  await site.exec(['--', 'true']);
  const served = await look(site);
  expect(served.code).toBe(0);
  expect(served.of('engine').seen).toContain(`process ${engine.pid} serves it`);
  expect(served.of('archive')).toMatchObject({ state: 'ok', seen: expect.stringMatching(/^1 run, /) as string });
  expect(served.of('log').state).toBe('ok');
  expect(served.of('clock').seen).toContain('after the newest run');
  expect(served.of('data-folder').seen).toContain('mode 0700');
  engine.send('SIGTERM');
  expect((await engine.ended).code).toBe(0);
  const alone = await look(site);
  expect(alone.of('engine').seen).toContain('None runs');
  expect(alone.of('archive').seen).toMatch(/^1 run, /);
});

it('the doctor says of an engine that was halted that it does not answer', async () => {
  const site = testSite();
  const engine = await site.serve();
  engine.send('SIGSTOP');
  const { code, of } = await look(site);
  expect(of('engine')).toMatchObject({
    state: 'fail',
    remedy: expect.stringContaining(`ps -fp ${engine.pid}`) as string,
  });
  expect(code).toBe(1);
  engine.send('SIGCONT');
});

it('the doctor finds what is wrong with folder, archive, key, configuration and SSH, and where', async () => {
  const site = testSite();
  await site.exec(['--', 'true']);
  writeFileSync(join(site.folder, 'pass'), 'long enough to seal\n', { mode: 0o600 });
  await site.run(['credential', 'add', 'deploy', '--generate']);
  await site.run(['unlock', '--set', '--passphrase-file', 'pass']);
  chmodSync(join(site.data, 'secrets/key'), 0o644);
  chmodSync(site.data, 0o755);
  truncateSync(site.archive, 4_096);
  site.configure('{"listen": 7}');
  mkdirSync(join(site.folder, '.ssh'), { mode: 0o700 });
  writeFileSync(join(site.folder, '.ssh/config'), 'Host a\n  Port many\n', { mode: 0o600 });
  writeFileSync(join(site.folder, '.ssh/known_hosts'), 'nonsense\n');
  const { code, of } = await look(site, { SSH_AUTH_SOCK: join(site.folder, 'nobody') });
  expect(code).toBe(1);
  expect(of('configuration')).toMatchObject({
    state: 'fail',
    seen: expect.stringContaining('listen must be') as string,
  });
  expect(of('data-folder')).toMatchObject({ state: 'warn', remedy: expect.stringContaining('chmod 700') as string });
  expect(of('archive')).toMatchObject({ state: 'fail', remedy: expect.stringContaining('drover salvage') as string });
  expect(of('secrets')).toMatchObject({ seen: expect.stringContaining('chmod 600') as string });
  expect(of('ssh-config')).toMatchObject({ state: 'fail', seen: expect.stringContaining('line 2') as string });
  expect(of('known-hosts')).toMatchObject({ state: 'warn', seen: expect.stringContaining('line 1') as string });
  expect(of('ssh-agent')).toMatchObject({ state: 'warn', seen: expect.stringContaining('nobody answers') as string });
});

it('the doctor reads the certificate of the console', async () => {
  const site = testSite();
  mkdirSync(site.data, { mode: 0o700 });
  const files = ['-keyout', join(site.data, 'k.pem'), '-out', join(site.data, 'c.pem')];
  const subject = ['-subj', '/CN=node', '-days', '3', '-nodes'];
  const program = 'openssl';
  expect(spawnSync(program, ['req', '-x509', '-newkey', 'rsa:2048', ...files, ...subject]).status).toBe(0);
  site.configure({ tls: { certFile: 'c.pem', keyFile: 'k.pem' } });
  const { of } = await look(site);
  expect(of('certificate')).toMatchObject({ state: 'warn', seen: expect.stringContaining('3 days left') as string });
});
