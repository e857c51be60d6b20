import type { Function as FunctionNode } from 'unbash';
import { homeFolder, mark } from '../marks.ts';

/** What a variable may hold: each of these, or the items of an array. */
export type Variable = {
  readonly values: readonly string[];
  readonly items?: ReadonlyMap<string, string>;
  /** Another name of that variable (`declare -n`). */
  readonly refersTo?: string;
};

const maximumValues = 8;

const surroundings: Readonly<Record<string, string>> = {
  HOME: homeFolder,
  IFS: ' \t\n',
  USER: mark.some,
  LOGNAME: mark.some,
  SHELL: '/bin/bash',
  HOSTNAME: mark.some,
  HOSTTYPE: 'x86_64',
  MACHTYPE: mark.some,
  OSTYPE: 'linux-gnu',
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  RANDOM: mark.some,
  SECONDS: mark.some,
  EPOCHSECONDS: mark.some,
  EPOCHREALTIME: mark.some,
  LINENO: mark.some,
  UID: mark.some,
  EUID: mark.some,
  PPID: mark.some,
  BASHPID: mark.some,
  BASH: '/bin/bash',
  BASH_VERSION: '5.3.0',
  BASH_SOURCE: `/${mark.some}/${mark.self}`,
  SHLVL: '1',
};

/** All that a shell remembers between two commands. */
export class ShellState {
  variables: Map<string, Variable>;
  functions: Map<string, FunctionNode['body']>;
  aliases: Map<string, string>;
  /** Files that this text wrote, by their path; all shells of a text share them. */
  files: Map<string, string>;
  /** Links and copies that this text made: name to what it stands for. */
  links: Map<string, string>;
  /** Folders the shell may be in. */
  folders: readonly string[];
  /** `$1` and on; null when they come from outside. */
  words: readonly string[] | null;
  options: Set<string>;
  /** What open descriptors hold, by their number or variable. */
  descriptors: Map<string, string>;
  /** Names of functions that are being run. */
  calls: readonly string[];

  constructor(from?: ShellState) {
    const { variables, functions, aliases, files, links, folders, words, options, descriptors, calls } =
      from ?? fresh();
    this.variables = new Map(variables);
    this.functions = new Map(functions);
    this.aliases = new Map(aliases);
    this.files = files;
    this.links = links;
    this.folders = folders;
    this.words = words;
    this.options = new Set(options);
    this.descriptors = new Map(descriptors);
    this.calls = calls;
  }

  copy(): ShellState {
    return new ShellState(this);
  }

  /** Takes over everything that another one holds. */
  become(other: ShellState): void {
    const copy = other.copy();
    this.variables = copy.variables;
    this.functions = copy.functions;
    this.aliases = copy.aliases;
    this.folders = copy.folders;
    this.words = copy.words;
    this.options = copy.options;
    this.descriptors = copy.descriptors;
  }

  /** Either this is how things stand, or the other. */
  join(other: ShellState): void {
    for (const name of new Set([...this.variables.keys(), ...other.variables.keys()])) {
      const mine = this.variable(name);
      const theirs = other.variable(name);
      if (mine !== theirs) {
        const items = theirs.items ?? mine.items;
        this.variables.set(name, { values: few([...mine.values, ...theirs.values]), ...(items && { items }) });
      }
    }
    for (const [own, others] of [
      [this.functions, other.functions],
      [this.aliases, other.aliases],
      [this.descriptors, other.descriptors],
    ] as [Map<string, unknown>, Map<string, unknown>][]) {
      for (const [name, value] of others) {
        own.set(name, value);
      }
    }
    this.folders = [...new Set([...this.folders, ...other.folders])].slice(0, maximumValues);
    this.options = new Set([...this.options, ...other.options]);
  }

  /** Follows names of names. */
  variable(name: string, depth = 0): Variable {
    const found = this.variables.get(name);
    if (found?.refersTo !== undefined && depth < 8) {
      return this.variable(found.refersTo, depth + 1);
    }
    if (found) {
      return found;
    }
    const known = surroundings[name];
    if (known !== undefined) {
      return { values: [known] };
    }
    if (name === 'PWD') {
      return { values: this.folders };
    }
    const isGiven = name.startsWith('DROVER_') || this.options.has('nounset');
    return { values: [isGiven ? mark.some : mark.unset] };
  }

  isSet(name: string): boolean {
    return this.variables.has(name) || surroundings[name] !== undefined || name === 'PWD';
  }

  assign(name: string, variable: Variable): void {
    const refersTo = this.variables.get(name)?.refersTo;
    this.variables.set(refersTo ?? name, variable);
  }

  assignText(name: string, value: string): void {
    this.assign(name, { values: [value] });
  }
}

type Held = Pick<
  ShellState,
  'variables' | 'functions' | 'aliases' | 'files' | 'links' | 'folders' | 'words' | 'options' | 'descriptors' | 'calls'
>;

function fresh(): Held {
  return {
    variables: new Map(),
    functions: new Map(),
    aliases: new Map(),
    files: new Map(),
    links: new Map(),
    folders: [homeFolder],
    words: null,
    options: new Set(),
    descriptors: new Map(),
    calls: [],
  };
}

/** So many values at most; what is left out could be anything. */
export function few(values: readonly string[]): readonly string[] {
  const different = [...new Set(values)];
  return different.length <= maximumValues ? different : [...different.slice(0, maximumValues), mark.unset];
}
