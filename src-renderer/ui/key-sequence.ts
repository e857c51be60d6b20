export type KeyPress = {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
};

/** `mod+k`, `shift+f3`, `g`, `?`; Ctrl and Cmd are both `mod`. */
export function chordOf(press: KeyPress): string {
  const key = press.key === ' ' ? 'space' : press.key.toLowerCase().replace(/^arrow/, '');
  const shifted = press.shiftKey && key.length > 1;
  return [press.ctrlKey || press.metaKey ? 'mod' : '', press.altKey ? 'alt' : '', shifted ? 'shift' : '', key]
    .filter((part) => part !== '')
    .join('+');
}

/** Keys that must not be taken from somebody who types: everything without Ctrl, Cmd or a function key. */
export const isPlainChord = (chord: string): boolean => !/^(mod\+|alt\+|(shift\+)?f\d)/.test(chord);

const patienceMs = 1_200;

/** Finds the longest of `wanted` that ends with this press; `g q` are two presses within 1.2 s. */
export class KeySequence {
  #before: { chord: string; at: number } | null = null;

  press(chord: string, at: number, wanted: ReadonlySet<string>): string | null {
    const pair = this.#before && at - this.#before.at <= patienceMs ? `${this.#before.chord} ${chord}` : null;
    this.#before = { chord, at };
    if (pair !== null && wanted.has(pair)) {
      this.#before = null;
      return pair;
    }
    return wanted.has(chord) ? chord : null;
  }

  forget(): void {
    this.#before = null;
  }
}
