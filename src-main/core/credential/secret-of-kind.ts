import type { Credential, Secret } from '#contract/credential';
import { DroverError } from '#contract/errors';

type Part = Credential['holds'][number];

const parts: readonly Part[] = ['password', 'privateKey', 'passphrase', 'becomePassword'];

const words: Readonly<Record<Part, string>> = {
  password: 'a password',
  privateKey: 'a private key',
  passphrase: 'a passphrase',
  becomePassword: 'a password for sudo',
};

const kinds: Readonly<
  Record<Credential['kind'], { readonly needs: readonly Part[]; readonly takes: readonly Part[] }>
> = {
  password: { needs: ['password'], takes: ['becomePassword'] },
  key: { needs: ['privateKey'], takes: ['passphrase', 'password', 'becomePassword'] },
  agent: { needs: [], takes: ['password', 'becomePassword'] },
  winrm: { needs: ['password'], takes: [] },
};

/** Which secrets are there, in a fixed order. */
export const holdsOf = (secret: Secret): Part[] => parts.filter((part) => secret[part] !== undefined);

/** Without the fields that are empty. */
export function filledSecret(secret: Secret): Secret {
  return Object.fromEntries(Object.entries(secret).filter(([, text]) => text !== undefined && text !== ''));
}

/** Throws DroverError `bad-input` when a secret is missing or has no use. */
export function checkKind(kind: Credential['kind'], secret: Secret): void {
  const { needs, takes } = kinds[kind];
  const held = holdsOf(secret);
  const missing = needs.find((part) => !held.includes(part));
  if (missing) {
    throw new DroverError('bad-input', `A credential of the kind ${kind} needs ${words[missing]}`, {
      detail: { missing },
    });
  }
  const useless = held.find((part) => !needs.includes(part) && !takes.includes(part));
  if (useless) {
    throw new DroverError('bad-input', `A credential of the kind ${kind} has no use for ${words[useless]}`, {
      detail: { useless },
    });
  }
}
