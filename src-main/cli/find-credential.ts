import type { DroverClient } from '#contract/client';
import type { Credential } from '#contract/credential';
import { DroverError } from '#contract/errors';
import { nearestName } from './nearest-name.ts';

/** A credential by its name; throws DroverError `unknown-credential` with the nearest one. */
export async function findCredential(client: DroverClient, name: string): Promise<Credential> {
  const { credentials } = await client.call('credential.list', {});
  const found = credentials.find((credential) => credential.name === name);
  if (found) {
    return found;
  }
  const guess = nearestName(
    name,
    credentials.map((credential) => credential.name),
  );
  throw new DroverError(
    'unknown-credential',
    `There is no credential '${name}'${guess ? `; did you mean ${guess}?` : ''}`,
    {
      detail: { remedy: 'drover credential ls shows which there are.' },
    },
  );
}
