import type { TargetFields } from '#contract/target';
import { DroverError } from '#contract/errors';

/** More targets than this in one text are refused. */
export const mostTargets = 20_000;

/** What a text says of a target beside its name and address; what it does not say is absent. */
export type FoundFields = Partial<Omit<TargetFields, 'name' | 'address'>>;

/** One target as a text names it, before anything is known of those that are stored. */
export type FoundTarget = {
  /** From 1; 0 when it has no one line. */
  readonly line: number;
  /** As the text writes it. */
  readonly label: string;
  /** Whether the text gives it a name; a bare address is only known by where it is. */
  readonly named: boolean;
  readonly address: string;
  readonly fields: FoundFields;
  /** Why it cannot be taken; null when it can. */
  readonly problem: string | null;
  /** It is the machine the node runs on, which needs no import. */
  readonly local: boolean;
};

/** A target that cannot be taken. */
export function unusable(line: number, label: string, problem: string): FoundTarget {
  return { line, label, named: true, address: '', fields: {}, problem, local: false };
}

/** Sentences about what a text says and Drover does not use, each once with what it is about. */
export class ImportNotes {
  readonly #subjects = new Map<string, Set<string>>();

  add(sentence: string, subject?: string): void {
    const subjects = this.#subjects.get(sentence) ?? new Set();
    this.#subjects.set(sentence, subjects);
    if (subject !== undefined) {
      subjects.add(subject.slice(0, 200));
    }
  }

  list(): string[] {
    return [...this.#subjects].map(([sentence, subjects]) => {
      const shown = [...subjects].slice(0, 20).join(', ');
      const more = subjects.size > 20 ? ` and ${subjects.size - 20} more` : '';
      return subjects.size === 0 ? sentence : `${sentence}: ${shown}${more}`;
    });
  }
}

/** A valid target name that is as near to `text` as can be. */
export function toTargetName(text: string): string {
  const name = text
    .replaceAll(/[^A-Za-z0-9._ -]/g, '-')
    .slice(0, 128)
    .replace(/^[^A-Za-z0-9_]+/, '');
  // By hand: a pattern at the end of a text is tried at every place.
  let end = name.length;
  while (end > 0 && '.- '.includes(name.charAt(end - 1))) {
    end -= 1;
  }
  return name.slice(0, end) || 'target';
}

export function tooManyTargets(): DroverError {
  return new DroverError('too-large', `The text names more than ${mostTargets} targets: import it in parts`);
}
