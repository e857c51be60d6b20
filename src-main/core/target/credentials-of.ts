import type { Target } from '#contract/target';

/** Ids of the credentials a target names, for its login or on the way to it. */
export const credentialsOf = ({ credentialId, jump }: Pick<Target, 'credentialId' | 'jump'>): string[] =>
  [credentialId, ...jump.map((hop) => hop.credentialId)].filter((id) => id !== null);
