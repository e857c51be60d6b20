import { foldNames } from '#contract/fold-names';
import { placesText } from '#contract/host-places';
import type { HostRow, Run } from '#contract/run';
import { curlOf, droverLine } from '../../ui/copy-command.ts';
import { quotedName } from '../../ui/where-of.ts';

type Host = Pick<HostRow, 'host' | 'name' | 'address' | 'targetId'>;

export type ListForm = 'names' | 'commas' | 'addresses' | 'folded' | 'selector';

/** Those of a set that a selector can name. */
export const savedOf = <T extends Pick<Host, 'targetId'>>(hosts: readonly T[]): readonly T[] =>
  hosts.filter(({ targetId }) => targetId !== null);

/** A set of targets as other programs, and Drover itself, take it. */
export function listText(hosts: readonly Host[], form: ListForm): string {
  switch (form) {
    case 'names':
      return hosts.map(({ name }) => name).join('\n');
    case 'commas':
      return hosts.map(({ name }) => name).join(',');
    case 'addresses':
      return [...new Set(hosts.map(({ address }) => address))].join('\n');
    case 'folded':
      return foldNames(hosts.map(({ name }) => name));
    case 'selector':
      return savedOf(hosts)
        .map(({ name }) => quotedName(name))
        .join(',');
  }
}

type Again = { readonly no: number; readonly hosts: readonly Host[]; readonly dataFolder: string };

/** Runs exactly these targets of a run again, on the command line. */
export const rerunCommand = ({ no, hosts, dataFolder }: Again): string =>
  droverLine(dataFolder, ['rerun', String(no), '--hosts', placesText(hosts.map(({ host }) => host))]);

/** The same as a request to the control socket. */
export const rerunCurl = ({ no, hosts, dataFolder }: Again): string =>
  curlOf(dataFolder, 'run.rerun', { run: no, hosts: hosts.map(({ host }) => host) });

/** Servers refuse longer addresses. */
const longestPlaces = 13_000;

/** What `run.results` is asked for: all of a run by its number alone; null when the set does not fit into an address. */
export function resultsOf(
  run: Pick<Run, 'no' | 'counts'>,
  hosts: readonly Host[],
): { run: number; hosts?: string } | null {
  if (hosts.length === run.counts.total) {
    return { run: run.no };
  }
  const places = placesText(hosts.map(({ host }) => host));
  return places.length > longestPlaces ? null : { run: run.no, hosts: places };
}
