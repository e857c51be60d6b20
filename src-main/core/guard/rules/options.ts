/** Words of a command as GNU programs read them: options anywhere, bundled letters, abbreviated long names. */
export type Options = {
  /** A letter, or any beginning of the long name, was given. */
  has(...names: readonly string[]): boolean;
  /** What was given with an option. */
  valuesOf(...names: readonly string[]): readonly string[];
  readonly operands: readonly string[];
};

type Spec = {
  /** Letters that take a value, and long names that take one in the next word. */
  readonly letters?: string | undefined;
  readonly long?: readonly string[] | undefined;
};

export function readOptions(args: readonly string[], { letters = '', long = [] }: Spec = {}): Options {
  const given: { name: string; value: string | undefined }[] = [];
  const operands: string[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? '';
    if (word === '--') {
      operands.push(...args.slice(at + 1));
      break;
    }
    if (word.startsWith('--')) {
      at += readLong(word.slice(2), { next: args[at + 1], long, given });
    } else if (word.startsWith('-') && word.length > 1) {
      at += readShort(word.slice(1), { next: args[at + 1], letters, given });
    } else {
      operands.push(word);
    }
  }
  const isOne = (name: string, names: readonly string[]): boolean =>
    names.some((known) => name === known || (known.length > 1 && name.length > 1 && known.startsWith(name)));
  return {
    has: (...names) => given.some(({ name }) => isOne(name, names)),
    valuesOf: (...names) =>
      given.flatMap(({ name, value }) => (value !== undefined && isOne(name, names) ? [value] : [])),
    operands,
  };
}

type Given = { name: string; value: string | undefined }[];

/** So many more words were used. */
function readLong(
  text: string,
  { next, long, given }: { next: string | undefined; long: readonly string[]; given: Given },
): number {
  const equals = text.indexOf('=');
  if (equals >= 0) {
    given.push({ name: text.slice(0, equals), value: text.slice(equals + 1) });
    return 0;
  }
  const takesNext = long.some((name) => name === text || (text.length > 2 && name.startsWith(text)));
  given.push({ name: text, value: takesNext ? next : undefined });
  return takesNext ? 1 : 0;
}

function readShort(
  text: string,
  { next, letters, given }: { next: string | undefined; letters: string; given: Given },
): number {
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at] ?? '';
    if (letters.includes(letter)) {
      const rest = text.slice(at + 1);
      given.push({ name: letter, value: rest === '' ? next : rest });
      return rest === '' ? 1 : 0;
    }
    given.push({ name: letter, value: undefined });
  }
  return 0;
}
