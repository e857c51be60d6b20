import { describe, expect, it } from 'vitest';
import { RunLogin } from '#contract/run';
import type { Target } from '#contract/target';
import type { SshAccount } from '#core/ports-reach';
import { freezeHosts, type HostSources } from '#core/run/freeze-hosts';
import { localTarget } from '#core/target/select-targets';
import { plainAccount, refusalOf, targetsNamed } from '../../support/fakes/engine-rig.ts';

const [base] = targetsNamed(1);
const target = (change: Partial<Target>): Target => {
  if (!base) {
    throw new Error('no target');
  }
  return { ...base, id: change.name ?? 'id', ...change };
};
const at = (address: string, port: number | null = null, user: string | null = null) => ({
  line: 1,
  address,
  port,
  user,
});
const freeze = (some: Partial<HostSources>) =>
  freezeHosts({
    targets: [],
    addresses: [],
    known: some.targets ?? [],
    login: undefined,
    account: plainAccount,
    credentials: [],
    ...some,
  });
const login = (some: object) => RunLogin.parse(some);

/** An account whose ~/.ssh/config knows `web`. */
const configured: SshAccount = {
  user: 'operator',
  lookup: (name) =>
    name === 'web'
      ? {
          address: '10.9.9.9',
          port: 2222,
          user: 'deploy',
          identityFiles: ['/home/operator/.ssh/web'],
          jumps: [{ address: 'gate', port: 22, user: 'jumper', identityFiles: ['/home/operator/.ssh/gate'] }],
          acceptNewHostKeys: true,
        }
      : plainAccount.lookup(name),
};

describe('the frozen targets of a run', () => {
  it('are numbered in the order of the selection, the built-in one without a way', () => {
    const local = localTarget('node-1', 'linux');
    const hosts = freeze({ targets: [local, ...targetsNamed(2)] });
    expect(hosts.map(({ host, name, reach }) => [host, name, reach?.port ?? null])).toEqual([
      [0, 'local', null],
      [1, 't0', 22],
      [2, 't1', 22],
    ]);
  });

  it('hold a target once, however often and by whatever name it was given', () => {
    const targets = targetsNamed(2);
    const addresses = [
      at('10.0.0.0'),
      at('10.0.0.1', 22),
      at('10.0.0.7'),
      at('10.0.0.7', 22, 'operator'),
      at('10.0.0.7'),
    ];
    const hosts = freeze({ targets: targets.slice(0, 1), known: targets, addresses });
    expect(hosts.map(({ targetId, name }) => [targetId, name])).toEqual([
      ['target-0', 't0'],
      ['target-1', 't1'],
      [null, '10.0.0.7'],
    ]);
  });

  it('take an address for another machine when its port or account is another', () => {
    const known = targetsNamed(1);
    const hosts = freeze({ known, addresses: [at('10.0.0.0', 2222), at('10.0.0.0', null, 'anna')] });
    expect(hosts.map(({ targetId, name, reach }) => [targetId, name, reach?.port, reach?.user])).toEqual([
      [null, '10.0.0.0:2222', 2222, 'operator'],
      [null, 'anna@10.0.0.0', 22, 'anna'],
    ]);
  });

  it('are reached as OpenSSH would reach them from the account of the node', () => {
    const [host] = freeze({ addresses: [at('web')], account: configured });
    expect(host).toMatchObject({
      name: 'web',
      address: '10.9.9.9',
      reach: {
        port: 2222,
        user: 'deploy',
        login: { kind: 'account', identityFiles: ['/home/operator/.ssh/web'] },
        jumps: [
          { address: 'gate', user: 'jumper', login: { kind: 'account', identityFiles: ['/home/operator/.ssh/gate'] } },
        ],
        hostKeys: 'accept-new',
      },
    });
  });

  it('take the account of the run before that of the target, the credential and the configuration', () => {
    const credentials = [{ id: 'c', name: 'key', kind: 'key', user: 'cred', become: { user: 'root' } }] as const;
    const userOf = (some: Partial<Target>, run?: object) =>
      freeze({
        targets: [target({ address: 'web', user: null, credentialId: 'c', ...some })],
        account: configured,
        credentials,
        login: run && login(run),
      })[0]?.reach;
    expect(userOf({})).toMatchObject({
      user: 'cred',
      become: { user: 'root' },
      login: { kind: 'stored', credentialId: 'c' },
    });
    expect(userOf({ user: 'own', become: { user: 'www' } })).toMatchObject({ user: 'own', become: { user: 'www' } });
    expect(userOf({ user: 'own' }, { user: 'given', become: { user: 'db' } })).toMatchObject({
      user: 'given',
      become: { user: 'db' },
      login: { kind: 'stored', credentialId: 'c' },
    });
    expect(userOf({ credentialId: null })).toMatchObject({ user: 'deploy', login: { kind: 'account' } });
  });

  it('use what was given with the run on the target, and never on the way to it', () => {
    const jump = [{ address: 'gate', port: 22, user: null, credentialId: null }];
    const [host] = freeze({ targets: [target({ jump })], login: login({ password: 'once' }) });
    expect(host?.reach).toMatchObject({ login: { kind: 'given' }, jumps: [{ login: { kind: 'account' } }] });
  });

  it('hold no secret', () => {
    const secrets = { keys: [{ privateKey: 'canary-key', passphrase: 'canary-words' }], password: 'canary-password' };
    const become = { user: 'root', password: 'canary-sudo' };
    const hosts = freeze({ targets: targetsNamed(1), addresses: [at('web')], login: login({ ...secrets, become }) });
    expect(JSON.stringify(hosts)).not.toContain('canary');
  });

  it('are refused when one cannot be reached as it is stored', () => {
    const refused = (some: Partial<Target>, credentials: HostSources['credentials'] = []) =>
      refusalOf(() => freeze({ targets: [target({ name: 'db', ...some })], credentials })).toWire();
    expect(refused({ credentialId: 'gone' })).toMatchObject({
      code: 'unknown-credential',
      message: expect.stringMatching(/db/) as string,
    });
    expect(refused({ connection: 'ansible' })).toMatchObject({
      code: 'bad-input',
      message: /db is reached by ansible/,
    });
    const winrm = { id: 'w', name: 'win', kind: 'winrm', user: null, become: null } as const;
    expect(refused({ credentialId: 'w' }, [winrm])).toMatchObject({
      code: 'bad-input',
      message: expect.stringMatching(/win of target db/) as string,
    });
  });
});
