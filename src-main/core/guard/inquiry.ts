import { type Hit, isStricter, type Level } from './judgement.ts';
import { plainText } from './marks.ts';

/** Thrown when judging costs more than it may; the text is then not understood. */
export class BudgetSpent extends Error {}

type Found = {
  readonly rule: string;
  readonly level: Level;
  readonly say: string;
  readonly safer?: string | undefined;
};

const maximumSteps = 20_000;
const maximumDepth = 14;
const maximumWhat = 240;

/** What is found out about one text, and what it may still cost. */
export class Inquiry {
  readonly #hits = new Map<string, Hit>();
  /** Rules that are switched off. */
  readonly #silent: ReadonlySet<string>;
  #steps = 0;
  #depth = 0;
  #caps = 0;
  #nested = 0;
  #withoutOpaque = 0;
  #line = 1;
  readonly #lineStarts: readonly number[];
  commands = 0;
  /** More than one of what runs now may run at once. */
  manyAtOnce = 0;
  /** Functions that were called. */
  readonly called = new Set<object>();

  constructor(text: string, silent: ReadonlySet<string>) {
    this.#silent = silent;
    this.#lineStarts = [...text.matchAll(/\n/g)].map(({ index }) => index);
  }

  get hits(): readonly Hit[] {
    return [...this.#hits.values()];
  }

  isSilent(rule: string): boolean {
    return this.#silent.has(rule);
  }

  spend(steps = 1): void {
    this.#steps += steps;
    if (this.#steps > maximumSteps) {
      throw new BudgetSpent('too many steps');
    }
  }

  /** Code inside code: its lines are those of the place where it stands. */
  within<T>(act: () => T): T {
    this.#depth += 1;
    this.#nested += 1;
    try {
      if (this.#depth > maximumDepth) {
        throw new BudgetSpent('too deep');
      }
      return act();
    } finally {
      this.#depth -= 1;
      this.#nested -= 1;
    }
  }

  /** What is looked at begins there, in UTF-16 units from the start of the text. */
  at(position: number): void {
    if (this.#nested === 0) {
      const next = this.#lineStarts.findIndex((start) => start >= position);
      this.#line = (next < 0 ? this.#lineStarts.length : next) + 1;
    }
  }

  /** Code that is not known to run: what cannot be read in it is no reason to stop. */
  uncalled(act: () => void): void {
    this.#withoutOpaque += 1;
    try {
      this.perhaps(act);
    } finally {
      this.#withoutOpaque -= 1;
    }
  }

  /** What may be or not be so is confirmed, not forbidden. */
  perhaps<T>(act: () => T): T {
    this.#caps += 1;
    try {
      return act();
    } finally {
      this.#caps -= 1;
    }
  }

  hit({ rule, level: asked, say, safer }: Found, what: string): void {
    if (this.#silent.has(rule) || (this.#withoutOpaque > 0 && rule.startsWith('exec.opaque'))) {
      return;
    }
    const level = this.#caps > 0 && isStricter(asked, 'confirm') ? 'confirm' : asked;
    const known = this.#hits.get(rule);
    if (known && !isStricter(level, known.level)) {
      return;
    }
    const text = plainText(what);
    const short = text.length > maximumWhat ? `${text.slice(0, maximumWhat)}…` : text;
    this.#hits.set(rule, { rule, level, say, what: short, line: this.#line, ...(safer && { safer }) });
  }
}
