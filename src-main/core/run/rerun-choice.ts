import type { HostReason, HostStatus, RerunChoice } from '#contract/run';

type Result = { readonly host: number; readonly status: HostStatus; readonly reason: HostReason | null };

const unreachedReasons: ReadonlySet<HostReason> = new Set<HostReason>([
  'unreachable',
  'refused-connection',
  'auth-failed',
  'host-key',
]);

const matches: Record<Exclude<RerunChoice, number[]>, (result: Result) => boolean> = {
  all: () => true,
  failed: ({ status }) => status === 'failed' || status === 'timeout',
  timeout: ({ status }) => status === 'timeout',
  unreachable: ({ status, reason }) => status === 'failed' && reason !== null && unreachedReasons.has(reason),
  'not-started': ({ status }) => status === 'skipped',
};

/** The places of the targets that are run again. */
export function chosenHosts(results: readonly Result[], choice: RerunChoice): ReadonlySet<number> {
  return new Set(Array.isArray(choice) ? choice : results.filter(matches[choice]).map(({ host }) => host));
}

const words: Record<Exclude<RerunChoice, number[]>, string> = {
  all: '',
  failed: 'failed ',
  timeout: 'timed out ',
  unreachable: 'unreachable ',
  'not-started': 'not started ',
};

/** The choice before the word "targets"; empty for all and for named ones. */
export const choiceWords = (choice: RerunChoice): string => (Array.isArray(choice) ? '' : words[choice]);
