import { randomBytes } from 'node:crypto';
import { DroverError } from '#contract/errors';
import { type DataKey, keyBytes, newDataKey, wrapKey } from './data-key.ts';
import { createKeyFile, readKeyFile } from './key-file.ts';
import { createOpeners, type Opener } from './openers-file.ts';
import { makePrivateFolder, removeParts } from './private-file.ts';

/** Where the openers of an archive stand. */
export type SecretsFolder = { readonly folder: string; readonly openers: string; readonly key: string };

/** A data key with its openers, ready to be written. */
export type ArchiveKey = { readonly data: DataKey; readonly openers: readonly Opener[] };

/**
 * Writes the data key of an archive that has none, wrapped by the openers prepared for it, else by a new key file. Undefined
 * when somebody else was quicker: then theirs counts.
 *
 * @throws DroverError `secrets-locked` for a key file that must not be used, or what the file system says
 */
export function createArchiveKey(places: SecretsFolder, prepared: ArchiveKey | undefined): ArchiveKey | undefined {
  makePrivateFolder(places.folder);
  const made = prepared ? createWith(places, prepared) : createWithKeyFile(places);
  if (made) {
    removeParts(places.folder, [places.openers, places.key]);
  }
  return made;
}

function createWith(places: SecretsFolder, prepared: ArchiveKey): ArchiveKey | undefined {
  const content = { keyId: prepared.data.id, openers: [...prepared.openers] };
  return createOpeners(places.openers, content, () => true) ? prepared : undefined;
}

/** The file of the openers waits beside its place while the key file is made: a key file alone shows that it was lost. */
function createWithKeyFile(places: SecretsFolder): ArchiveKey | undefined {
  const found = readKeyFile(places.key);
  if (found.kind === 'unfit') {
    throw new DroverError('secrets-locked', found.problem);
  }
  // A key file that is there already was left by an attempt that died on the way.
  const wrapping = found.kind === 'key' ? found.key : randomBytes(keyBytes);
  try {
    const data = newDataKey();
    const openers: Opener[] = [{ kind: 'key-file', wrapped: wrapKey(data, wrapping, 'key-file') }];
    const makeKeyFile = (): boolean => found.kind === 'key' || createKeyFile(places.key, wrapping);
    return createOpeners(places.openers, { keyId: data.id, openers }, makeKeyFile) ? { data, openers } : undefined;
  } finally {
    wrapping.fill(0);
  }
}
