import { describe, expect, it } from 'vitest';
import { DroverError } from '#contract/errors';
import type { VaultState } from '#contract/credential';
import type { AuditEntry } from '#core/ports';
import type { Vault } from '#core/ports-reach';
import type { CredentialService } from '#core/credential/credential-service';
import { createCredentialHandlers } from '#api/handlers/credential-handlers';
import { anna } from '../../support/fakes/engine-rig.ts';

const open: VaultState = { state: 'open', openers: ['passphrase'], message: '' };
const unused = (): never => {
  throw new Error('not asked for here');
};

function bench() {
  const audits: AuditEntry[] = [];
  const removed: string[] = [];
  const vault: Vault = {
    state: () => open,
    seal: unused,
    unseal: unused,
    unlock: async (passphrase) => {
      if (passphrase !== 'right') {
        throw new DroverError('access-denied', 'This is not the passphrase');
      }
      return open;
    },
    setPassphrase: async () => open,
  };
  const credentialService: CredentialService = {
    list: () => [],
    create: unused,
    generate: unused,
    update: unused,
    remove: (id) => void removed.push(id),
  };
  const archive = { recordAudit: (entry: AuditEntry) => void audits.push(entry) };
  return { audits, removed, handlers: createCredentialHandlers({ vault, credentialService, archive }) };
}

describe('the calls about credentials', () => {
  it('answer in the shapes of the contract', () => {
    const { handlers, removed } = bench();
    expect(handlers['credential.list']({}, anna)).toEqual({ credentials: [] });
    expect(handlers['credential.remove']({ id: 'c1' }, anna)).toEqual({});
    expect(removed).toEqual(['c1']);
    expect(handlers['vault.state']({}, anna)).toEqual(open);
  });
});

describe('the secrets', () => {
  it('are opened with an audit row of who did it, or was refused, and never of the passphrase', async () => {
    const { handlers, audits } = bench();
    await expect(handlers['vault.unlock']({ passphrase: 'right' }, anna)).resolves.toEqual(open);
    await expect(handlers['vault.unlock']({ passphrase: 'wr0ng' }, anna)).rejects.toMatchObject({
      code: 'access-denied',
    });
    await handlers['vault.passphrase']({ passphrase: 'another one', removeKeyFile: true }, anna);
    expect(audits.map(({ action, actor, detail }) => [action, actor.name, detail])).toEqual([
      ['vault.unlock', 'anna', {}],
      ['vault.unlock', 'anna', { refused: 'access-denied' }],
      ['vault.passphrase', 'anna', { removeKeyFile: true }],
    ]);
    expect(JSON.stringify(audits)).not.toMatch(/right|wr0ng|another/);
  });
});
