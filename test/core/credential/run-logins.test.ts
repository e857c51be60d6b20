import { beforeEach, describe, expect, it } from 'vitest';
import type { Credential, Secret } from '#contract/credential';
import { RunLogin } from '#contract/run';
import type { LoginSource } from '#core/ports-reach';
import { RunLogins } from '#core/credential/run-logins';
import { anna, refusalOf } from '../../support/fakes/engine-rig.ts';
import { MemoryArchive } from '../../support/fakes/memory-archive.ts';
import { nodeDigest } from '../../support/fakes/node-digest.ts';
import { FakeVault } from './fake-vault.ts';

let archive: MemoryArchive;
let vault: FakeVault;
let logins: RunLogins;

const newLogins = (salt = 'salt'): RunLogins =>
  new RunLogins({ store: archive, teamId: anna.teamId, vault, digest: nodeDigest, ids: { secret: () => salt } });

beforeEach(() => {
  archive = new MemoryArchive();
  vault = new FakeVault();
  logins = newLogins();
});

const audit = { actor: anna, action: 'x', objectType: 'credential', objectId: '', detail: {} };

function store(id: string, kind: Credential['kind'], secret: Secret): LoginSource {
  const holds = (['password', 'privateKey', 'passphrase', 'becomePassword'] as const).filter((part) => secret[part]);
  const plain = {
    name: id,
    kind,
    user: null,
    become: null,
    publicKey: null,
    fingerprint: null,
    createdAt: 0,
    updatedAt: 0,
  };
  const sealed = holds.length === 0 ? new Uint8Array() : vault.seal(id, secret);
  archive.createCredential({ ...plain, id, teamId: anna.teamId, createdBy: anna.userId, holds, sealed }, audit);
  return { kind: 'stored', credentialId: id };
}

const give = (login: object, runId = 'run-1'): void => logins.give(runId, RunLogin.parse(login));
const account: LoginSource = { kind: 'account', identityFiles: ['/home/anna/.ssh/id_ed25519'] };
const given: LoginSource = { kind: 'given' };

describe('a stored login', () => {
  it('gives the key with its passphrase, and no password for sudo where there is none', () => {
    const source = store('web', 'key', { privateKey: 'KEY', passphrase: 'PASS' });
    expect(logins.open(source, 'run-1', 'target')).toEqual({
      keys: [{ privateKey: 'KEY', passphrase: 'PASS' }],
      password: null,
      becomePassword: null,
      agent: false,
      identityFiles: [],
      print: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it('uses the password of the login for sudo unless there is one', () => {
    expect(logins.open(store('a', 'password', { password: 'one' }), 'run-1', 'target').becomePassword).toBe('one');
    const both = store('b', 'password', { password: 'one', becomePassword: 'two' });
    expect(logins.open(both, 'run-1', 'target')).toMatchObject({ password: 'one', becomePassword: 'two' });
  });

  it('by the ssh-agent opens nothing, also while the vault is locked', () => {
    const source = store('web', 'agent', {});
    vault.isLocked = true;
    expect(logins.open(source, 'run-1', 'target')).toMatchObject({ agent: true, keys: [], password: null });
  });

  it('gives way to the passwords that came with the run, and to those of no other run', () => {
    const source = store('web', 'password', { password: 'one', becomePassword: 'two' });
    give({ password: 'three' });
    expect(logins.open(source, 'run-1', 'target')).toMatchObject({ password: 'three', becomePassword: 'two' });
    give({ become: { password: 'four' } });
    expect(logins.open(source, 'run-1', 'target')).toMatchObject({ password: 'one', becomePassword: 'four' });
    expect(logins.open(source, 'run-2', 'target')).toMatchObject({ password: 'one', becomePassword: 'two' });
  });

  it('is refused when the credential is gone, locked, or cannot be opened', () => {
    const source = store('web', 'password', { password: 'one' });
    logins.open(source, 'run-1', 'target');
    vault.isLocked = true;
    expect(refusalOf(() => logins.open(source, 'run-1', 'target')).code).toBe('secrets-locked');
    vault.isLocked = false;
    vault.damage();
    expect(refusalOf(() => logins.open(source, 'run-1', 'target')).code).toBe('vault-damaged');
    archive.removeCredential(anna.teamId, 'web', audit);
    expect(refusalOf(() => logins.open(source, 'run-1', 'target')).code).toBe('unknown-credential');
  });
});

describe('a given login', () => {
  it('gives what came with the run until the run is forgotten', () => {
    give({ keys: [{ privateKey: 'KEY' }, { privateKey: 'OTHER', passphrase: 'x' }], password: 'one' });
    expect(logins.open(given, 'run-1', 'target')).toMatchObject({
      keys: [{ privateKey: 'KEY' }, { privateKey: 'OTHER', passphrase: 'x' }],
      password: 'one',
      becomePassword: 'one',
      agent: false,
    });
    logins.forget('run-1');
    expect(refusalOf(() => logins.open(given, 'run-1', 'target'))).toMatchObject({
      code: 'unknown-credential',
      message: expect.stringMatching(/given when it was started and is not stored: start it again with the key$/),
    });
  });

  it('is not that of another run, nor one without a key and a password', () => {
    give({ password: 'one' });
    expect(refusalOf(() => logins.open(given, 'run-2', 'target')).code).toBe('unknown-credential');
    give({ user: 'deploy', password: '' });
    expect(refusalOf(() => logins.open(given, 'run-1', 'target')).code).toBe('unknown-credential');
  });
});

describe("the account's login", () => {
  it('is its ssh-agent and its key files, with the password of the run as a last resort', () => {
    expect(logins.open(account, 'run-1', 'target')).toMatchObject({
      keys: [],
      agent: true,
      identityFiles: ['/home/anna/.ssh/id_ed25519'],
      password: null,
      becomePassword: null,
    });
    give({ password: 'one', become: { password: 'two' } });
    expect(logins.open(account, 'run-1', 'target')).toMatchObject({
      agent: true,
      password: 'one',
      becomePassword: 'two',
    });
  });
});

describe('the print of a login', () => {
  const print = (source: LoginSource, runId = 'run-1'): string => logins.open(source, runId, 'target').print;

  it('is equal for equal secrets, over runs as well', () => {
    const source = store('web', 'key', { privateKey: 'KEY' });
    expect(print(source, 'run-2')).toBe(print(source));
    give({ password: 'one' }, 'run-1');
    give({ password: 'one' }, 'run-2');
    expect(print(given, 'run-2')).toBe(print(given, 'run-1'));
  });

  it('is another one for every other secret, record or revision', () => {
    const web = store('web', 'password', { password: 'one' });
    const prints = [print(web), print(store('db', 'password', { password: 'one' })), print(account)];
    prints.push(print({ ...account, identityFiles: [] }));
    archive.updateCredential('web', { rev: 1, fields: { user: 'deploy' } }, audit);
    prints.push(print(web));
    for (const login of [{ password: 'one' }, { password: 'two' }, { keys: [{ privateKey: 'one' }] }]) {
      give(login);
      prints.push(print(given));
    }
    give({ password: 'three' });
    prints.push(print(account), print(web));
    expect(new Set(prints).size).toBe(prints.length);
  });

  it('is useless to whoever tries passwords out: it is another one in every program', () => {
    const source = store('web', 'password', { password: 'one' });
    expect(newLogins('another salt').open(source, 'run-1', 'target').print).not.toBe(print(source));
  });

  it('never shows a machine on the way what was given with the run', () => {
    logins.give('run-1', { keys: [], password: 'for the target', hostKeys: 'known' });
    const hop = store('hop', 'password', { password: 'of the hop' });
    expect(logins.open(hop, 'run-1', 'on-the-way')).toMatchObject({ password: 'of the hop' });
    const own = { kind: 'account', identityFiles: [] } as const;
    expect(logins.open(own, 'run-1', 'on-the-way').password).toBe(null);
    expect(logins.open(own, 'run-1', 'target').password).toBe('for the target');
  });
});
