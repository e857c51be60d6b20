import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LoginMethod, loginMethods, nextMethod } from '#adapters/ssh/login-methods';
import { newTestKey } from '../../support/ssh-keys.ts';
import { needService } from '../../support/services.ts';
import { many, secretsOf, watchRejections } from './fault-bench.ts';

watchRejections();

const none = { agentSocket: undefined };
const words = (methods: readonly LoginMethod[]): string[] => methods.map((method) => method.words);
const types = (methods: readonly LoginMethod[]): string[] => methods.map(({ method }) => method.type);
const given = (count: number): { privateKey: string }[] => many(count, () => newTestKey());

describe('the ways to log in', () => {
  it('are the given keys, then the password, which also answers questions', async () => {
    const methods = await loginMethods('root', secretsOf({ keys: given(2), password: 'x' }), none);
    expect(words(methods)).toEqual([
      'the ed25519 key',
      'the ed25519 key',
      'the password',
      'the password (keyboard-interactive)',
    ]);
    expect(methods.every(({ method }) => method.username === 'root')).toBe(true);
  });

  it('leave out what is no key and files that are not there', async () => {
    const secrets = secretsOf({ keys: [{ privateKey: 'nonsense' }], identityFiles: ['/nowhere/id_rsa'] });
    expect(await loginMethods('root', secrets, none)).toEqual([]);
  });

  it('are at most six tries, of which one is the password', async () => {
    const keys = given(8);
    expect(types(await loginMethods('root', secretsOf({ keys }), none))).toEqual(many(6, () => 'publickey'));
    expect(types(await loginMethods('root', secretsOf({ keys, password: 'x' }), none))).toEqual([
      ...many(5, () => 'publickey'),
      'password',
      'keyboard-interactive',
    ]);
  });

  it('leave an agent out that does not answer or is not there', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'drover-agent-'));
    const socket = join(folder, 'silent');
    const silent = createServer();
    try {
      silent.listen(socket);
      await once(silent, 'listening');
      const secrets = secretsOf({ agent: true, keys: given(1) });
      expect(types(await loginMethods('root', secrets, { agentSocket: socket }))).toEqual(['publickey']);
      expect(types(await loginMethods('root', secrets, { agentSocket: join(folder, 'none') }))).toEqual(['publickey']);
    } finally {
      silent.close();
      rmSync(folder, { recursive: true });
    }
  });
});

describe.skipIf(needService('sshd').skip)('an ssh-agent', () => {
  let folder: string;
  let agent: ChildProcess;
  let agentSocket: string;
  const file = (name: string): string => join(folder, name);
  const add = (name: string): void => {
    execFileSync('ssh-add', ['-q', file(name)], { env: { ...process.env, SSH_AUTH_SOCK: agentSocket } });
  };
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'drover-agent-'));
    agentSocket = file('socket');
    agent = spawn('ssh-agent', ['-D', '-a', agentSocket], { stdio: 'ignore' });
    for (let at = 0; at < 8; at += 1) {
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file(`key${at}`)]);
    }
    while (!existsSync(agentSocket)) {
      await pause(5);
    }
  });
  afterAll(async () => {
    const gone = once(agent, 'exit');
    agent.kill();
    await gone;
    rmSync(folder, { recursive: true });
  });

  async function agentKeys(methods: readonly LoginMethod[]): Promise<number> {
    const [found] = methods.flatMap(({ method }) => (method.type === 'agent' ? [method.agent] : []));
    if (found === undefined || typeof found === 'string') {
      return 0;
    }
    return new Promise((resolve) => found.getIdentities((_error, keys) => resolve(keys?.length ?? 0)));
  }

  it('is asked for between the given keys and the key files, and only where it may be', async () => {
    const secrets = { keys: given(1), identityFiles: [file('key0')], password: 'x' };
    const needs = { agentSocket };
    expect(types(await loginMethods('root', secretsOf({ ...secrets, agent: true }), needs))).not.toContain('agent');
    add('key1');
    const methods = await loginMethods('root', secretsOf({ ...secrets, agent: true }), needs);
    expect(types(methods)).toEqual(['publickey', 'agent', 'publickey', 'password', 'keyboard-interactive']);
    expect(types(await loginMethods('root', secretsOf(secrets), needs))).not.toContain('agent');
  });

  it('is not given a key file again that it holds, and leaves tries for the others', async () => {
    ['key0', 'key2', 'key3', 'key4', 'key5', 'key6'].forEach(add);
    const secrets = secretsOf({ agent: true, identityFiles: [file('key0'), file('key7')], password: 'x' });
    const methods = await loginMethods('root', secrets, { agentSocket });
    expect(types(methods)).toEqual(['agent', 'publickey', 'password', 'keyboard-interactive']);
    expect(await agentKeys(methods)).toBe(4);
  });
});

describe('the next way to log in', () => {
  const waiting = async (): Promise<LoginMethod[]> =>
    loginMethods('root', secretsOf({ keys: given(2), password: 'x' }), none);

  it('is the first before the machine has said what it takes', async () => {
    expect(nextMethod(await waiting(), null)?.method.type).toBe('publickey');
  });

  it('is one that the machine takes', async () => {
    const methods = await waiting();
    expect(nextMethod(methods, ['password'])?.method.type).toBe('password');
    expect(nextMethod(await waiting(), ['keyboard-interactive'])?.method.type).toBe('keyboard-interactive');
    expect(nextMethod(await waiting(), ['hostbased'])).toBeUndefined();
  });

  it('is not the same password by another name once it was refused', async () => {
    const methods = await waiting();
    const both = ['password', 'keyboard-interactive'];
    expect(nextMethod(methods, both)?.method.type).toBe('password');
    expect(nextMethod(methods, both)).toBeUndefined();
  });
});
