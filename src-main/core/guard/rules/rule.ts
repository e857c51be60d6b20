import type { Level } from '../judgement.ts';

/** What a rule says of itself, whatever it looks at. */
export type RuleText = {
  /** Name, the first two words of which are the family: `fs.delete.system`. */
  readonly id: string;
  readonly level: Level;
  /** One sentence for a person who reads why their text was stopped. */
  readonly say: string;
  readonly safer?: string;
};

/** Scripts that show what a rule is for: it alone stops the first, and nothing stops the second. */
export type Examples = { readonly stops: readonly string[]; readonly passes: readonly string[] };

/** How a path is touched. */
export type EffectKind =
  | 'delete'
  | 'delete-tree'
  | 'move'
  | 'write'
  | 'append'
  | 'replace'
  | 'format'
  | 'unpack'
  | 'mount'
  | 'owner'
  | 'owner-tree'
  | 'mode-tree'
  | 'mode-open'
  | 'mode-closed'
  | 'mode-setuid';

export type Effect = {
  readonly kind: EffectKind;
  /** As it was written; relative paths begin in the shell's folder. */
  readonly path: string;
  /** The command, for the reader. */
  readonly what: string;
};

/** A rule about what happens to certain paths. */
export type ZoneRule = RuleText &
  Examples & {
    readonly effects: readonly EffectKind[];
    /** Absolute paths; a part may be a pattern. */
    readonly paths: readonly string[];
    /** Everything below them as well. */
    readonly below?: true;
    /** The folder itself, not what is in it. */
    readonly exact?: true;
    readonly except?: readonly string[];
  };

/** A rule about the words of one command. */
export type ArgvRule = RuleText &
  Examples & {
    /** Names of programs, separated by blanks; `*` at the end stands for anything. */
    readonly tools: string;
    /** What the words after the name, joined by blanks, must hold. */
    readonly args?: RegExp;
    readonly unless?: RegExp;
    /** One of the words is a disk, or nobody knows. */
    readonly disk?: true;
  };

/** A rule about how commands are put together, found by the judge itself. */
export type StructureRule = {
  readonly rule: string;
  readonly level: Level;
  readonly say: string;
  readonly safer?: string;
};
