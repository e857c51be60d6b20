import type { Script } from 'unbash';
import type { Inquiry } from './inquiry.ts';
import type { ShellState } from './shell/shell-state.ts';

/** Languages the judge reads. */
export type Language =
  | 'shell'
  | 'python'
  | 'perl'
  | 'ruby'
  | 'php'
  | 'node'
  | 'lua'
  | 'awk'
  | 'powershell'
  | 'cmd'
  | 'sql';

export type Status = 'ok' | 'failed' | 'unknown';

/** What one command printed and how it ended, as far as that can be said. */
export type Outcome = {
  readonly out: string;
  readonly status: Status;
  /** The rest of the list is not reached. */
  readonly leaves?: boolean | undefined;
};

/** What a command reads; `read` takes lines off it. Null is the terminal, or nothing. */
export type Input = { text: string | null };

export type Scene = {
  readonly state: ShellState;
  readonly input: Input;
};

/** The parts of the judge reach each other through this, so that none needs to know another. */
export interface Bench {
  readonly inquiry: Inquiry;
  /** Judges code inside code. */
  runText(language: Language, text: string, scene: Scene): Outcome;
  /** Judges code of the shell that is parsed already. */
  runScript(script: Script, scene: Scene): Outcome;
  /** A file has got this text; some files run by themselves later. */
  wrote(path: string, text: string, scene: Scene): void;
  /** Judges one command of the shell, with all that its words mean. */
  runWords(words: readonly string[], scene: Scene): Outcome;
}

export const nothing: Outcome = { out: '', status: 'unknown' };
