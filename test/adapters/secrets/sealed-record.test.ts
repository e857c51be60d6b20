import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { newDataKey } from '#adapters/secrets/data-key';
import { sealRecord, unsealRecord } from '#adapters/secrets/sealed-record';

const data = newDataKey();
const damaged = expect.objectContaining({ code: 'vault-damaged' });

describe('a sealed secret', () => {
  it('opens with its key under its record, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ unit: 'binary' }), (recordId, password) => {
        const secret = { password, becomePassword: 'x' };
        expect(unsealRecord(data, recordId, sealRecord(data, recordId, secret))).toEqual(secret);
      }),
    );
  });

  it('does not open under another record: swapped rows are noticed', () => {
    const [first, second] = [sealRecord(data, 'a', { password: '1' }), sealRecord(data, 'b', { password: '2' })];
    expect(() => unsealRecord(data, 'a', second)).toThrow(damaged);
    expect(() => unsealRecord(data, 'b', first)).toThrow(damaged);
  });

  it('does not open when any bit of any byte was flipped', () => {
    const sealed = sealRecord(data, 'record', { password: 'correct horse', privateKey: 'k'.repeat(50) });
    for (let at = 0; at < sealed.length; at += 1) {
      for (let bit = 0; bit < 8; bit += 1) {
        const flipped = Uint8Array.from(sealed, (byte, index) => (index === at ? byte ^ (1 << bit) : byte));
        expect(() => unsealRecord(data, 'record', flipped)).toThrow(damaged);
      }
    }
  });

  it('does not open when it was cut or has grown', () => {
    const sealed = sealRecord(data, 'record', { password: 'x' });
    for (let length = 0; length < sealed.length; length += 1) {
      expect(() => unsealRecord(data, 'record', sealed.subarray(0, length))).toThrow(damaged);
    }
    expect(() => unsealRecord(data, 'record', Uint8Array.of(...sealed, 0))).toThrow(damaged);
  });

  it('does not open with the key of another archive, and says so', () => {
    const sealed = sealRecord(newDataKey(), 'record', { password: 'x' });
    expect(() => unsealRecord(data, 'record', sealed)).toThrow(/another key/);
  });

  it('never uses a nonce twice', () => {
    const nonces = new Set<string>();
    for (let index = 0; index < 100_000; index += 1) {
      nonces.add(Buffer.from(sealRecord(data, 'record', {})).toString('latin1', 9, 21));
    }
    expect(nonces.size).toBe(100_000);
  });

  it('says nothing of the secret when it does not open', () => {
    const sealed = sealRecord(data, 'a', { password: 'canary-7f3e' });
    expect(Buffer.from(sealed).includes('canary')).toBe(false);
    expect(() => unsealRecord(data, 'b', sealed)).toThrow(/^(?!.*canary).*$/);
  });
});
