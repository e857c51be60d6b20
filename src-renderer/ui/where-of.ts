import type { HostRow, Run } from '#contract/run';

/** Where a run was started: a selector over the saved targets, and machines by address. */
export type Where = { readonly targets: string; readonly addresses: string };

type Host = Pick<HostRow, 'name' | 'targetId'>;

/** A target's name as a word of a selector: in quotes where the grammar would read it as something else. */
export function quotedName(name: string): string {
  return /^[A-Za-z_][\w.-]*$/.test(name) ? name : `"${name.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

/** Whether the run's selector is a record of what was typed and cannot be asked again: it names machines by address, or was cut. */
export const isOnlyRecord = (run: Pick<Run, 'selector'>, hosts: readonly Pick<HostRow, 'targetId'>[]): boolean =>
  run.selector.endsWith('…') || hosts.some(({ targetId }) => targetId === null);

/** What starts on the same machines again. */
export function whereOf(run: Pick<Run, 'selector'>, hosts: readonly Host[]): Where {
  if (!isOnlyRecord(run, hosts)) {
    return { targets: run.selector, addresses: '' };
  }
  return whereOfHosts(hosts);
}

/** What starts on exactly these machines. */
export function whereOfHosts(hosts: readonly Host[]): Where {
  const saved = hosts.filter(({ targetId }) => targetId !== null);
  const named = hosts.filter(({ targetId }) => targetId === null);
  return {
    targets: saved.map(({ name }) => quotedName(name)).join(','),
    addresses: named.map(({ name }) => name).join(', '),
  };
}

const item = String.raw`(?:"(?:[^"\\]|\\.)*"|[^\s,，、":!/]+)`;
const plainList = new RegExp(`^${item}(?:\\s*[,，、]\\s*${item})*$`);

/** Whether names can be added by a comma: behind a condition, the comma would be a part of it. */
export const isNameList = (selector: string): boolean => plainList.test(selector.trim().replace(/[,，、]$/, ''));

/** The selector with one more target; conditions and this machine alone give way to it. */
export function withName(selector: string, name: string): string {
  const before = selector.trim().replace(/\s*[,，、]$/, '');
  const word = quotedName(name);
  if (before === '' || before === 'local' || !isNameList(before)) {
    return word;
  }
  return isListed(before, word) ? before : `${before},${word}`;
}

const isListed = (selector: string, word: string): boolean =>
  [...selector.matchAll(new RegExp(item, 'g'))].some(([found]) => found === word);

const unquoted = (word: string): string =>
  word.startsWith('"') ? word.slice(1, -1).replaceAll(/\\(["\\])/g, '$1') : word;

const wordsOf = (selector: string): string[] =>
  isNameList(selector) ? [...selector.matchAll(new RegExp(item, 'g'))].map(([word]) => word) : [];

/** The names of a selector that is nothing but names; none for conditions. */
export const namesIn = (selector: string): string[] => wordsOf(selector).map(unquoted);

/** A list of names without one of them; anything else stays as it is. */
export const withoutName = (selector: string, name: string): string =>
  namesIn(selector).includes(name)
    ? wordsOf(selector)
        .filter((word) => unquoted(word) !== name)
        .join(',')
    : selector;
