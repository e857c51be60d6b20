import { parse } from 'unbash';
import { type Bench, type Language, nothing, type Outcome, type Scene } from './bench.ts';
import { judgeCode } from './code/judge-code.ts';
import { judgeSql } from './code/judge-sql.ts';
import { BudgetSpent, Inquiry } from './inquiry.ts';
import { type Judgement, judgementOf } from './judgement.ts';
import { checkRaw } from './raw-checks.ts';
import { structureRules } from './rules/structure-rules.ts';
import { judgePlanted } from './run/carriers.ts';
import { runWords } from './run/run-words.ts';
import { runBody, runScript } from './shell/run-shell.ts';
import { ShellState } from './shell/shell-state.ts';
import { judgeCmd } from './windows/judge-cmd.ts';
import { judgePowershell } from './windows/judge-powershell.ts';

export type Script = {
  /** What will be sent, byte for byte. */
  readonly text: string;
  /** Undefined when its interpreter is none that Drover knows. */
  readonly language: Language | undefined;
};

type Settings = {
  /** Names of rules that are switched off. */
  readonly disabled?: readonly string[];
};

/** Judges a script as it will be sent. */
export function judgeScript({ text, language }: Script, { disabled = [] }: Settings = {}): Judgement {
  const inquiry = new Inquiry(text, new Set(disabled));
  if (language === undefined) {
    inquiry.hit(structureRules.unreadable, 'an interpreter that Drover does not know');
  } else if (checkRaw(text, inquiry)) {
    const clean = text
      .replace(/^\uFEFF/, '')
      .replaceAll('\r\n', '\n')
      .replace(/\0.*/s, (rest) => rest.replaceAll('\0', ''));
    const scene = { state: new ShellState(), input: { text: null } };
    try {
      new Desk(inquiry).runText(language, clean, scene);
    } catch (error) {
      // A judge that fails has understood nothing, so somebody has to look.
      const isKnown = error instanceof BudgetSpent || error instanceof RangeError;
      const said = error instanceof Error ? error.message : String(error);
      inquiry.hit(isKnown ? structureRules.tooMuch : structureRules.unreadable, said);
    }
  }
  return judgementOf(inquiry.hits, inquiry.commands);
}

/** Joins the readers of all languages. */
class Desk implements Bench {
  readonly inquiry: Inquiry;

  constructor(inquiry: Inquiry) {
    this.inquiry = inquiry;
  }

  runText(language: Language, text: string, scene: Scene): Outcome {
    this.inquiry.spend();
    switch (language) {
      case 'shell':
        return this.#runShell(text, scene);
      case 'sql':
        judgeSql(text, { scene, bench: this });
        return nothing;
      case 'powershell':
        return judgePowershell(text, { scene, bench: this });
      case 'cmd':
        return judgeCmd(text, { scene, bench: this });
      default:
        judgeCode(text, language, { scene, bench: this });
        return nothing;
    }
  }

  runScript(script: Parameters<Bench['runScript']>[0], scene: Scene): Outcome {
    return runScript(script, scene, this);
  }

  runWords(words: readonly string[], scene: Scene): Outcome {
    return runWords(words, scene, this);
  }

  wrote(path: string, text: string, scene: Scene): void {
    judgePlanted(path, text, { scene, bench: this });
  }

  #runShell(text: string, scene: Scene): Outcome {
    const outcome = runScript(parse(text), scene, this);
    // What is only defined may be called by whoever reads this file.
    for (const body of scene.state.functions.values()) {
      if (!this.inquiry.called.has(body)) {
        this.inquiry.called.add(body);
        this.inquiry.uncalled(() => void runBody(body, { state: uncalledState(scene), input: { text: null } }, this));
      }
    }
    return outcome;
  }
}

/** A function that nobody called here gets its words from whoever does. */
function uncalledState({ state }: Scene): ShellState {
  const copy = state.copy();
  copy.words = null;
  return copy;
}
