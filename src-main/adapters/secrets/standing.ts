import { type DataKey, unwrapKey } from './data-key.ts';
import type { SecretsFolder } from './create-archive-key.ts';
import { readKeyFile } from './key-file.ts';
import { type Opener, type Openers, readOpeners } from './openers-file.ts';
import { hasPart } from './private-file.ts';

/** `fresh` has no data key yet; `lost` has openers that cannot be used at all. Problems hold their remedy. */
type FilesStanding =
  | { readonly kind: 'open'; readonly data: DataKey; readonly openers: Openers }
  | { readonly kind: 'fresh' }
  | { readonly kind: 'lost'; readonly problem: string }
  /** `problem` is what is wrong with the key file; undefined when none belongs to the archive. */
  | { readonly kind: 'closed'; readonly openers: Openers; readonly problem: string | undefined };

/** What the files of the folder come to without a keyring or a passphrase. */
export function standingOf(places: SecretsFolder): FilesStanding {
  const found = readOpeners(places.openers);
  switch (found.kind) {
    case 'damaged':
      return { kind: 'lost', problem: found.problem };
    case 'absent':
      return standingWithoutOpeners(places);
    case 'found':
      return tryKeyFile(places, found.openers);
  }
}

function standingWithoutOpeners({ openers, key }: SecretsFolder): FilesStanding {
  if (hasPart(openers) || isAbsent(key)) {
    return { kind: 'fresh' };
  }
  return {
    kind: 'lost',
    problem: `${openers} is missing beside its key file: put it back from a backup, or move ${key} away to begin anew`,
  };
}

function isAbsent(keyPath: string): boolean {
  const found = readKeyFile(keyPath);
  if (found.kind === 'key') {
    found.key.fill(0);
  }
  return found.kind === 'absent';
}

function tryKeyFile({ key, openers: path }: SecretsFolder, openers: Openers): FilesStanding {
  const opener = openers.openers.find((one) => one.kind === 'key-file');
  if (!opener) {
    return { kind: 'closed', openers, problem: undefined };
  }
  const found = readKeyFile(key);
  switch (found.kind) {
    case 'absent':
      return { kind: 'closed', openers, problem: `The key file ${key} is missing: put it back from a backup` };
    case 'unfit':
      return { kind: 'closed', openers, problem: found.problem };
    case 'key': {
      const data = unwrapKey({ keyId: openers.keyId, text: opener.wrapped }, found.key, 'key-file');
      found.key.fill(0);
      return data
        ? { kind: 'open', data, openers }
        : {
            kind: 'closed',
            openers,
            problem: `${key} and ${path} do not belong together, or one was changed: put both back from the same backup`,
          };
    }
  }
}

/** Why these openers do not open the secrets, and what to do; `failures` is what came of those that were tried. */
export function reasonsOf(openers: readonly Opener[], failures: ReadonlyMap<Opener['kind'], string>): string[] {
  return openers.flatMap((opener) => {
    const failure = failures.get(opener.kind);
    switch (opener.kind) {
      case 'key-file':
        return failure ?? [];
      case 'keyring':
        return failure ?? `The keyring ${opener.name} opens them, in the desktop program`;
      case 'passphrase':
        return [
          failure ?? [],
          'Their passphrase opens them: `drover unlock`, or name a file that holds it in DROVER_PASSPHRASE_FILE',
        ].flat();
    }
  });
}

export const lockedMessage = (reasons: readonly string[]): string =>
  ['The secrets are locked', ...reasons].map((text) => `${text}.`).join(' ');
