/** What is replaced: names of machines and people, and places that give them away. */
export type Known = {
  readonly hosts: readonly string[];
  readonly accounts: readonly string[];
  /** Home folders of the account. */
  readonly homes: readonly string[];
};

const word = /[\p{L}\p{N}._-]+/gu;
const plainWord = /^[\p{L}\p{N}._-]+$/u;
const ipv4 = /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.]*\d)/g;
/** With a letter or two colons side by side, so that no time of day is taken for one. */
const ipv6 = /(?<![\p{L}\p{N}:])(?=[0-9a-f:]*(?:::|[a-f]))(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\p{L}\p{N}:])/giu;
/** Keys, digests and tokens look like this; ids of runs, which are no secret, are shorter between their dashes. */
const random = /(?<![A-Za-z0-9+_-])[A-Za-z0-9+_-]{32,}={0,2}/g;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** This machine, under names that give nothing away. */
const ownAddresses = new Set(['127.0.0.1', '::1', '0.0.0.0', '::', 'localhost', 'local']);
const longestText = 2_000;

/** Replaces what must not leave the house in texts; the same name always by the same word. */
export class Scrubber {
  readonly #words = new Map<string, string>();
  /** Names that are no single word, the longest first. */
  readonly #phrases: { readonly length: number; readonly pattern: RegExp; readonly replacement: string }[] = [];
  readonly #addresses = new Map<string, string>();
  readonly #homes: readonly string[];

  constructor({ hosts, accounts, homes }: Known) {
    this.#homes = homes.filter((home) => home.length > 1);
    this.#learn(hosts, 'machine');
    this.#learn(accounts, 'account');
    this.#phrases.sort((one, other) => other.length - one.length);
  }

  text(given: string): string {
    let text = given.slice(0, longestText);
    for (const home of this.#homes) {
      text = text.replaceAll(home, '~');
    }
    for (const { pattern, replacement } of this.#phrases) {
      text = text.replaceAll(pattern, replacement);
    }
    return text
      .replaceAll(random, (found) => (uuid.test(found) ? found : `[${found.length} characters]`))
      .replaceAll(word, (found) => this.#ofWord(found))
      .replaceAll(ipv4, (found) => this.#ofAddress(found))
      .replaceAll(ipv6, (found) => this.#ofAddress(found));
  }

  #learn(names: readonly string[], kind: string): void {
    for (const name of new Set(names.map((one) => one.trim().toLowerCase()))) {
      if (name === '' || ownAddresses.has(name)) {
        continue;
      }
      const replacement = `${kind}-${this.#words.size + this.#phrases.length + 1}`;
      if (plainWord.test(name)) {
        this.#words.set(name, replacement);
      } else {
        const pattern = new RegExp(name.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`), 'giu');
        this.#phrases.push({ length: name.length, pattern, replacement });
      }
    }
  }

  /** A name at the end of a sentence has a dot behind it. */
  #ofWord(found: string): string {
    const bare = found.replace(/[.-]+$/, '');
    const replacement = this.#words.get(found.toLowerCase()) ?? this.#words.get(bare.toLowerCase());
    return replacement === undefined ? found : replacement + found.slice(bare.length);
  }

  #ofAddress(found: string): string {
    if (ownAddresses.has(found)) {
      return found;
    }
    const known = this.#addresses.get(found) ?? `address-${this.#addresses.size + 1}`;
    this.#addresses.set(found, known);
    return known;
  }
}
