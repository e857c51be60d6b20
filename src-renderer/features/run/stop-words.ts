import type { HostRow, Run } from '#contract/run';

/** A cancel leaves its targets about ten seconds before it kills what is left; a kill sooner was asked for. */
const soonMs = 9_000;

type StopWords = 'cancelledBy' | 'killedBy' | 'cancelledKilled';

/** How a cancelled run came to its end, by when and what its processes were told. */
export function stopWords(
  { cancel, endedAt }: Pick<Run, 'cancel' | 'endedAt'>,
  hosts: readonly Pick<HostRow, 'stopped'>[],
): StopWords {
  const told = hosts.flatMap(({ stopped }) => (stopped === null ? [] : [stopped])).map(toldBy);
  if (!cancel || endedAt === null || !told.some(({ kill }) => kill > 0)) {
    return 'cancelledBy';
  }
  const atOnce = endedAt - cancel.at < soonMs && told.every(({ term, kill }) => kill >= term);
  return atOnce ? 'killedBy' : 'cancelledKilled';
}

/** How many processes were sent which signal, from the sentence that is kept of it. */
function toldBy(sentence: string): { term: number; kill: number } {
  const count = (signal: string): number => Number(new RegExp(`\\b${signal} to (\\d+)`).exec(sentence)?.[1] ?? 0);
  return { term: count('TERM'), kill: count('KILL') };
}
