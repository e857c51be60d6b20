import type { Credential } from '#contract/credential';
import type { HostKey } from '#contract/host-key';
import type { Target } from '#contract/target';
import { fakeNow } from './fake-host.ts';

export function sampleKey(change: Partial<HostKey> = {}): HostKey {
  return {
    id: `key-${change.address ?? 'web1'}-${change.port ?? 22}`,
    address: 'web1',
    port: 22,
    type: 'ssh-ed25519',
    publicKey: 'AAAA',
    fingerprint: `SHA256:of-${change.address ?? 'web1'}`,
    state: 'offered',
    replaces: null,
    acceptedBy: null,
    seenAt: fakeNow,
    ...change,
  };
}

export function sampleTarget(change: Partial<Target> = {}): Target {
  return {
    id: `id-${change.name ?? 'web1'}`,
    no: 2,
    name: 'web1',
    address: '10.0.0.1',
    port: 22,
    os: 'linux',
    connection: 'ssh',
    user: null,
    credentialId: null,
    jump: [],
    become: null,
    tags: [],
    attributes: {},
    maintenance: false,
    weakAlgorithms: false,
    facts: {},
    lastReach: null,
    createdAt: fakeNow,
    updatedAt: fakeNow,
    rev: 7,
    ...change,
  };
}

export function sampleCredential(change: Partial<Credential> = {}): Credential {
  return {
    id: `id-${change.name ?? 'deploy'}`,
    no: 1,
    name: 'deploy',
    kind: 'key',
    user: 'deploy',
    become: null,
    publicKey: 'ssh-ed25519 AAAAC3Nza deploy',
    fingerprint: 'SHA256:of-deploy',
    holds: ['privateKey'],
    usedBy: 3,
    createdAt: fakeNow,
    updatedAt: fakeNow,
    rev: 4,
    ...change,
  };
}
