import { readFileSync, statSync, type Stats } from 'node:fs';
import type { Log } from '#core/ports';
import { fingerprintOf } from './host-key-verdict.ts';
import { hashedNameTest, namesOf, normalName, parseHashedName, type HashedName } from './known-hosts-names.ts';
import { isLiteral, matchesPatterns } from './known-hosts-pattern.ts';

/** One line that holds a key. */
type KnownHostsLine = {
  /** From 1. */
  readonly line: number;
  readonly marker: 'revoked' | 'authority' | null;
  /** Patterns in small letters; empty when the name is hashed. */
  readonly names: readonly string[];
  readonly hashed: HashedName | null;
  readonly type: string;
  /** Base64. */
  readonly publicKey: string;
};

type KnownKey = { readonly type: string; readonly publicKey: string; readonly fingerprint: string };

type FoundKeys = {
  readonly trusted: readonly KnownKey[];
  readonly revoked: readonly KnownKey[];
  /** Some authority may vouch for the machine. */
  readonly hasAuthority: boolean;
  /** A file that could not be read, with the reason: then nothing may be accepted. */
  readonly unreadable: string | null;
};

const markers: Readonly<Record<string, KnownHostsLine['marker']>> = {
  '@revoked': 'revoked',
  '@cert-authority': 'authority',
};
/** A larger file is no list of host keys. */
const largestFile = 128 * 1024 * 1024;
const cachedMachines = 20_000;

/** The key in one spelling of base64; undefined when it is not a key of this type. */
function keyOf(type: string, text: string): string | undefined {
  const bytes = Buffer.from(text, 'base64');
  const length = bytes.length < 4 ? 0 : bytes.readUInt32BE(0);
  const named = length === type.length && bytes.toString('latin1', 4, 4 + length) === type;
  return named && bytes.length > 4 + length ? bytes.toString('base64') : undefined;
}

function parseLine(text: string, line: number): KnownHostsLine | undefined {
  const words = text.split(/[ \t\r]+/).filter((word) => word !== '');
  const marker = words[0]?.startsWith('@') ? markers[words.shift() ?? ''] : null;
  const [names, type, key] = words;
  const publicKey = type === undefined || key === undefined ? undefined : keyOf(type, key);
  if (marker === undefined || names === undefined || type === undefined || publicKey === undefined) {
    return undefined;
  }
  if (!names.startsWith('|')) {
    return { line, marker, names: names.split(',').map(normalName), hashed: null, type, publicKey };
  }
  const hashed = parseHashedName(names);
  return hashed && { line, marker, names: [], hashed, type, publicKey };
}

function parseAll(text: string): { lines: KnownHostsLine[]; ignored: number[] } {
  const lines: KnownHostsLine[] = [];
  const ignored: number[] = [];
  for (const [index, row] of text.split('\n').entries()) {
    if (/^[ \t\r]*(#|$)/.test(row)) {
      continue;
    }
    const line = parseLine(row, index + 1);
    if (line) {
      lines.push(line);
    } else {
      ignored.push(index + 1);
    }
  }
  return { lines, ignored };
}

/** The keys of a text in OpenSSH's format `known_hosts`; lines that are none are left out, as OpenSSH does. */
export const parseKnownHosts = (text: string): KnownHostsLine[] => parseAll(text).lines;

/** The lines of one file, ready to be searched. */
class LineIndex {
  readonly #plain = new Map<string, KnownHostsLine[]>();
  readonly #patterns: KnownHostsLine[] = [];
  readonly #hashed: KnownHostsLine[] = [];

  constructor(lines: readonly KnownHostsLine[]) {
    for (const line of lines) {
      if (line.hashed) {
        this.#hashed.push(line);
      } else if (line.names.every(isLiteral)) {
        for (const name of new Set(line.names)) {
          const known = this.#plain.get(name);
          if (known) {
            known.push(line);
          } else {
            this.#plain.set(name, [line]);
          }
        }
      } else {
        this.#patterns.push(line);
      }
    }
  }

  /** In the order of the file. */
  find(names: readonly string[]): KnownHostsLine[] {
    const found = new Set<KnownHostsLine>();
    for (const name of names) {
      for (const line of this.#plain.get(name) ?? []) {
        found.add(line);
      }
      const isName = hashedNameTest(name);
      for (const line of this.#hashed) {
        if (line.hashed && isName(line.hashed)) {
          found.add(line);
        }
      }
    }
    for (const line of this.#patterns) {
      const excluded = names.some((name) => matchesPatterns(name, line.names.flatMap(negated)));
      if (!excluded && names.some((name) => matchesPatterns(name, line.names))) {
        found.add(line);
      }
    }
    return [...found].toSorted((one, other) => one.line - other.line);
  }
}

const negated = (name: string): readonly string[] => (name.startsWith('!') ? [name.slice(1)] : []);

type LoadedFile = { readonly version: string; readonly index: LineIndex; readonly problem: string | null };

const reasonOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error);

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const whyNot = (error: unknown): string =>
  error instanceof Error && !('code' in error) ? error.message : reasonOf(error);

/** What changes when the file does; `none` for a missing one. */
function versionOf(path: string): string {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    return found ? `${found.dev}:${found.ino}:${found.size}:${found.mtimeMs}:${found.ctimeMs}` : 'none';
  } catch (error) {
    return `refused ${reasonOf(error)}`;
  }
}

/** People link or point their known_hosts to /dev/null. */
const isNothing = (found: Stats): boolean => found.isCharacterDevice() && found.rdev === statSync('/dev/null').rdev;

/** Throws when the file cannot be read; a missing one holds nothing. */
function textOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found || isNothing(found)) {
    return '';
  }
  if (!found.isFile()) {
    throw new Error(found.isDirectory() ? 'it is a directory' : 'it is not a file');
  }
  if (found.size > largestFile) {
    throw new Error('it is too large');
  }
  return readFileSync(path, 'utf8');
}

type KnownHostsFile = { readonly keys: number; readonly ignored: readonly number[]; readonly problem: string | null };

/** How many keys a file holds, and which lines hold none; null for a missing one. Never throws. */
export function readKnownHostsFile(path: string): KnownHostsFile | null {
  try {
    if (statSync(path, { throwIfNoEntry: false }) === undefined) {
      return null;
    }
    const { lines, ignored } = parseAll(textOf(path));
    return { keys: lines.length, ignored, problem: null };
  } catch (error) {
    return { keys: 0, ignored: [], problem: whyNot(error) };
  }
}

/**
 * Host keys of OpenSSH's files. They are read anew when they have changed; a missing file holds nothing.
 * `files` are absolute paths, or tell those of an address.
 */
export class KnownHosts {
  readonly #files: (address: string) => readonly string[];
  readonly #log: Log;
  readonly #loaded = new Map<string, LoadedFile>();
  readonly #cache = new Map<string, { readonly versions: string; readonly found: FoundKeys }>();

  constructor(files: readonly string[] | ((address: string) => readonly string[]), log: Log) {
    this.#files = typeof files === 'function' ? files : () => files;
    this.#log = log;
  }

  /** The keys of a machine, in the order of the files. Reads files and blocks while it does. */
  find(address: string, port: number): FoundKeys {
    let files: readonly string[];
    try {
      files = this.#files(address);
    } catch (error) {
      // Which files count is not known, so that none is trusted; whoever asks is in the middle of a handshake.
      return { trusted: [], revoked: [], hasAuthority: false, unreadable: messageOf(error) };
    }
    const loaded = files.map((path) => this.#load(path));
    const versions = loaded.map(({ version }, index) => `${files[index]}\0${version}`).join('\0');
    const key = `${port} ${address}`;
    const cached = this.#cache.get(key);
    if (cached?.versions === versions) {
      return cached.found;
    }
    const found = this.#search(loaded, namesOf(address, port));
    this.#cache.delete(key);
    this.#cache.set(key, { versions, found });
    const [oldest] = this.#cache.keys();
    if (this.#cache.size > cachedMachines && oldest !== undefined) {
      this.#cache.delete(oldest);
    }
    return found;
  }

  #search(files: readonly LoadedFile[], names: readonly string[]): FoundKeys {
    const lines = files.flatMap(({ index }) => index.find(names));
    const keys = (marker: KnownHostsLine['marker']): KnownKey[] => {
      const chosen = new Map(lines.filter((line) => line.marker === marker).map((line) => [line.publicKey, line]));
      return [...chosen.values()].map(({ type, publicKey }) => ({
        type,
        publicKey,
        fingerprint: fingerprintOf(publicKey),
      }));
    };
    return {
      trusted: keys(null),
      revoked: keys('revoked'),
      hasAuthority: lines.some(({ marker }) => marker === 'authority'),
      unreadable: files.find(({ problem }) => problem !== null)?.problem ?? null,
    };
  }

  #load(path: string): LoadedFile {
    // The version is taken before the text, so that a change in between is seen the next time.
    const version = versionOf(path);
    const known = this.#loaded.get(path);
    if (known?.version === version) {
      return known;
    }
    const loaded = this.#read(path, version);
    this.#loaded.set(path, loaded);
    return loaded;
  }

  #read(path: string, version: string): LoadedFile {
    try {
      const { lines, ignored } = parseAll(textOf(path));
      if (ignored.length > 0) {
        this.#log.warn('Lines of a known_hosts file hold no host key', { path, lines: ignored.slice(0, 20) });
      }
      return { version, index: new LineIndex(lines), problem: null };
    } catch (error) {
      const reason = whyNot(error);
      this.#log.warn('A known_hosts file cannot be read', { path, reason });
      return { version, index: new LineIndex([]), problem: `${path} (${reason})` };
    }
  }
}
