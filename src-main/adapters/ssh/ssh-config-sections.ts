import { isLiteral, matchesPatterns } from './known-hosts-pattern.ts';
import type { ConfigLine } from './ssh-config-lines.ts';
import { keywords, type Settings } from './ssh-config-settings.ts';

type Criterion = {
  readonly of: 'host' | 'originalhost' | 'user';
  readonly negated: boolean;
  readonly patterns: readonly string[];
};

export type Condition =
  | { readonly kind: 'always' }
  /** Something that Drover never looks at, such as `Match exec`. */
  | { readonly kind: 'never' }
  | { readonly kind: 'host'; readonly patterns: readonly string[] }
  | { readonly kind: 'match'; readonly criteria: readonly Criterion[] };

/** Settings, and the files that are read between them. */
export type Section = { readonly condition: Condition; readonly items: readonly (ConfigLine | readonly Sections[])[] };

function criterionOf(attribute: string, value: string | undefined): Criterion | undefined {
  const of = attribute.replace(/^!/, '').toLowerCase();
  if (value === undefined || (of !== 'host' && of !== 'originalhost' && of !== 'user')) {
    return undefined;
  }
  // Names of hosts are compared in small letters, accounts as they are.
  const patterns = (of === 'user' ? value : value.toLowerCase()).split(',');
  return { of, negated: attribute.startsWith('!'), patterns };
}

/** What a Match line asks for; anything but host, originalhost, user and all makes it `never`. */
export function matchCondition(words: readonly string[]): Condition {
  if (words.length === 1 && words[0]?.toLowerCase() === 'all') {
    return { kind: 'always' };
  }
  // `host=a`, `host = a` and `host =a` are `host a`.
  const parts = words.flatMap((word) => {
    const [attribute = '', ...value] = word.split('=');
    return value.length === 0 ? [word] : [attribute, value.join('=')].filter((part) => part !== '');
  });
  const criteria: Criterion[] = [];
  for (let at = 0; at < parts.length; at += 2) {
    const criterion = criterionOf(parts[at] ?? '', parts[at + 1]);
    if (!criterion) {
      return { kind: 'never' };
    }
    criteria.push(criterion);
  }
  return criteria.length === 0 ? { kind: 'never' } : { kind: 'match', criteria };
}

type Subject = { readonly name: string; readonly account: string };

function isMet(condition: Condition, settings: Settings, { name, account }: Subject): boolean {
  switch (condition.kind) {
    case 'always':
      return true;
    case 'never':
      return false;
    case 'host':
      return matchesPatterns(name, condition.patterns);
    case 'match': {
      const values = {
        host: (
          settings.hostName?.replaceAll(/%(.)/g, (_, token: string) => (token === 'h' ? name : token)) ?? name
        ).toLowerCase(),
        originalhost: name.toLowerCase(),
        user: settings.user ?? account,
      };
      return condition.criteria.every(({ of, negated, patterns }) => matchesPatterns(values[of], patterns) !== negated);
    }
  }
}

/** The sections of one file, in its order; those that name hosts without wildcards are found without looking at the others. */
export class Sections {
  readonly #sections: readonly Section[];
  readonly #byName = new Map<string, number[]>();
  readonly #others: number[] = [];

  constructor(sections: readonly Section[]) {
    this.#sections = sections;
    for (const [index, { condition }] of sections.entries()) {
      if (condition.kind !== 'host' || !condition.patterns.every(isLiteral)) {
        this.#others.push(index);
        continue;
      }
      for (const name of new Set(condition.patterns)) {
        const known = this.#byName.get(name);
        if (known) {
          known.push(index);
        } else {
          this.#byName.set(name, [index]);
        }
      }
    }
  }

  /** Adds what the file says of the subject and was not said before. */
  apply(settings: Settings, subject: Subject): void {
    const indexes = [...(this.#byName.get(subject.name) ?? []), ...this.#others].toSorted((one, other) => one - other);
    for (const index of indexes) {
      const section = this.#sections[index];
      if (!section || !isMet(section.condition, settings, subject)) {
        continue;
      }
      for (const item of section.items) {
        if ('keyword' in item) {
          keywords.get(item.keyword)?.apply(settings, item);
        } else {
          item.forEach((file) => file.apply(settings, subject));
        }
      }
    }
  }

  /** Names that some section gives without wildcards, with those of included files. */
  names(): string[] {
    const included = this.#sections.flatMap(({ items }) => items.flatMap((item) => ('keyword' in item ? [] : item)));
    return [...this.#byName.keys(), ...included.flatMap((file) => file.names())];
  }
}
