import { readFileSync, statSync, type Stats } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { Log } from '#core/ports';
import { expandGlob } from './ssh-config-glob.ts';
import { parseConfigLines, type ConfigLine } from './ssh-config-lines.ts';
import { matchCondition, Sections, type Condition, type Section } from './ssh-config-sections.ts';
import { keywords } from './ssh-config-settings.ts';

/** What the files say, or why they cannot be used. */
type ConfigState = {
  /** The account's own first. */
  readonly files: readonly Sections[];
  /** A sentence's end; null when the files can be used. */
  readonly problem: string | null;
};

type Origin = { readonly isSystem: boolean; readonly isIncluded: boolean; readonly depth: number };

/** Why a file cannot be used; it becomes the state's `problem`. */
class ConfigProblem extends Error {}

const deepestInclude = 16;
const largestFile = 1024 * 1024;
/** What changes the way to a machine or its trust, and is not understood: to be told, not passed over. */
const unused = new Set(['hostkeyalias', 'revokedhostkeys', 'knownhostscommand', 'canonicalizehostname']);

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    // What may not be looked at is found out by reading it.
    return undefined;
  }
}

function versionOf(path: string): string {
  const found = statOf(path);
  return found
    ? [found.dev, found.ino, found.size, found.mtimeMs, found.ctimeMs, found.mode, found.uid].join(':')
    : 'none';
}

const isWritableByOthers = ({ mode, uid }: Stats): boolean =>
  process.getuid !== undefined && ((uid !== 0 && uid !== process.getuid()) || (mode & 0o022) !== 0);

/** The account's ssh_config, the system's, and what they include; read anew when one of them has changed. */
export class ConfigFiles {
  readonly #home: string;
  readonly #systemFolder: string;
  readonly #log: Log;
  readonly #told = new Set<string>();
  #watched = new Map<string, string>();
  #state: ConfigState | undefined;

  constructor({ home, systemFolder, log }: { home: string; systemFolder: string; log: Log }) {
    this.#home = home;
    this.#systemFolder = systemFolder;
    this.#log = log;
  }

  /** The same object until a file has changed. */
  state(): ConfigState {
    const isFresh = [...this.#watched].every(([path, version]) => versionOf(path) === version);
    if (!this.#state || !isFresh) {
      this.#watched = new Map();
      this.#state = this.#load();
    }
    return this.#state;
  }

  #load(): ConfigState {
    try {
      const origin = { isIncluded: false, depth: 0 };
      const own = this.#read(join(this.#home, '.ssh', 'config'), { ...origin, isSystem: false });
      const system = this.#read(join(this.#systemFolder, 'ssh_config'), { ...origin, isSystem: true });
      return { files: [own, system], problem: null };
    } catch (error) {
      if (!(error instanceof ConfigProblem)) {
        throw error;
      }
      this.#log.warn('The ssh_config of the account cannot be used', { problem: error.message });
      return { files: [], problem: error.message };
    }
  }

  #read(path: string, origin: Origin): Sections {
    const { lines, broken } = parseConfigLines(this.#textOf(path, origin));
    if (broken !== null) {
      throw new ConfigProblem(`${path} line ${broken} is not understood`);
    }
    let items: (ConfigLine | readonly Sections[])[] = [];
    const sections: Section[] = [{ condition: { kind: 'always' }, items }];
    for (const line of lines) {
      const problem = problemOf(line);
      if (problem !== null) {
        throw new ConfigProblem(`${path} line ${line.number}: ${line.keyword} ${problem}`);
      }
      if (line.keyword === 'host' || line.keyword === 'match') {
        items = [];
        sections.push({ condition: this.#conditionOf(line, path), items });
      } else if (line.keyword === 'include') {
        items.push(this.#include(line, path, origin));
      } else if (keywords.has(line.keyword)) {
        items.push(line);
      }
      if (unused.has(line.keyword)) {
        this.#tell('A line of an ssh_config file is not used', { path, line: line.number, keyword: line.keyword });
      }
    }
    return new Sections(sections);
  }

  #conditionOf({ keyword, words, number }: ConfigLine, path: string): Condition {
    if (keyword === 'host') {
      return { kind: 'host', patterns: words };
    }
    const condition = matchCondition(words);
    if (condition.kind === 'never') {
      this.#tell('A Match never applies: only host, originalhost, user and all are looked at', { path, line: number });
    }
    return condition;
  }

  #include({ words, number }: ConfigLine, path: string, origin: Origin): Sections[] {
    if (origin.depth >= deepestInclude) {
      throw new ConfigProblem(`${path} line ${number} includes files more than ${deepestInclude} deep`);
    }
    const folder = origin.isSystem ? this.#systemFolder : join(this.#home, '.ssh');
    const included = words.flatMap((word) => {
      if (word.startsWith('~') && (origin.isSystem || !word.startsWith('~/'))) {
        throw new ConfigProblem(`${path} line ${number}: ${word} cannot be included; write the whole path`);
      }
      const full = word.startsWith('~/') ? join(this.#home, word.slice(2)) : word;
      return expandGlob(isAbsolute(full) ? full : join(folder, full), (directory) => this.#watch(directory));
    });
    return included.map((file) =>
      this.#read(file, { isSystem: origin.isSystem, isIncluded: true, depth: origin.depth + 1 }),
    );
  }

  /** Nothing for a missing file and for what is none, as OpenSSH reads it. */
  #textOf(path: string, { isSystem, isIncluded }: Origin): string {
    this.#watch(path);
    const found = statOf(path);
    if (!found) {
      return contentOf(path);
    }
    if (!found.isFile()) {
      return '';
    }
    if ((isIncluded || !isSystem) && isWritableByOthers(found)) {
      throw new ConfigProblem(
        `${path} belongs to somebody else or may be written to by others; see "chown" and "chmod go-w"`,
      );
    }
    if (found.size > largestFile) {
      throw new ConfigProblem(`${path} is too large`);
    }
    return contentOf(path);
  }

  /** The version is taken before the content, so that a change in between is seen the next time. */
  #watch(path: string): void {
    if (!this.#watched.has(path)) {
      this.#watched.set(path, versionOf(path));
    }
  }

  #tell(message: string, where: { path: string; line: number; keyword?: string }): void {
    const key = `${where.path}:${where.line}:${where.keyword ?? ''}`;
    if (!this.#told.has(key)) {
      this.#told.add(key);
      this.#log.warn(message, where);
    }
  }
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      return '';
    }
    throw new ConfigProblem(`${path} cannot be read (${code ?? String(error)})`);
  }
}

function problemOf(line: ConfigLine): string | null {
  if (['host', 'match', 'include'].includes(line.keyword)) {
    // With nothing but a comment after it, a section fits no name.
    return line.rest === '' ? 'needs a value' : null;
  }
  return keywords.get(line.keyword)?.problem(line) ?? null;
}
