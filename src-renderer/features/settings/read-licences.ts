import { DroverError } from '#contract/errors';

/** A package that is part of the program; `text` is its place in `texts`, null when it brings none. */
export type Licensed = {
  readonly name: string;
  readonly version: string;
  readonly licence: string | null;
  readonly text: number | null;
};

export type LicenceList = { readonly packages: readonly Licensed[]; readonly texts: readonly string[] };

/** The list that the build has written beside the pages. Throws DroverError `not-found` where there is none. */
export async function readLicences(missing: string): Promise<LicenceList> {
  const answer = await fetch(new URL('licences.json', document.baseURI)).catch(() => {
    throw new DroverError('engine-unreachable', 'The node does not answer');
  });
  if (!answer.ok) {
    throw new DroverError('not-found', missing);
  }
  return (await answer.json()) as LicenceList;
}

/** Packages in whose name or licence every typed word stands. */
export function findLicences(packages: readonly Licensed[], typed: string): readonly Licensed[] {
  const words = typed.trim().toLowerCase().split(/\s+/);
  return packages.filter(({ name, licence }) => {
    const text = `${name} ${licence ?? ''}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
