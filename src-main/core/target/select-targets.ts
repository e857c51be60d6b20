import { DroverError } from '#contract/errors';
import { HostReason } from '#contract/run';
import { connections, type Target, targetOs } from '#contract/target';
import { canonicalAddress } from '../search/address-span.ts';
import { compileSearch, type SearchFields } from '../search/match-search.ts';
import { nearestWords } from '../search/nearest-words.ts';
import { badSearch, parseSearch, type Search, type SearchTerm, shown } from '../search/parse-search.ts';
import type { SearchPattern } from '../search/read-pattern.ts';
import { credentialsOf } from './credentials-of.ts';

/** The word that always means the machine Drover itself runs on. */
const localSelector = 'local';

/** The built-in target: the machine the node runs on, so it carries the node's own id. */
export function localTarget(nodeId: string, platform: string): Target {
  return {
    id: nodeId,
    no: 1,
    name: localSelector,
    address: 'This machine',
    port: 22,
    os: platform === 'win32' ? 'windows' : platform === 'linux' ? 'linux' : 'other',
    connection: 'local',
    user: null,
    credentialId: null,
    jump: [],
    become: null,
    tags: [],
    attributes: {},
    maintenance: false,
    weakAlgorithms: false,
    facts: {},
    lastReach: null,
    createdAt: 0,
    updatedAt: 0,
    rev: 0,
  };
}

/** The name of a stored credential by its id. */
export type CredentialNames = (id: string) => string | undefined;

const noNames: CredentialNames = () => undefined;

const fieldsBy = (names: CredentialNames): SearchFields<Target> => ({
  ...plainFields,
  credential: { kind: 'texts', read: (target) => credentialsOf(target).flatMap((id) => [id, names(id) ?? id]) },
});

const plainFields: SearchFields<Target> = {
  name: { kind: 'text', read: ({ name }) => name, plain: 'part' },
  address: { kind: 'address', aliases: ['ip'], read: ({ address }) => address, plain: 'part' },
  tag: { kind: 'texts', read: ({ tags }) => tags },
  os: { kind: 'text', read: ({ os }) => os, values: targetOs },
  connection: { kind: 'text', aliases: ['mode'], read: ({ connection }) => connection, values: connections },
  user: { kind: 'text', read: ({ user }) => user },
  port: { kind: 'number', read: ({ port }) => port },
  maintenance: { kind: 'boolean', read: ({ maintenance }) => maintenance },
  reach: { kind: 'texts', read: reachWords, values: ['ok', 'failed', 'never', ...HostReason.options] },
  attr: { kind: 'keyed', read: ({ attributes }, key) => own(attributes, key) },
  fact: { kind: 'keyed', read: ({ facts }, key) => own(facts, key) },
  // The built-in target may share its number with a stored one.
  no: { kind: 'number', read: ({ connection, no }) => (connection === 'local' ? null : no), plain: 'whole' },
  id: { kind: 'text', read: ({ id }) => id, plain: 'whole' },
};

function reachWords({ lastReach }: Target): string[] {
  if (lastReach === null) {
    return ['never'];
  }
  return lastReach.ok ? ['ok'] : ['failed', ...(lastReach.reason === null ? [] : [lastReach.reason])];
}

const own = (record: Readonly<Record<string, string>>, key: string): string | null =>
  Object.hasOwn(record, key) ? (record[key] ?? null) : null;

/**
 * The targets a selector names, for a run: in the order of `targets`, each once. Only its name or id, or
 * `connection:local`, finds the built-in target; only their names, ids and numbers, or a `maintenance:` term, find
 * targets under maintenance. A selector that names none is an error, never "all": throws DroverError `no-targets` when
 * it is empty or nothing matches, `unknown-target` when a name in it is no target's, and `bad-selector`.
 */
export function selectTargets(selector: string, targets: readonly Target[], names = noNames): Target[] {
  const search = parseSearch(selector);
  if (search.terms.length === 0) {
    throw new DroverError('no-targets', 'No targets were named: give a selector such as `local`');
  }
  if (search.terms.every(({ not }) => not)) {
    throw badSearch(1, "The selector only says what not: say first what, then what not; '*' is all");
  }
  const known = knownWords(targets);
  const matches = compileSearch(inTheirCase(search, known), fieldsBy(names), 'exact');
  refuseUnknown(search, known);
  refuseUnknownTags(search, targets);
  const found = targets.filter(matches);
  const chosen = found.filter(allowedBy(search));
  if (chosen.length === 0) {
    throw new DroverError('no-targets', `No target matches ${shown(selector)}${hint(search, found)}`);
  }
  return chosen;
}

/** The targets a query finds, for a list: plain words may be parts, and nothing is hidden. Throws `bad-selector`. */
export function searchTargets(query: string, targets: readonly Target[], names = noNames): Target[] {
  return targets.filter(compileSearch(parseSearch(query), fieldsBy(names), 'contains'));
}

/** In which case names and ids are spelled, and for each field that names a target its words in one spelling. */
type KnownWords = {
  readonly names: readonly string[];
  readonly spelled: ReadonlySet<string>;
  readonly byField: ReadonlyMap<string, ReadonlySet<string>>;
};

/** For terms without a field, which may say a name, an id or an address. */
const plain = '';

const wordsOfList = new WeakMap<readonly Target[], KnownWords>();

/** Worked out once for each list: a picker asks for the same one with every key. */
function knownWords(targets: readonly Target[]): KnownWords {
  const known = wordsOfList.get(targets) ?? wordsOf(targets);
  wordsOfList.set(targets, known);
  return known;
}

function wordsOf(targets: readonly Target[]): KnownWords {
  const stored = targets.filter(({ connection }) => connection !== 'local');
  const names = targets.map(({ name }) => name);
  const ids = targets.map(({ id }) => id);
  const addresses = stored.map(({ address }) => address);
  return {
    names,
    spelled: new Set([...names, ...ids]),
    byField: new Map([
      [plain, new Set([...names, ...ids, ...addresses].map(canonicalAddress))],
      ['name', new Set(names.map(canonicalAddress))],
      ['id', new Set(ids.map(canonicalAddress))],
      ['no', new Set(stored.map(({ no }) => `#${no}`))],
    ]),
  };
}

/** `text` is the word as it was written. */
type Naming = { readonly field: string; readonly word: string; readonly text: string; readonly ranged: boolean };

/** The words of a term that stand for one target each. */
function namingsOf(term: SearchTerm): Naming[] {
  const field = term.field?.toLowerCase() ?? plain;
  if (field !== plain && field !== 'name' && field !== 'id' && field !== 'no') {
    return [];
  }
  return term.any.flatMap((pattern): Naming[] => {
    if (pattern.kind === 'number') {
      const word = `#${pattern.value}`;
      return [{ field: field === plain ? 'no' : field, word, text: word, ranged: false }];
    }
    if (pattern.kind !== 'word') {
      return [];
    }
    const word = field === 'no' ? `#${Number(pattern.text)}` : canonicalAddress(pattern.text);
    return [{ field, word, text: pattern.text, ranged: pattern.ranged ?? false }];
  });
}

/** A slip in a name must neither shrink a run without a word nor, behind a `!`, widen it. */
function refuseUnknown(search: Search, { names, byField }: KnownWords): void {
  const namings = search.terms.flatMap(namingsOf);
  const strange = namings.filter(({ field, word }) => !byField.get(field)?.has(word));
  const unknown = [...new Set(strange.map(({ text }) => text))];
  const [first, ...more] = unknown;
  if (first === undefined) {
    return;
  }
  const nearest = nearestWords(first, names, 5);
  const remedy = nearest.length === 0 ? 'no target is saved yet' : `the nearest names are ${nearest.join(', ')}`;
  const others = more.length === 0 ? '' : `. Unknown as well: ${more.slice(0, 5).map(shown).join(', ')}`;
  const rest = more.length > 5 ? ` and ${more.length - 5} more` : '';
  throw new DroverError('unknown-target', `No target ${shown(first)}; ${remedy}${others}${rest}`, {
    detail: { unknown: unknown.slice(0, 100), nearest },
  });
}

/** Tags as well: a slip there shrinks or widens a run just so, and a comma behind a tag may have been meant for a name. */
function refuseUnknownTags(search: Search, targets: readonly Target[]): void {
  const asked = search.terms
    .filter((term) => asks(term, ['tag', 'tags']))
    .flatMap(({ any }) => any.flatMap((pattern) => (pattern.kind === 'word' ? [pattern.text] : [])));
  const tags = new Map(targets.flatMap((target) => target.tags).map((tag) => [tag.toLowerCase(), tag]));
  const strange = asked.find((tag) => !tags.has(tag.toLowerCase()));
  if (strange === undefined) {
    return;
  }
  const isName = targets.some(({ name }) => name.toLowerCase() === strange.toLowerCase());
  const nearest = nearestWords(strange, [...tags.values()], 5);
  const words = nearest.length === 0 ? 'no target has any tag' : `the nearest tags are ${nearest.join(', ')}`;
  const remedy = isName ? 'it is the name of a target, but a comma goes on with the values of the tag' : words;
  throw new DroverError('unknown-target', `No target has the tag ${shown(strange)}; ${remedy}`, {
    detail: { unknown: [strange], nearest },
  });
}

/** Upper and lower case are the same, unless a name is spelled just like the word: then it means no other one. */
function inTheirCase(search: Search, { spelled }: KnownWords): Search {
  const inCase = (pattern: SearchPattern): SearchPattern =>
    pattern.kind === 'word' && spelled.has(pattern.text) ? { ...pattern, sameCase: true } : pattern;
  return {
    terms: search.terms.map((term) => (namingsOf(term).length === 0 ? term : { ...term, any: term.any.map(inCase) })),
  };
}

/** Whether a target that matches may be found, or hides from all but its own name. */
function allowedBy(search: Search): (target: Target) => boolean {
  const positive = search.terms.filter(({ not }) => !not);
  const named = new Set(positive.flatMap(namingsOf).flatMap(({ word, ranged }) => (ranged ? [] : [word])));
  const local = positive.some((term) => asks(term, ['connection', 'mode']) && term.any.some(isLocal));
  const maintenance = search.terms.some((term) => asks(term, ['maintenance']));
  return (target) => {
    const byName =
      named.size > 0 && (named.has(canonicalAddress(target.name)) || named.has(canonicalAddress(target.id)));
    return target.connection === 'local'
      ? byName || local
      : !target.maintenance || maintenance || byName || named.has(`#${target.no}`);
  };
}

const asks = ({ field }: SearchTerm, names: readonly string[]): boolean =>
  names.includes(field?.toLowerCase() ?? plain);

const isLocal = (pattern: SearchPattern): boolean =>
  pattern.kind === 'word' && pattern.text.toLowerCase() === localSelector;

/** Why nothing is left, where that can be told; `found` are the targets that matched and hide. */
function hint(search: Search, found: readonly Target[]): string {
  const resting = found.filter(({ maintenance }) => maintenance).length;
  if (resting > 0) {
    return `: ${resting} that would are under maintenance; give their names, or add maintenance:yes`;
  }
  if (found.length > 0) {
    return ': only this machine would, which is found by the name `local` alone';
  }
  const named = search.terms.filter((term) => !term.not && term.field === null && namingsOf(term).length > 0);
  return named.length > 1 ? ': a blank asks for both at once; part names by commas' : '';
}
