export type PaletteEntry = {
  readonly id: string;
  readonly kind: 'page' | 'run' | 'command';
  readonly text: string;
  readonly hint: string;
  readonly act: () => void;
};

/** Every word typed stands somewhere in the entry. */
export function fits(entry: Pick<PaletteEntry, 'text' | 'hint'>, typed: string): boolean {
  const text = `${entry.text} ${entry.hint}`.toLowerCase();
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** The number somebody typed, as `12` or `#12`. */
export function typedNumber(typed: string): number | null {
  const digits = /^#?(\d{1,15})$/.exec(typed.trim())?.[1];
  return digits === undefined || Number(digits) === 0 ? null : Number(digits);
}
