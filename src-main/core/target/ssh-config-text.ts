import { matchesGlob } from '../search/match-globs.ts';
import { DroverError } from '#contract/errors';
import type { ImportNotes } from './found-target.ts';
import { splitWords, sshWords } from './split-words.ts';

type Option = { readonly keyword: string; readonly words: readonly string[]; readonly rest: string };

/** The options of one `Host` line, or of what stands before the first one. */
type Block = { readonly patterns: readonly string[]; readonly options: Option[] };

/** What a configuration says of one name: the first value of each keyword, as OpenSSH takes it. */
export type HostOptions = ReadonlyMap<string, Option>;

/** Patterns with wildcards are tried for every name; more tries than this would stop the engine for seconds. */
const mostTries = 4_000_000;
const longestName = 253;

/**
 * The `Host` blocks of an ssh configuration. `Match` blocks and included files are left out and noted: one may run
 * programs, the other lies elsewhere.
 */
export class SshConfigText {
  /** Names without wildcards, in the order of the text, each with its line. */
  readonly names = new Map<string, number>();
  readonly #blocks: Block[] = [];
  /** Places of the blocks that name a host in full, and of those that must be tried. */
  readonly #literal = new Map<string, number[]>();
  readonly #wild: number[] = [];
  #tries = 0;

  constructor(text: string, notes: ImportNotes) {
    let block: Block | null = this.#open(['*']);
    for (const [index, line] of text.split(/\r\n|\r|\n/).entries()) {
      const option = readOption(line);
      const place = `line ${index + 1}`;
      if (option === 'unreadable') {
        notes.add('Lines whose quotes are not closed are left out', place);
      } else if (option?.keyword === 'host') {
        block = this.#open(option.words);
        this.#name(option.words, index + 1);
      } else if (option?.keyword === 'match') {
        block = this.#openMatch(option, place, notes);
      } else if (option?.keyword === 'include') {
        notes.add('Included files are not read: import them by themselves', option.rest);
      } else if (option) {
        block?.options.push(option);
      }
    }
  }

  /** Throws DroverError `too-large`. */
  lookup(name: string): HostOptions {
    const options = new Map<string, Option>();
    const literal = this.#literal.get(name) ?? [];
    this.#tries += this.#wild.length;
    if (this.#tries > mostTries) {
      throw new DroverError('too-large', 'The text has too many patterns for so many hosts: import it in parts');
    }
    const wild = (name.length > longestName ? [] : this.#wild).filter((place) =>
      matches(this.#blocks[place]?.patterns ?? [], name),
    );
    for (const place of [...literal, ...wild].toSorted((a, b) => a - b)) {
      for (const option of this.#blocks[place]?.options ?? []) {
        if (!options.has(option.keyword)) {
          options.set(option.keyword, option);
        }
      }
    }
    return options;
  }

  /** Null for a block that is left out. */
  #openMatch({ words }: Option, place: string, notes: ImportNotes): Block | null {
    if (words.length === 1 && words[0]?.toLowerCase() === 'all') {
      return this.#open(['*']);
    }
    notes.add('Match blocks are left out: write what they say as Host blocks', place);
    return null;
  }

  #open(patterns: readonly string[]): Block {
    const block = { patterns, options: [] };
    const place = this.#blocks.push(block) - 1;
    if (patterns.some((pattern) => /[*?!]/.test(pattern))) {
      this.#wild.push(place);
      return block;
    }
    for (const name of new Set(patterns)) {
      const places = this.#literal.get(name) ?? [];
      places.push(place);
      this.#literal.set(name, places);
    }
    return block;
  }

  #name(patterns: readonly string[], line: number): void {
    for (const pattern of patterns) {
      if (!/[*?!]/.test(pattern) && !this.names.has(pattern)) {
        this.names.set(pattern, line);
      }
    }
  }
}

/** Undefined for a blank line or a comment. */
function readOption(line: string): Option | 'unreadable' | undefined {
  const text = line.trim();
  if (text === '' || text.startsWith('#')) {
    return undefined;
  }
  const found = /^([A-Za-z]+)(?:\s*=\s*|\s+|(?="))(.*)$/.exec(text);
  if (!found) {
    return undefined;
  }
  const rest = found[2] ?? '';
  const words = splitWords(rest, sshWords);
  return words === null ? 'unreadable' : { keyword: found[1]?.toLowerCase() ?? '', words, rest };
}

function matches(patterns: readonly string[], name: string): boolean {
  const isRefused = patterns.some((pattern) => pattern.startsWith('!') && matchesPattern(pattern.slice(1), name));
  return !isRefused && patterns.some((pattern) => !pattern.startsWith('!') && matchesPattern(pattern, name));
}

/** A pattern that is longer than any name can only be there to cost time. */
const matchesPattern = (pattern: string, name: string): boolean =>
  pattern.length <= 2 * longestName && matchesGlob(pattern, name);
