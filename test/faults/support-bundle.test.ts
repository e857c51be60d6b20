import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { expect, it, vi } from 'vitest';
import { openPromise } from 'yauzl';
import { type DroverProcess, type DroverSite, testSite } from '../support/drover-process.ts';
import { canariesFor, foundIn } from './canaries.ts';
import { ended } from './runs.ts';

const planted = [
  'password of a credential', 'sudo password of a credential', 'passphrase of a stored key', 'password of a winrm credential',
  'text of a script', 'argument of a script', 'variable of a script', 'input of a script', 'parameter of a script',
  'stdout of a script', 'stderr of a script', 'name of a run', 'text of a refused script', 'parameter of a refused script',
  'password given with a run', 'sudo password given with a run', 'passphrase given with a run', 'key given with a run',
  'attribute of a target', 'variable of the engine', 'DROVER_ variable of the engine',
  'variable of the command line', 'passphrase of the secrets', 'wrong passphrase', 'passphrase that was refused',
  'SetEnv of ssh_config', 'ProxyCommand of ssh_config', 'line of known_hosts', 'cookie of a request', 'token of a request',
  'query of a request', 'path of a request', 'body that is no JSON', 'field that is unknown', 'name of a call',
  'token of a link', 'value of a setting', 'search that is wrong', 'words of drover exec', 'argument of drover exec',
] as const; // prettier-ignore

const canaries = canariesFor(planted);

/** Secrets that Drover makes itself, as they are made. */
const own: Record<string, string> = {};

const urlOf = (engine: DroverProcess): string => /console is at (http:\S+)/.exec(engine.out)?.[1] ?? '';

/** What is asked here is refused, which is the point. */
const refused = (asked: Promise<unknown>): Promise<unknown> => asked.catch(() => undefined);

const encryptedKey = (passphrase: string): string =>
  generateKeyPairSync('rsa', {
    modulusLength: 2_048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase },
  }).privateKey;

function writeHome(site: DroverSite): string {
  const home = join(site.folder, 'home');
  mkdirSync(join(home, '.ssh'), { recursive: true, mode: 0o700 });
  const config = `Host away\n  SetEnv TOKEN="${canaries['SetEnv of ssh_config']}"\nHost proxied\n  ProxyCommand nc ${canaries['ProxyCommand of ssh_config']} %h\n`;
  writeFileSync(join(home, '.ssh', 'config'), config, { mode: 0o600 });
  writeFileSync(join(home, '.ssh', 'known_hosts'), `away ${canaries['line of known_hosts']}\n`, { mode: 0o600 });
  return home;
}

async function plantStored({ client }: DroverSite): Promise<void> {
  const isOpen = async (): Promise<void> => expect((await client.call('vault.state', {})).state).toBe('open');
  await vi.waitFor(isOpen, { timeout: 20_000, interval: 50 });
  await client.call('credential.create', {
    name: 'one',
    kind: 'password',
    secret: {
      password: canaries['password of a credential'],
      becomePassword: canaries['sudo password of a credential'],
    },
  });
  const passphrase = canaries['passphrase of a stored key'];
  const privateKey = encryptedKey(passphrase);
  own['a stored key'] = privateKey.split('\n')[3] ?? '';
  await client.call('credential.create', { name: 'two', kind: 'key', secret: { privateKey, passphrase } });
  const password = canaries['password of a winrm credential'];
  await client.call('credential.create', { name: 'three', kind: 'winrm', secret: { password } });
  await client.call('target.create', {
    name: 'quiet-badger',
    address: '127.0.0.1',
    port: 1,
    attributes: { note: canaries['attribute of a target'] },
  });
}

async function plantRuns(site: DroverSite): Promise<void> {
  const { client } = site;
  const script = `# ${canaries['text of a script']}\nx='${canaries['stdout of a script']}'\necho "$x"; echo '${canaries['stderr of a script']}' >&2; cat; exit 3`;
  const run = await client.call('run.start', {
    name: canaries['name of a run'],
    targets: 'local',
    task: {
      type: 'script',
      text: `${script}\n# {{ WORD }}`,
      args: [canaries['argument of a script']],
      environment: { TOKEN: canaries['variable of a script'] },
      stdin: canaries['input of a script'],
      parameters: { WORD: canaries['parameter of a script'] },
    },
  });
  await ended(site, run.id);
  const passphrase = canaries['passphrase given with a run'];
  const away = await client.call('run.start', {
    targets: 'quiet-badger',
    task: { type: 'script', text: 'true' },
    login: {
      password: canaries['password given with a run'],
      keys: [{ privateKey: encryptedKey(passphrase), passphrase }],
      become: { password: canaries['sudo password given with a run'] },
    },
  });
  await ended(site, away.id);
  const text = `#!/bin/${canaries['text of a refused script']}\n{{ nothing }}`;
  const parameters = { other: canaries['parameter of a refused script'] };
  await refused(client.call('run.start', { targets: 'local', task: { type: 'script', text, parameters } }));
  const keys = [{ privateKey: `-----BEGIN PRIVATE KEY-----\n${canaries['key given with a run']}` }];
  const task = { type: 'script', text: 'true' } as const;
  await refused(client.call('run.start', { targets: 'quiet-badger', task, login: { keys } }));
}

async function plantRequests(site: DroverSite, engine: DroverProcess): Promise<void> {
  const { client } = site;
  const url = urlOf(engine);
  const send = (path: string, init: RequestInit = {}): Promise<unknown> =>
    refused(fetch(`${url}${path}`, init).then((reply) => reply.text()));
  const json = { 'content-type': 'application/json' };
  const cookie = `drover-x=${encodeURIComponent(canaries['cookie of a request'])}`;
  await send('/api/node.info', { method: 'POST', headers: { ...json, cookie }, body: '{}' });
  const authorization = `Bearer ${encodeURIComponent(canaries['token of a request'])}`;
  await send('/metrics', { headers: { authorization } });
  await send(`/api/run.output?q=${encodeURIComponent(canaries['query of a request'])}`);
  await send(`/${encodeURIComponent(canaries['path of a request'])}`);
  await send('/enter', { method: 'POST', headers: json, body: `{"token":${canaries['body that is no JSON']}` });
  const token = JSON.stringify({ token: canaries['token of a link'] });
  await send('/enter', { method: 'POST', headers: json, body: token });
  const unknown = { name: 'limits.runsAtOnce', value: canaries['value of a setting'], rev: 0 } as const;
  await refused(client.call('settings.set', { changes: [unknown] }));
  await refused(client.call('node.info', { [canaries['field that is unknown']]: 1 } as never));
  await refused(client.call(canaries['name of a call'] as never, {} as never));
  await refused(client.call('run.list', { search: `/(${canaries['search that is wrong']}/` } as never));
  await refused(client.call('vault.unlock', { passphrase: canaries['wrong passphrase'] }));
  const short = { passphrase: canaries['passphrase that was refused'], removeKeyFile: 'yes' };
  await refused(client.call('vault.passphrase', short as never));
  own['the link'] = /#\/enter\/(\S+)/.exec(engine.out)?.[1] ?? '';
  const entered = await fetch(`${url}/enter`, {
    method: 'POST',
    headers: json,
    body: JSON.stringify({ token: own['the link'] }),
  });
  own['the session'] = /=([^;]+)/.exec(entered.headers.getSetCookie()[0] ?? '')?.[1] ?? '';
}

async function unpack(file: string): Promise<Map<string, Buffer>> {
  const zip = await openPromise(file, { autoClose: false });
  const found = new Map<string, Buffer>();
  for await (const entry of zip.eachEntry()) {
    const parts: Buffer[] = [];
    for await (const part of await zip.openReadStreamPromise(entry)) {
      parts.push(part as Buffer);
    }
    found.set(entry.fileName, Buffer.concat(parts));
  }
  zip.close();
  return found;
}

const overSocket = async (site: DroverSite, path: string): Promise<string> => {
  const asked = request({ socketPath: join(site.data, 'control.sock'), path, headers: { host: 'localhost' } }).end();
  return textOf(await new Promise<IncomingMessage>((resolve) => asked.once('response', resolve)));
};

it(`none of ${planted.length} planted secrets stands in what a node says of itself`, async () => {
  expect(planted.length).toBeGreaterThanOrEqual(40);
  const site = testSite();
  const home = writeHome(site);
  site.configure({ name: 'quiet-node', hostNames: ['quiet-badger.example'] });
  const passphrase = join(site.folder, 'passphrase');
  writeFileSync(passphrase, `${canaries['passphrase of the secrets']}\n`, { mode: 0o600 });
  const env = {
    HOME: home,
    DROVER_PASSPHRASE_FILE: passphrase,
    SECRET_OF_THE_ENGINE: canaries['variable of the engine'],
    DROVER_SOMETHING: canaries['DROVER_ variable of the engine'],
  };
  const engine = await site.serve({ env });
  await plantStored(site);
  await plantRuns(site);
  await plantRequests(site, engine);
  own['the metrics token'] = (await site.run(['metrics', 'token'])).out.trim();
  const words = ['echo', canaries['words of drover exec'], canaries['argument of drover exec']];
  const exec = await site.exec(['--', ...words], { env });
  expect(exec.code).toBe(0);

  const here = { ...env, SECRET: canaries['variable of the command line'] };
  const said = new Map<string, string | Buffer>();
  const bundle = join(site.folder, 'support.zip');
  const named = join(site.folder, 'named.zip');
  for (const [file, options] of [
    [bundle, []],
    [named, ['--with-names']],
  ] as const) {
    expect(await site.run(['support', file, ...options], { env: here })).toMatchObject({ code: 0 });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    for (const [name, content] of await unpack(file)) {
      said.set(`${file} ${name}`, content);
    }
  }
  said.set('doctor', (await site.run(['doctor'], { env: here })).out);
  said.set('metrics', await overSocket(site, '/metrics'));
  said.set('healthz', await overSocket(site, '/healthz'));
  engine.send('SIGTERM');
  await engine.ended;
  said.set('doctor alone', (await site.run(['doctor', '--json'], { env: here })).out);
  expect(await site.run(['support', bundle, '--force'], { env: here })).toMatchObject({ code: 0 });
  for (const [name, content] of await unpack(bundle)) {
    said.set(`alone ${name}`, content);
  }
  for (const name of readdirSync(site.data).filter((one) => one.startsWith('drover.log'))) {
    said.set(name, readFileSync(join(site.data, name)));
  }
  const all = { ...canaries, ...own };
  const found = [...said].flatMap(([where, content]) => foundIn(content, all).map((what) => `${what} in ${where}`));
  expect(found).toEqual([]);
  // It would find them: where they belong they are there.
  expect(foundIn(readFileSync(passphrase), all)).toHaveLength(1);
  expect(foundIn(readFileSync(site.archive), all).length).toBeGreaterThan(5);

  const texts = (prefix: string): string =>
    [...said].map(([where, content]) => (where.startsWith(prefix) ? content.toString() : '')).join('\n');
  expect(texts(bundle)).not.toMatch(/quiet-badger/);
  expect(texts(bundle)).not.toContain(home);
  expect(texts(bundle)).toContain('"runs":');
  expect(texts(`${bundle} environment`)).toMatch(/^SECRET$/m);
  expect(said.get(`${bundle} log.jsonl`)?.toString()).toContain('"msg":"serving"');
  expect(said.get(`${bundle} metrics.txt`)?.toString()).toContain('drover_healthy 1');
  expect(texts('alone')).not.toContain('drover_healthy');
}, 120_000);

it('a bundle can be made of a node that cannot start, and quotes nothing of what is wrong', async () => {
  const site = testSite();
  const [canary = ''] = Object.values(canariesFor(['a piece of drover.json']));
  site.configure(`{"name": ${canary}`);
  const bundle = join(site.folder, 'support.zip');
  expect(await site.run(['support', bundle])).toMatchObject({ code: 0 });
  const inside = await unpack(bundle);
  expect(inside.get('doctor.jsonl')?.toString()).toContain('drover.json is not JSON');
  expect(inside.get('archive.json')?.toString()).toContain('"there": false');
  const pieces = { whole: canary, first: canary.slice(0, 6) };
  expect([...inside.values()].flatMap((content) => foundIn(content, pieces))).toEqual([]);
  expect(await site.run(['support', bundle])).toMatchObject({
    code: 2,
    err: expect.stringContaining('--force') as string,
  });
});
