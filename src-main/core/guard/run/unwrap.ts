import { readOptions } from '../rules/options.ts';
import type { Wrapper } from './wrappers.ts';

/** The command inside the words of a wrapper; empty when there is none. */
export function unwrap(args: readonly string[], wrapper: Wrapper): readonly string[] {
  if (wrapper.afterDashes) {
    const at = args.indexOf('--');
    return at < 0 ? [] : args.slice(at + 1);
  }
  if (wrapper.after) {
    const { after } = wrapper;
    const at = args.findIndex((word) => after.test(word));
    // The sign is a word of the wrapper, or the command itself.
    const isCommand = /^[/a-z]/.test(args[at] ?? '') && !/^(record|stat|trace|run|exec)$/.test(args[at] ?? '');
    return at < 0 ? [] : args.slice(isCommand ? at : at + 1 + (wrapper.skip ?? 0));
  }
  return args.slice(skipOptions(args, wrapper));
}

/** How many words stand before the command. */
function skipOptions(args: readonly string[], wrapper: Wrapper): number {
  const { skip = 0, settings } = wrapper;
  let at = 0;
  for (let word = args[0]; word !== undefined && isOwn(word, wrapper); word = args[at]) {
    at += widthOf(word, wrapper);
    if (word === '--') {
      break;
    }
  }
  at += skip;
  return at + (settings && /^\w+=/.test(args[at] ?? '') ? 1 : 0);
}

function isOwn(word: string, { settings }: Wrapper): boolean {
  return /^-./.test(word) || (settings === true && /^\w+=/.test(word));
}

/** An option, perhaps with its value in the next word. */
function widthOf(word: string, { letters = '', long = [] }: Wrapper): number {
  const takes = word.startsWith('--') ? long.includes(word.slice(2)) : /^-./.test(word) && takesNext(word, letters);
  return takes ? 2 : 1;
}

/** The last letter of a bundle that takes a value takes the next word. */
function takesNext(word: string, letters: string): boolean {
  const [first = ''] = Array.from(word.slice(1)).filter((letter) => letters.includes(letter));
  return first !== '' && word.endsWith(first);
}

/** What `-x VALUE` or `--name VALUE` holds; the other letters take a value as well. */
export function optionValue(args: readonly string[], letters: string, ...long: readonly string[]): string | undefined {
  const [first = ''] = letters;
  return readOptions(args, { letters, long })
    .valuesOf(first, ...long)
    .at(-1);
}
