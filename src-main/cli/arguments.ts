/** One command line, taken apart: what is Drover's own, and the words behind the first `--` of `exec`. */
type Arguments = { readonly own: readonly string[]; readonly words: readonly string[] };

/** Reads `argv` so far that the parser of options sees only what is its own. */
export function splitArguments(argv: readonly string[]): Arguments {
  const { leading, rest } = leadingOptions(argv);
  // What stands behind -- of exec belongs to the targets, and no option parser may look at it.
  const end = rest.indexOf('--');
  const isExec = rest[0] === 'exec' && end >= 0;
  const words = isExec ? rest.slice(end + 1) : [];
  const operands = end >= 0 && !isExec ? rest.slice(end) : [];
  const own = end >= 0 ? rest.slice(0, end) : rest;
  return { own: [...own.map(sudoAlone), ...leading, ...operands], words };
}

/** `--data DIR` and `--json` before the name of the command mean what they mean behind it. */
function leadingOptions(argv: readonly string[]): { leading: readonly string[]; rest: readonly string[] } {
  const [first = ''] = argv;
  const taken = first === '--data' ? 2 : first === '--json' || first.startsWith('--data=') ? 1 : 0;
  if (taken === 0) {
    return { leading: [], rest: argv };
  }
  const { leading, rest } = leadingOptions(argv.slice(taken));
  return { leading: [...argv.slice(0, taken), ...leading], rest };
}

/** A bare `--sudo` means root; a parser would take the next word for the account. */
function sudoAlone(word: string): string {
  return word === '--sudo' ? '--sudo=root' : word;
}
